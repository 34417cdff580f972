/** Searches subjects for matches of a program. */
import { MatchMachine } from './machine.js'
import { ENDED, FAILED, MATCHED } from './outcome.js'
import type { RegexProgram } from './program.js'
import { run } from './run.js'
import { startSearch, type StartSearch } from './start-search.js'

export class Matcher {
  readonly #machine: MatchMachine
  readonly #next: StartSearch
  readonly #required: readonly string[]

  constructor(readonly program: RegexProgram) {
    this.#machine = new MatchMachine(program)
    this.#next = startSearch(program)
    this.#required = program.required.map((byte) => String.fromCharCode(byte))
  }

  /**
   * The offsets of the whole match and of each group, -1 for groups that did not participate; undefined: no match.
   *
   * @param notBol whether `^` does not match at the start of the subject (PCRE2_NOTBOL)
   * @param from where a match is known to start, or 0
   */
  match(text: string, notBol = false, from = 0): Int32Array | undefined {
    const { program } = this
    this.#machine.notBol = notBol
    for (const byte of this.#required) if (!text.includes(byte)) return undefined
    for (let start = from > 0 ? from : this.#next(text, 0); start >= 0;) {
      const outcome = run(this.#machine, text, start)
      if (outcome === MATCHED) {
        const captures = this.#machine.registers.slice(0, 2 * (program.groups + 1))
        // \K can have moved the start past the end, which is an error
        return captures[0]! > captures[1]! ? undefined : captures
      }
      if (outcome === ENDED) return undefined
      start = this.#next(text, outcome === FAILED ? start + 1 : outcome)
    }
    return undefined
  }
}
