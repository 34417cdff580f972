/** What plays of the same test can share: exploring plays it thousands of times. */
import type { Configuration } from '../config/index.js'
import { compileRegex, isRegexError, type Regex } from '../regex/index.js'
import { Failure } from './failure.js'

export class Prepared {
  readonly #regexes = new Map<string, Regex>()
  readonly #configurations = new Map<string, Configuration>()

  /** A compiled regular expression. Throws a {@link Failure} if it is invalid. */
  regex(pattern: string): Regex {
    const known = this.#regexes.get(pattern)
    if (known) return known
    const regex = compileRegex(pattern)
    if (isRegexError(regex)) throw new Failure(`REGEXP error: ${regex.error}`)
    this.#regexes.set(pattern, regex)
    return regex
  }

  /** The configuration that was read earlier from the same text with the same environment. */
  configuration(text: string): Configuration | undefined {
    return this.#configurations.get(text)
  }

  keep(text: string, configuration: Configuration): void {
    this.#configurations.set(text, configuration)
  }
}
