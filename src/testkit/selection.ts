/** Selects the tests of a file by name, tags, focus, or token. */
import { decodeToken, TokenError } from '../explore/index.js'
import { namesOf, type Block, type TestCase } from './collect.js'
import type { FileOptions } from './options.js'

/** The scenario name of a test in tokens. */
export const testScenarioName = (file: string, test: TestCase): string => `${file}: ${namesOf(test).join(' ')}`

export class TestSelection {
  readonly #file: string
  readonly #options: Pick<FileOptions, 'filter' | 'filterOut' | 'tags' | 'excludeTags' | 'focus' | 'replay'>

  constructor(file: string, { filter, filterOut, tags, excludeTags, focus, replay }: FileOptions) {
    this.#file = file
    this.#options = { filter, filterOut, tags, excludeTags, focus, replay }
  }

  /** Whether all tests are selected. */
  get isAll(): boolean {
    return Object.values(this.#options).every((each) => each === undefined)
  }

  includes(test: TestCase): boolean {
    const { filter, filterOut, tags, excludeTags, focus, replay } = this.#options
    const name = namesOf(test).join(' ')
    const own: readonly string[] = [...name.matchAll(/#([\w-]+)/g)].map(([, tag]) => tag!)
    if (focus && !focus.includes(name)) return false
    if (filter && !filter.some((each) => each.test(name))) return false
    if (filterOut?.some((each) => namesAround(test).some((around) => each.test(around)))) return false
    if (tags && !tags.some((tag) => own.includes(tag))) return false
    if (excludeTags?.some((tag) => own.includes(tag))) return false
    return replay === undefined || isTokenFor(replay, testScenarioName(this.#file, test))
  }
}

/** The full names of a test and its enclosing blocks: skipping a block skips all its tests. */
const namesAround = (node: TestCase | Block): string[] =>
  node.kind === 'file' ? [] : [namesOf(node).join(' '), ...namesAround(node.parent!)]

const isTokenFor = (token: string, scenario: string): boolean => {
  try {
    decodeToken(scenario, token)
    return true
  } catch (error) {
    if (error instanceof TokenError) return false
    throw error
  }
}
