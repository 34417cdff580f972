/**
 * The syntax of varnishtest's language (`parse_string` in VTest's src/vtc.c): a script is a list of commands, one a line; a command is a
 * list of words, which are separated by blanks. A word in double quotes may have escapes, a word in braces may have several lines and
 * braces inside. A backslash at the end of a line continues the command, `#` in place of a command begins a comment. Texts are byte strings.
 */

/** A part of a script: its text, and where it begins. */
export interface Source {
  readonly text: string
  readonly file: string
  /** the number of its first line */
  readonly line: number
}

/** A word of a command. */
export interface Word {
  readonly text: string
  /** the number of the line on which it begins */
  readonly line: number
}

/** A command with its words; there is at least one. */
export interface CommandText {
  readonly words: readonly Word[]
  readonly line: number
  /** where the text continues after the command */
  readonly end: number
}

/** A text that is not a command. */
export class SyntaxProblem extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message)
  }
}

/** As `isspace` in C. */
const SPACE = /[ \t\n\v\f\r]/
const isSpace = (character: string | undefined): boolean => character !== undefined && SPACE.test(character)

/** The number of words that varnishtest accepts. */
const MAX_WORDS = 200

/**
 * Reads the commands of a text one after the other, so that what follows a command is read only once it has been executed.
 * {@link next} throws a {@link SyntaxProblem}.
 */
export class CommandReader {
  #at = 0
  #line: number

  constructor(readonly source: Source) {
    this.#line = source.line
  }

  /** The next command; undefined at the end of the text. */
  next(): CommandText | undefined {
    const { text } = this.source
    for (;;) {
      while (isSpace(text[this.#at])) this.#advance()
      if (this.#at >= text.length) return undefined
      if (text[this.#at] !== '#') break
      while (this.#at < text.length && text[this.#at] !== '\n') this.#at++
    }
    const line = this.#line
    const words: Word[] = []
    for (;;) {
      const word = this.#word()
      if (word === undefined) break
      words.push(word)
      if (words.length >= MAX_WORDS) throw new SyntaxProblem(line, `a command has at most ${MAX_WORDS - 1} words`)
    }
    return words.length === 0 ? this.next() : { words, line, end: this.#at }
  }

  /** The next word of the command; undefined at its end. */
  #word(): Word | undefined {
    const { text } = this.source
    for (;;) {
      const character = text[this.#at]
      if (character === undefined || character === '\n') return undefined
      if (character === '\\' && text[this.#at + 1] === '\n') {
        this.#advance()
        this.#advance()
      } else if (isSpace(character)) this.#advance()
      else if (character === '"') return this.#quoted()
      else if (character === '{') return this.#braced()
      else return this.#plain()
    }
  }

  #advance(): void {
    if (this.source.text[this.#at++] === '\n') this.#line++
  }

  #plain(): Word {
    const { text } = this.source
    const start = this.#at
    while (this.#at < text.length && !isSpace(text[this.#at])) this.#at++
    return { text: text.slice(start, this.#at), line: this.#line }
  }

  #braced(): Word {
    const { text } = this.source
    const [start, line] = [this.#at + 1, this.#line]
    let depth = 0
    for (; this.#at < text.length; this.#advance()) {
      if (text[this.#at] === '{') depth++
      else if (text[this.#at] === '}' && --depth === 0) return { text: text.slice(start, this.#at++), line }
    }
    throw new SyntaxProblem(line, "the brace '{' has no matching '}'")
  }

  #quoted(): Word {
    const { text } = this.source
    const line = this.#line
    let read = ''
    for (this.#at++; this.#at < text.length;) {
      const character = text[this.#at]!
      if (character === '"') {
        this.#at++
        return { text: read, line }
      }
      if (character === '\n') break
      if (character !== '\\') {
        read += character
        this.#at++
        continue
      }
      const escape = readEscape(text, this.#at)
      if (escape === undefined)
        throw new SyntaxProblem(line, `unknown escape '${text.slice(this.#at, this.#at + 2)}' in a quoted word`)
      read += escape.value
      this.#at += escape.length
    }
    throw new SyntaxProblem(line, 'a quoted word does not end on its line')
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

/** `VAV_BackSlash`: the escape at `at`, and its length; undefined: there is no such escape. */
export const readEscape = (text: string, at: number): { value: string; length: number } | undefined => {
  const letter = text[at + 1] ?? ''
  const simple = SIMPLE_ESCAPES[letter]
  if (simple !== undefined) return { value: simple, length: 2 }
  const [octal] = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4)) ?? []
  if (octal !== undefined) return { value: String.fromCharCode(parseInt(octal, 8) & 0xff), length: 1 + octal.length }
  const [, hex] = /^x([0-9a-f]{2})/i.exec(text.slice(at + 1, at + 4)) ?? []
  return hex === undefined ? undefined : { value: String.fromCharCode(parseInt(hex, 16)), length: 4 }
}
