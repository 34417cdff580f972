/** What happens in the state of a test file before its blocks: statements of the command line, the helper, and the file is loaded. */
import { makeBlock, type Block, type Collector } from './collect.js'
import type { FileOptions } from './options.js'
import type { Problem } from './problem.js'
import type { NotCompiled, TestVm } from './vm.js'

export interface Opening {
  readonly block: Block
  /** why the file cannot be run */
  readonly problem?: Problem
}

/** @param call runs a function by its reference; hooks that a helper sets are those of the file */
export const openFile = (
  { vm, collector }: { readonly vm: TestVm; readonly collector: Collector },
  file: string,
  { statements = [], helper }: Pick<FileOptions, 'statements' | 'helper'>,
  call: (reference: number) => Problem | undefined,
): Opening => {
  const body = vm.load(file)
  const block = makeBlock({
    kind: 'file',
    name: file,
    where: undefined,
    body: typeof body === 'number' ? body : 0,
    parent: undefined,
    focused: false,
  })
  if (typeof body !== 'number') return { block, problem: asProblem(body) }
  const before = [
    ...statements.map((statement) => ({ name: '-e', body: vm.loadText(statement, '=(-e)') })),
    ...(helper === undefined
      ? []
      : [
          {
            name: `helper ${helper}`,
            body: helper.endsWith('.lua')
              ? vm.load(helper)
              : vm.loadText(`require(${JSON.stringify(helper)})`, '=(helper)'),
          },
        ]),
  ]
  collector.current = block
  let problem: Problem | undefined
  for (const each of before) {
    problem = typeof each.body === 'number' ? call(each.body) : asProblem(each.body)
    if (problem) {
      problem = { ...problem, kind: 'error', message: `in ${each.name}: ${problem.message}` }
      break
    }
  }
  collector.current = undefined
  return { block, ...(problem && { problem }) }
}

/** An error of Lua's compiler begins with its place. */
const asProblem = ({ error, frame }: NotCompiled): Problem => {
  const [, where] = /^(.*?:\d+): /.exec(error) ?? []
  const message = where ? error.slice(where.length + 2) : error
  return { kind: 'error', message, where, ...(frame && { frames: [frame] }) }
}
