/** Which tests of a file are wanted: by their names, their tags, a focus on some, or the token that one was printed for. */
import { decodeToken, TokenError } from '../explore/index.js'
import { namesOf, type Block, type TestCase } from './collect.js'
import type { FileOptions } from './options.js'

/** What tokens know a test by. */
export const scenarioName = (file: string, test: TestCase): string => `${file}: ${namesOf(test).join(' ')}`

export class Selection {
  readonly #file: string
  readonly #options: Pick<FileOptions, 'filter' | 'filterOut' | 'tags' | 'excludeTags' | 'focus' | 'replay'>

  constructor(file: string, { filter, filterOut, tags, excludeTags, focus, replay }: FileOptions) {
    this.#file = file
    this.#options = { filter, filterOut, tags, excludeTags, focus, replay }
  }

  /** Nothing is left out. */
  get isAll(): boolean {
    return Object.values(this.#options).every((each) => each === undefined)
  }

  wants(test: TestCase): boolean {
    const { filter, filterOut, tags, excludeTags, focus, replay } = this.#options
    const name = namesOf(test).join(' ')
    const own: readonly string[] = [...name.matchAll(/#([\w-]+)/g)].map(([, tag]) => tag!)
    if (focus && !focus.includes(name)) return false
    if (filter && !filter.some((each) => each.test(name))) return false
    if (filterOut?.some((each) => namesAround(test).some((around) => each.test(around)))) return false
    if (tags && !tags.some((tag) => own.includes(tag))) return false
    if (excludeTags?.some((tag) => own.includes(tag))) return false
    return replay === undefined || isTokenOf(replay, scenarioName(this.#file, test))
  }
}

/** The name of the test and those of the blocks around it: a block that is left out is left out with all that is in it. */
const namesAround = (node: TestCase | Block): string[] =>
  node.kind === 'file' ? [] : [namesOf(node).join(' '), ...namesAround(node.parent!)]

const isTokenOf = (token: string, scenario: string): boolean => {
  try {
    decodeToken(scenario, token)
    return true
  } catch (error) {
    if (error instanceof TokenError) return false
    throw error
  }
}
