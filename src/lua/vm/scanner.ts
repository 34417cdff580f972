/**
 * Reads the most frequent tokens: names, decimal numbers, quoted strings without escapes, single characters. Fengari's lexer reads the
 * others. It could read all of them, but it copies the bytes of each token and computes a hash key, which takes longer than the parser
 * needs for the token.
 */
import type { FengariText, LexState, SemanticInfo } from 'fengari/src/llex.js'
import type { ZIO } from 'fengari/src/lzio.js'
import { binary, bytes } from './bytes.js'
import { llex, lzio } from './fengari-modules.js'

const { FIRST_RESERVED, luaX_tokens, RESERVED } = llex
const readToken = llex.luaX_next
const readAhead = llex.luaX_lookahead
const { TK_EOS, TK_NAME, TK_STRING, TK_INT, TK_FLT } = RESERVED as Record<string, number>

/** Classes of characters, by code. */
const LETTER = 1
const DIGIT = 2
const SINGLE = 4
const KINDS = new Uint8Array(256)
for (const each of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_') KINDS[each.charCodeAt(0)] = LETTER
for (const each of '0123456789') KINDS[each.charCodeAt(0)] = DIGIT
/** single-character tokens with which no longer token starts */
for (const each of '+*%^#&|(){}];,') KINDS[each.charCodeAt(0)] = SINGLE

const code = (character: string): number => character.charCodeAt(0)
const NEWLINE = code('\n')
const RETURN = code('\r')
const SPACE = code(' ')
const TAB = code('\t')
const DOT = code('.')
const QUOTE = code('"')
const APOSTROPHE = code("'")
const BACKSLASH = code('\\')
const EQUALS = code('=')
const COLON = code(':')
const MINUS = code('-')

/** Numerals up to this length are small integers or represented exactly by a double. */
const FEW_DIGITS = 15
const MOST_RESERVED = 22

class Scanner {
  /** the part of the source text that is in the buffer of the input, with one character per byte */
  text = ''
  readonly #input: ZIO
  /** strings of the text, by contents */
  readonly #strings = new Map<string, FengariText>()

  /** @param inParts whether the text is read in parts: a token at the end of a part may continue in the next one */
  constructor(
    input: ZIO,
    readonly inParts: boolean,
  ) {
    this.#input = input
  }

  /** Reads a token and its value. Returns undefined if Fengari's lexer must read it; white space before it has been skipped. */
  next(ls: LexState, info: SemanticInfo): number | undefined {
    this.#skip(ls)
    const { current } = ls
    const { buffer, off } = this.#input
    if (current < 0 || buffer === null) return undefined
    const kind = KINDS[current]!
    if (kind === LETTER) return this.#name(ls, info, buffer)
    if (kind === SINGLE) return this.#take(ls, off, current)
    if (kind === DIGIT) return this.#number(ls, info, buffer)
    if (current === QUOTE || current === APOSTROPHE) return this.#quoted(ls, info, buffer)
    const isAlone =
      (current === EQUALS && buffer[off] !== EQUALS) ||
      (current === COLON && buffer[off] !== COLON) ||
      (current === MINUS && buffer[off] !== MINUS)
    return isAlone && off < buffer.length ? this.#take(ls, off, current) : undefined
  }

  #skip(ls: LexState): void {
    const input = this.#input
    for (;;) {
      const { current } = ls
      if (current === NEWLINE) ls.linenumber++
      else if (current !== SPACE && current !== TAB) return
      ls.current = input.zgetc()
      // two characters may be one line break
      if (current === NEWLINE && ls.current === RETURN) ls.current = input.zgetc()
    }
  }

  /** Advances to the character at `end`, after a token. */
  #take(ls: LexState, end: number, token: number): number {
    const input = this.#input
    input.n -= end - input.off
    input.off = end
    ls.buff.n = 0
    ls.current = input.zgetc()
    return token
  }

  /** Advances after a token that messages quote. */
  #takeText(ls: LexState, start: number, end: number, token: number): number {
    const { buff } = ls
    const { buffer } = this.#input
    const length = end - start
    this.#take(ls, end, token)
    for (let i = 0; i < length; i++) buff.buffer[i] = buffer![start + i]!
    buff.n = length
    return token
  }

  #mayContinue(end: number, buffer: Uint8Array): boolean {
    return this.inParts && end === buffer.length
  }

  #name(ls: LexState, info: SemanticInfo, buffer: Uint8Array): number | undefined {
    const start = this.#input.off - 1
    let end = start + 1
    while (end < buffer.length && (KINDS[buffer[end]!]! & (LETTER | DIGIT)) !== 0) end++
    if (end - start > ls.buff.buffer.length || this.#mayContinue(end, buffer)) return undefined
    const name = this.text.slice(start, end)
    const reserved = RESERVED_NAMES.get(name)
    if (reserved === undefined) info.ts = this.#string(ls, name, buffer, start, end)
    return this.#takeText(ls, start, end, reserved ?? TK_NAME!)
  }

  #number(ls: LexState, info: SemanticInfo, buffer: Uint8Array): number | undefined {
    const start = this.#input.off - 1
    let end = start + 1
    while (end < buffer.length && KINDS[buffer[end]!] === DIGIT) end++
    const isFloat = buffer[end] === DOT
    if (isFloat) for (end++; end < buffer.length && KINDS[buffer[end]!] === DIGIT; end++);
    const after = buffer[end]!
    if (this.#mayContinue(end, buffer)) return undefined
    if (end - start > FEW_DIGITS || after === DOT || (KINDS[after]! & LETTER) !== 0) return undefined
    const value = Number(this.text.slice(start, end))
    if (isFloat) info.r = value
    else info.i = value
    return this.#takeText(ls, start, end, isFloat ? TK_FLT! : TK_INT!)
  }

  #quoted(ls: LexState, info: SemanticInfo, buffer: Uint8Array): number | undefined {
    const start = this.#input.off - 1
    const quote = buffer[start]!
    let end = start + 1
    for (; ; end++) {
      const each = buffer[end]
      if (each === quote) break
      if (each === undefined || each === BACKSLASH || each === NEWLINE || each === RETURN) return undefined
    }
    if (end + 1 - start > ls.buff.buffer.length) return undefined
    info.ts = this.#string(ls, this.text.slice(start + 1, end), buffer, start + 1, end)
    return this.#takeText(ls, start, end + 1, TK_STRING!)
  }

  #string(ls: LexState, text: string, buffer: Uint8Array, start: number, end: number): FengariText {
    const known = this.#strings.get(text)
    if (known) return known
    const made = llex.luaX_newstring(ls, buffer.subarray(start, end))
    this.#strings.set(text, made)
    return made
  }
}

