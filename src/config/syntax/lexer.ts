/**
 * Splits a line into words: quotes, escapes, comments and environment variables (sections 2.2 and 2.3 of the
 * configuration manual; parse_line in src/tools.c). Lines are byte strings, so that places in them are HAProxy's; words are text.
 */
import { byteLength, fromByteString, toByteString } from '../../bytes/text.js'
import { cutAtNul } from './bytes.js'

/** Looks up a variable of the environment or, when the name begins with a dot, a pseudo-variable; undefined: not set. */
export type VariableLookup = (name: string) => string | undefined

/** Names of the pseudo-variables. */
const PSEUDO_VARIABLES: readonly string[] = ['.LINE', '.FILE', '.SECTION']

/** A line has at most so many words. */
export const MAX_WORDS = 64

export type LexerError =
  | 'unmatched quote'
  | 'unmatched brace in environment variable name'
  | 'forbidden first char in environment variable name'
  | 'truncated or invalid hexadecimal sequence'
  | 'truncated or invalid word expansion sequence'

export interface Lexed {
  readonly words: string[]
  /** what is wrong, the index in the text at which, and the one up to which HAProxy shows the text (default: all) */
  readonly error?: { readonly kind: LexerError; readonly at: number; readonly shownTo?: number | undefined }
  /** there were more than {@link MAX_WORDS} words: the place of the last good one among the expanded words */
  readonly tooMany?: number
  /** the first empty word, which ends the line for most keywords: its number and its index in the text */
  readonly empty?: { readonly word: number; readonly at: number }
}

const SPECIAL = /["'\\#$\r\n]/
const SPACES = /[ \t\v\f]+/
const isSpace = (char: string | undefined): boolean =>
  char === ' ' || char === '\t' || char === '\n' || char === '\v' || char === '\f' || char === '\r'
const HEX = /^[0-9a-fA-F]{2}$/

/** Whether `text` is nothing but words with spaces between them. */
export const isPlain = (text: string): boolean => !SPECIAL.test(text)

/** Splits `text`, a line without its line feed, a character for each byte. */
export const lexLine = (text: string, lookup: VariableLookup): Lexed =>
  isPlain(text) ? splitPlain(text) : new Lexer(text, lookup).run()

const splitPlain = (text: string): Lexed => {
  const words = text.split(SPACES).map(fromByteString)
  if (words[0] === '') words.shift()
  if (words.at(-1) === '') words.pop()
  if (words.length <= MAX_WORDS) return { words }
  const before = words.slice(0, MAX_WORDS - 1)
  return { words: words.slice(0, MAX_WORDS), tooMany: byteLength(before.join(' ')) + 2 }
}

class Lexer {
  private at = 0
  private word = ''
  private wordStart = 0
  private readonly words: string[] = []
  /** index of each word's beginning in the text */
  private readonly starts: number[] = []
  private quote: '"' | "'" | undefined
  private quoteAt = 0
  private failure: Lexed['error']

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

  /** Whether nothing but what left no trace follows the last separator. */
  private trailing(): boolean {
    return this.word === '' && !/["'$]/.test(this.text.slice(this.wordStart, this.at))
  }

  private result(): Lexed {
    const { words } = this
    if (this.failure) return { words, error: this.failure }
    if (words.length > MAX_WORDS) {
      const before = words.slice(0, MAX_WORDS - 1)
      return { words: words.slice(0, MAX_WORDS), tooMany: byteLength(before.join(' ')) + 2 }
    }
    const empty = words.indexOf('')
    return empty < 0 ? { words } : { words, empty: { word: empty, at: this.starts[empty]! } }
  }

  private fail(kind: LexerError, at: number, shownTo?: number): void {
    this.failure ??= { kind, at, shownTo }
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
    const meant = this.meaningOf(next)
    this.word += meant ?? '\\'
    this.at += meant === undefined ? 1 : 2
  }

  /** What a backslash and `next` stand for; undefined when the backslash stands for itself. */
  private meaningOf(next: string | undefined): string | undefined {
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

  /** Takes `-default}` or `}` and returns the default. */
  private takeBraceEnd(brace: number): string | undefined {
    const { text, at } = this
    const end = text[at] === '-' ? text.indexOf('}', at) : at
    if (text[end] !== '}') {
      this.fail('unmatched brace in environment variable name', brace)
      return undefined
    }
    this.at = end + 1
    return text[at] === '-' ? text.slice(at + 1, end) : undefined
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

  /** Nothing at all stands for a variable that is not set: the closing quote and the spaces after it vanish as well. */
  private skipUnset(): void {
    this.at++
    while (isSpace(this.text[this.at])) this.at++
    this.quote = undefined
  }
}
