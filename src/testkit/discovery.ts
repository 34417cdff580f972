/**
 * Lists tests without running them: the bodies of blocks are run, hooks and tests are not. Each file runs in its own Lua state, and its
 * output is discarded.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Collector, namesOf, type Block, type TestCase } from './collect.js'
import { loadTestFile } from './load-file.js'
import type { RunnerOptions } from './options.js'
import type { Problem } from './problem.js'
import { TestSelection } from './selection.js'
import { makeVm, DEFAULT_TIMEOUT } from './vm.js'
import { isVtc, vtcTestCase } from './vtc-file.js'

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
  /** number of tests, including those filtered out */
  readonly seen: number
  /** blocks and files that failed, one line each */
  readonly problems: readonly string[]
}

/** Lists the tests that a run with these options would run, in declaration order. */
export const listTests = (files: readonly string[], options: Options): Listing => {
  const found = files.map((file) => ({ file, ...(isVtc(file) ? discoverVtc(file, options) : discover(file, options)) }))
  return {
    tests: found.flatMap(({ file, tests }) => {
      const selection = new TestSelection(file, options)
      return tests
        .filter((test) => selection.includes(test))
        .map((test) => ({ file, names: namesOf(test), where: test.where }))
    }),
    seen: found.reduce((sum, { tests }) => sum + tests.length, 0),
    problems: found.flatMap(({ problems }) => problems),
  }
}

/** A file with focused tests. */
export interface FocusedFile {
  readonly file: string
  /** full names of the focused tests */
  readonly names: readonly string[]
  /** location of the first focus: `file.lua:12` */
  readonly where: string
}

const FOCUS_FUNCTION = /\bf(?:describe|context|insulate|expose|it|spec|test)\b/

/** Finds the files with focused tests. Files whose text contains no focus function are not loaded. */
export const findFocus = (files: readonly string[], options: Options): FocusedFile[] =>
  files
    .filter((file) => !isVtc(file) && mayHaveFocus(resolve(options.directory ?? '.', file)))
    .flatMap((file) => {
      const { root, tests } = discover(file, options)
      const focused = tests.filter((test) => isFocused(test))
      if (focused.length === 0) return []
      return [{ file, names: focused.map((test) => namesOf(test).join(' ')), where: firstFocus(root)! }]
    })

const mayHaveFocus = (path: string): boolean => {
  try {
    return FOCUS_FUNCTION.test(readFileSync(path, 'utf8'))
  } catch {
    // reported when the file is run
    return false
  }
}

/** Whether a test is focused, either itself or by an enclosing block without more specific focus. */
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

const discoverVtc = (file: string, options: Options): Pick<Discovered, 'tests' | 'problems'> => ({
  tests: [vtcTestCase(file, options)],
  problems: [],
})

interface Discovered {
  readonly root: Block
  readonly tests: readonly TestCase[]
  readonly problems: readonly string[]
}

const discover = (file: string, options: Options): Discovered => {
  const vm = makeVm(file, { ...options, print: () => {}, onSimulation: () => {} })
  const collector = new Collector(vm)
  vm.installSnapshots(() => ({ kind: 'error', message: 'matches_snapshot was called outside of a test' }))
  const call = (reference: number) => vm.call(reference, options.timeout ?? DEFAULT_TIMEOUT)
  const tests: TestCase[] = []
  const problems: string[] = []
  const addProblem = (problem: Problem | undefined, where: string) => {
    if (problem && problem.kind !== 'pending') problems.push(`${problem.where ?? where}: ${problem.message}`)
  }
  const visit = (block: Block) => {
    const restore = block.kind === 'insulate' ? vm.insulate() : undefined
    collector.current = block
    addProblem(call(block.body), block.where ?? file)
    collector.current = undefined
    for (const child of block.children)
      if (child.kind === 'test') tests.push(child)
      else visit(child)
    restore?.()
  }
  const { block: root, problem } = loadTestFile({ vm, collector }, file, options, call)
  addProblem(problem, file)
  if (!problem) visit(root)
  return { root, tests, problems }
}
