/**
 * What tests there are, without running them: bodies of blocks run, hooks and tests do not. Each file is looked at in a state
 * of its own, whose output nobody sees.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Collector, namesOf, type Block, type TestCase } from './collect.js'
import { openFile } from './opening.js'
import type { RunnerOptions } from './options.js'
import type { Problem } from './problem.js'
import { Selection } from './selection.js'
import { makeVm, USUAL_TIMEOUT } from './vm.js'

type Options = Omit<RunnerOptions, 'reporter'>

export interface ListedTest {
  readonly file: string
  /** from the outermost `describe` to the test */
  readonly names: readonly string[]
  /** `file.lua:12` */
  readonly where: string | undefined
}

export interface Listing {
  readonly tests: readonly ListedTest[]
  /** how many there are, those included that are left out */
  readonly seen: number
  /** blocks and files that failed, a line each */
  readonly problems: readonly string[]
}

/** The tests that a run with these options would run, in the order in which files name them. */
export const listTests = (files: readonly string[], options: Options): Listing => {
  const looks = files.map((file) => ({ file, ...lookInto(file, options) }))
  return {
    tests: looks.flatMap(({ file, tests }) => {
      const selection = new Selection(file, options)
      return tests
        .filter((test) => selection.wants(test))
        .map((test) => ({ file, names: namesOf(test), where: test.where }))
    }),
    seen: looks.reduce((sum, { tests }) => sum + tests.length, 0),
    problems: looks.flatMap(({ problems }) => problems),
  }
}

/** A file in which some tests are focused. */
export interface FocusedFile {
  readonly file: string
  /** full names of these tests */
  readonly names: readonly string[]
  /** where the first word with an f is used: `file.lua:12` */
  readonly where: string
}

const FOCUS_WORD = /\bf(?:describe|context|insulate|expose|it|spec|test)\b/

/** The files with focused tests. Those whose text has none of the words are not looked into. */
export const findFocus = (files: readonly string[], options: Options): FocusedFile[] =>
  files
    .filter((file) => hasFocusWord(resolve(options.directory ?? '.', file)))
    .flatMap((file) => {
      const { root, tests } = lookInto(file, options)
      const focused = tests.filter((test) => isFocused(test))
      if (focused.length === 0) return []
      return [{ file, names: focused.map((test) => namesOf(test).join(' ')), where: firstFocus(root)! }]
    })

const hasFocusWord = (path: string): boolean => {
  try {
    return FOCUS_WORD.test(readFileSync(path, 'utf8'))
  } catch {
    // the run says what is wrong with it
    return false
  }
}

/** By itself, or by a block around it in which nothing is focused more closely. */
const isFocused = (test: TestCase): boolean => {
  if (test.focused) return true
  for (let block: Block | undefined = test.parent; block; block = block.parent)
    if (block.focused) return !block.children.some(hasFocus)
  return false
}

const hasFocus = (node: Block | TestCase): boolean =>
  node.focused || (node.kind !== 'test' && node.children.some(hasFocus))

const firstFocus = (node: Block | TestCase): string | undefined => {
  if (node.focused) return node.where ?? ''
  if (node.kind === 'test') return undefined
  for (const child of node.children) {
    const found = firstFocus(child)
    if (found !== undefined) return found
  }
  return undefined
}

interface Look {
  readonly root: Block
  readonly tests: readonly TestCase[]
  readonly problems: readonly string[]
}

const lookInto = (file: string, options: Options): Look => {
  const vm = makeVm(file, { ...options, print: () => {}, made: () => {} })
  const collector = new Collector(vm)
  vm.installSnapshots(() => ({ kind: 'error', message: 'matches_snapshot stands outside of a test' }))
  const call = (reference: number) => vm.call(reference, options.timeout ?? USUAL_TIMEOUT)
  const tests: TestCase[] = []
  const problems: string[] = []
  const note = (problem: Problem | undefined, where: string) => {
    if (problem && problem.kind !== 'pending') problems.push(`${problem.where ?? where}: ${problem.message}`)
  }
  const visit = (block: Block) => {
    const restore = block.kind === 'insulate' ? vm.insulate() : undefined
    collector.current = block
    note(call(block.body), block.where ?? file)
    collector.current = undefined
    for (const child of block.children)
      if (child.kind === 'test') tests.push(child)
      else visit(child)
    restore?.()
  }
  const { block: root, problem } = openFile({ vm, collector }, file, options, call)
  note(problem, file)
  if (!problem) visit(root)
  return { root, tests, problems }
}
