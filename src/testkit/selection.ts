/** Which tests of a file are wanted: by their names, their tags, or the token that one was printed for. */
import { decodeToken, TokenError } from '../explore/index.js'
import { namesOf, type TestCase } from './collect.js'
import type { FileOptions } from './options.js'

/** What tokens know a test by. */
export const scenarioName = (file: string, test: TestCase): string => `${file}: ${namesOf(test).join(' ')}`

export class Selection {
  readonly #file: string
  readonly #options: Pick<FileOptions, 'filter' | 'tags' | 'excludeTags' | 'replay'>

  constructor(file: string, { filter, tags, excludeTags, replay }: FileOptions) {
    this.#file = file
    this.#options = { filter, tags, excludeTags, replay }
  }

  /** Nothing is left out. */
  get isAll(): boolean {
    return Object.values(this.#options).every((each) => each === undefined)
  }

  wants(test: TestCase): boolean {
    const { filter, tags, excludeTags, replay } = this.#options
    const name = namesOf(test).join(' ')
    const own: readonly string[] = [...name.matchAll(/#([\w-]+)/g)].map(([, tag]) => tag!)
    if (filter && !filter.test(name)) return false
    if (tags && !tags.some((tag) => own.includes(tag))) return false
    if (excludeTags?.some((tag) => own.includes(tag))) return false
    return replay === undefined || isTokenOf(replay, scenarioName(this.#file, test))
  }
}

const isTokenOf = (token: string, scenario: string): boolean => {
  try {
    decodeToken(scenario, token)
    return true
  } catch (error) {
    if (error instanceof TokenError) return false
    throw error
  }
}
