/** Prepares the state of a test file: statements of the command line, the helper, and loading the file. */
import { makeBlock, type Block, type Collector } from './collect.js'
import type { FileOptions } from './options.js'
import type { Problem } from './problem.js'
import type { CompileError, TestVm } from './vm.js'

export interface LoadedFile {
  readonly block: Block
  /** why the file cannot be run */
  readonly problem?: Problem
}

/**
 * Loads a file. Hooks declared by a helper belong to the file.
 *
 * @param call calls a function by its reference
 */
export const loadTestFile = (
  { vm, collector }: { readonly vm: TestVm; readonly collector: Collector },
  file: string,
  { statements = [], helper }: Pick<FileOptions, 'statements' | 'helper'>,
  call: (reference: number) => Problem | undefined,
): LoadedFile => {
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

/** Converts a compile error, which starts with its location. */
const asProblem = ({ error, frame }: CompileError): Problem => {
  const [, where] = /^(.*?:\d+): /.exec(error) ?? []
  const message = where ? error.slice(where.length + 2) : error
  return { kind: 'error', message, where, ...(frame && { frames: [frame] }) }
}
