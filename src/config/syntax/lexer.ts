/**
 * Splits a line into words: quotes, escapes, comments and environment variables (configuration manual, sections 2.2 and 2.3;
 * parse_line in src/tools.c). Lines are byte strings, so that positions match HAProxy's; words are text.
 */
import { byteLength, fromByteString, toByteString } from '../../bytes/text.js'
import { cutAtNul } from './bytes.js'

/** Looks up an environment variable or, if the name starts with a dot, a pseudo-variable; undefined if not set. */
export type VariableLookup = (name: string) => string | undefined

/** Names of the pseudo-variables. */
const PSEUDO_VARIABLES: readonly string[] = ['.LINE', '.FILE', '.SECTION']

/** Maximum number of words in a line. */
export const MAX_LINE_ARGS = 64

/** HAProxy's error messages. */
export type LexerError =
  | 'unmatched quote'
  | 'unmatched brace in environment variable name'
  | 'forbidden first char in environment variable name'
  | 'truncated or invalid hexadecimal sequence'
  | 'truncated or invalid word expansion sequence'

/** The words of a line. */
export interface Lexed {
  readonly words: string[]
  /** the error, its position, and the position up to which HAProxy shows the text (default: all) */
  readonly error?: { readonly kind: LexerError; readonly at: number; readonly shownTo?: number | undefined }
  /** set if there are more than {@link MAX_LINE_ARGS} words: position of the last accepted one in the expanded line */
  readonly tooMany?: number
  /** the first empty word, which ends the argument list of most keywords: its number and position */
  readonly empty?: { readonly word: number; readonly at: number }
}