const RESERVED_NAMES = new Map(luaX_tokens.slice(0, MOST_RESERVED).map((name, i) => [binary(name), FIRST_RESERVED + i]))

/** Returns the next part of a text, with one character per byte; undefined or an empty string at its end. */
export type PartReader = () => string | undefined

/** An input stream for Fengari's parser. */
export class ScannedInput extends lzio.ZIO {
  readonly #scanner: Scanner

  /** @param source the whole text, with one character per byte, or a reader of its parts */
  constructor(L: unknown, source: string | PartReader) {
    let rest: PartReader | undefined = typeof source === 'string' ? () => source : source
    const reader = (): Uint8Array | null => {
      const part = rest?.()
      if (part === undefined || part === '' || typeof source === 'string') rest = undefined
      if (part === undefined) return null
      this.#scanner.text = part
      return bytes(part)
    }
    super(L, reader, null)
    this.#scanner = new Scanner(this, typeof source !== 'string')
  }

  /** `luaX_next`. */
  static next(ls: LexState): void {
    if (ls.lookahead.token !== TK_EOS) return readToken(ls)
    const line = ls.linenumber
    const token = (ls.z as ScannedInput).#scanner.next(ls, ls.t.seminfo)
    if (token === undefined) readToken(ls)
    else ls.t.token = token
    ls.lastline = line
  }

  /** `luaX_lookahead`. */
  static lookAhead(ls: LexState): number {
    const token = (ls.z as ScannedInput).#scanner.next(ls, ls.lookahead.seminfo)
    return token === undefined ? readAhead(ls) : (ls.lookahead.token = token)
  }
}
