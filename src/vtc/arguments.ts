/** The words of a command that is executed: macros are expanded, and words are read one after the other. */
import { Failure } from './failure.js'
import type { Macros } from './reader/macros.js'
import type { CommandText, Source, Word } from './reader/words.js'

/** Expands the words of a command. Throws a `MacroProblem`. */
export const readArguments = ({ words }: CommandText, file: string, macros: Macros): Arguments =>
  new Arguments(
    words.map(({ text, line }) => ({ text: macros.expand(text), line })),
    file,
  )

export class Arguments {
  #at = 1

  constructor(
    readonly words: readonly Word[],
    readonly file: string,
  ) {}

  /** The name of the command. */
  get name(): string {
    return this.words[0]!.text
  }

  /** The line of the command. */
  get line(): number {
    return this.words[0]!.line
  }

  /** The words after those that were read. */
  get rest(): readonly Word[] {
    return this.words.slice(this.#at)
  }

  /** The next word without reading it; undefined at the end. */
  get peek(): string | undefined {
    return this.words[this.#at]?.text
  }

  /** Reads the next word; undefined at the end. */
  next(): string | undefined {
    return this.words[this.#at++]?.text
  }

  /** Reads a word that must be there. @param what it is: `the number of bytes` */
  text(what: string): string {
    return this.#word(what).text
  }

  /** Reads a script. */
  source(what: string): Source {
    const { text, line } = this.#word(what)
    return { text, line, file: this.file }
  }

  /** The last word that was read, as a script. */
  get lastSource(): Source {
    const { text, line } = this.words[this.#at - 1]!
    return { text, line, file: this.file }
  }

  /** Reads a number that is not negative, as `strtoul` does. */
  count(what: string): number {
    const word = this.text(what)
    const value = /^0x[0-9a-f]+$/i.test(word) || /^\d+$/.test(word) ? Number(word) : NaN
    if (!Number.isSafeInteger(value)) throw new Failure(`${this.name}: '${word}' is not a number (${what})`)
    return value
  }

  /** Fails if words are left. */
  end(): void {
    const left = this.peek
    if (left !== undefined) throw new Failure(`${this.name}: unexpected word '${shortened(left)}'`)
  }

  #word(what: string): Word {
    const word = this.words[this.#at++]
    if (word === undefined) throw new Failure(`${this.name}: missing ${what}`)
    return word
  }
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}...` : text)

/** `VNUM` of varnishtest: a decimal number; NaN for other texts. */
export const decimal = (text: string): number =>
  /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : NaN