const SPECIAL = /["'\\#$\r\n]/
const SPACES = /[ \t\v\f]+/
const isSpace = (char: string | undefined): boolean =>
  char === ' ' || char === '\t' || char === '\n' || char === '\v' || char === '\f' || char === '\r'
const HEX = /^[0-9a-fA-F]{2}$/

/** Whether `text` has no quotes, escapes, comments and variables. */
export const isPlain = (text: string): boolean => !SPECIAL.test(text)

/** Splits a line, a byte string without its line feed. */
export const lexLine = (text: string, lookup: VariableLookup): Lexed =>
  isPlain(text) ? splitPlain(text) : new Lexer(text, lookup).run()

const splitPlain = (text: string): Lexed => {
  const words = fromByteString(text).split(SPACES)
  if (words[0] === '') words.shift()
  if (words.at(-1) === '') words.pop()
  if (words.length <= MAX_LINE_ARGS) return { words }
  const before = words.slice(0, MAX_LINE_ARGS - 1)
  return { words: words.slice(0, MAX_LINE_ARGS), tooMany: byteLength(before.join(' ')) + 2 }
}

class Lexer {
  private at = 0
  private word = ''
  private wordStart = 0
  private readonly words: string[] = []
  /** start position of each word */
  private readonly starts: number[] = []
  private quote: '"' | "'" | undefined
  private quoteAt = 0
  private failure: Lexed['error']
  /** where HAProxy ends the text when it shows it: at the brace after the first default value of a variable */
  private shownTo: number | undefined

  constructor(
    private readonly text: string,
    private readonly lookup: VariableLookup,
  ) {}

  run(): Lexed {
    const { text } = this
    while (isSpace(text[this.at])) this.at++
    this.wordStart = this.at
    while (this.at < text.length && !this.failure) {
      const char = text[this.at]!
      if (char === '\n' || char === '\r') break
      if (char === '#' && !this.quote) break
      this.step(char)
    }
    if (!this.failure && this.quote) this.fail('unmatched quote', this.quoteAt)
    if (this.at > this.wordStart && !this.trailing()) this.endWord()
    return this.result()
  }

  /** Whether only blanks follow the last separator. */
  private trailing(): boolean {
    return this.word === '' && !/["'$]/.test(this.text.slice(this.wordStart, this.at))
  }

  private result(): Lexed {
    const { words } = this
    if (this.failure) return { words, error: this.failure }
    if (words.length > MAX_LINE_ARGS) {
      const before = words.slice(0, MAX_LINE_ARGS - 1)
      return { words: words.slice(0, MAX_LINE_ARGS), tooMany: byteLength(before.join(' ')) + 2 }
    }
    const empty = words.indexOf('')
    return empty < 0 ? { words } : { words, empty: { word: empty, at: this.starts[empty]! } }
  }

  private fail(kind: LexerError, at: number, shownTo?: number): void {
    this.failure ??= { kind, at, shownTo: this.shownTo ?? shownTo }
  }

  private endWord(): void {
    this.words.push(fromByteString(cutAtNul(this.word)))
    this.starts.push(this.wordStart)
    this.word = ''
  }

  private step(char: string): void {
    if (char === '"' && this.quote !== "'") this.toggle('"')
    else if (char === "'" && this.quote !== '"') this.toggle("'")
    else if (char === '\\' && this.quote !== "'") this.escape()
    else if (isSpace(char) && !this.quote) this.separator()
    else if (char === '$' && this.quote === '"') this.variable()
    else {
      this.word += char
      this.at++
    }
  }

  private toggle(quote: '"' | "'"): void {
    if (this.quote) this.quote = undefined
    else {
      this.quote = quote
      this.quoteAt = this.at
    }
    this.at++
  }

  private separator(): void {
    this.endWord()
    while (isSpace(this.text[this.at])) this.at++
    this.wordStart = this.at
  }

  private escape(): void {
    const next = this.text[this.at + 1]
    if (next === 'x') {
      this.hexadecimal()
      return
    }
    const unescaped = this.unescape(next)
    this.word += unescaped ?? '\\'
    this.at += unescaped === undefined ? 1 : 2
  }

  /** The character of an escape sequence; undefined if the backslash is literal. */
  private unescape(next: string | undefined): string | undefined {
    switch (next) {
      case ' ':
      case '\\':
      case '#':
      case "'":
      case '"':
        return next
      case 't':
        return '\t'
      case 'n':
        return '\n'
      case 'r':
        return '\r'
      case '$':
        return this.quote === '"' ? '$' : undefined
      default:
        return undefined
    }
  }

  private hexadecimal(): void {
    const digits = this.text.slice(this.at + 2, this.at + 4)
    if (!HEX.test(digits)) {
      this.fail('truncated or invalid hexadecimal sequence', this.at)
      return
    }
    this.word += String.fromCharCode(parseInt(digits, 16))
    this.at += 4
  }

  private variable(): void {
    const { text } = this
    this.at++
    const brace = text[this.at] === '{' ? this.at++ : -1
    const nameAt = this.at
    const name = /^\.?\w*/.exec(text.slice(nameAt))![0]
    const pseudo = name.startsWith('.')
    if (!/^[a-zA-Z_.]/.test(text[nameAt] ?? '') || (pseudo && !PSEUDO_VARIABLES.includes(name))) {
      this.fail('forbidden first char in environment variable name', nameAt, pseudo ? nameAt + name.length : undefined)
      return
    }
    this.at += name.length
    const split = text[this.at] === '[' && brace >= 0
    if (split && !this.takeExpansion()) return
    let value = this.lookup(name)
    if (brace >= 0) {
      const fallback = this.takeBraceEnd(brace)
      if (this.failure) return
      if (value === undefined && fallback !== undefined) value = fromByteString(fallback)
    }
    if (value !== undefined) this.insert(toByteString(value), split)
    else if (!name.startsWith('.') && text[this.at] === '"') this.skipUnset()
  }

  private takeExpansion(): boolean {
    if (this.text.startsWith('[*]', this.at)) {
      this.at += 3
      return true
    }
    this.fail('truncated or invalid word expansion sequence', this.at)
    return false
  }

  /** Consumes `-default}` or `}` and returns the default. */
  private takeBraceEnd(brace: number): string | undefined {
    const { text, at } = this
    const end = text[at] === '-' ? text.indexOf('}', at) : at
    if (text[end] !== '}') {
      this.fail('unmatched brace in environment variable name', brace)
      return undefined
    }
    this.at = end + 1
    if (text[at] !== '-') return undefined
    this.shownTo ??= end
    return text.slice(at + 1, end)
  }

  private insert(value: string, split: boolean): void {
    if (!split) {
      this.word += value
      return
    }
    const parts = value.split(/[ \t\n\v\f\r]+/)
    for (const part of parts.slice(0, -1)) {
      this.word += part
      this.endWord()
    }
    this.word += parts.at(-1)!
  }

  /** An unset variable before a closing quote: like HAProxy, drops the quote and the blanks after it. */
  private skipUnset(): void {
    this.at++
    while (isSpace(this.text[this.at])) this.at++
    this.quote = undefined
  }
}
