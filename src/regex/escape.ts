/** Escape sequences (`check_escape` in pcre2_compile.c). */
import { PatternError } from './errors.js'
import { MAX_GROUP, readCounts, readNumber, skipBlanks } from './reader.js'

export type Escape = { readonly at: number } & (
  | { readonly type: 'byte'; readonly code: number }
  /** a back reference by number */
  | { readonly type: 'reference'; readonly group: number }
  /** the letter of an escape that is not a single byte: `d`, `A`, `k` … */
  | { readonly type: 'special'; readonly letter: string }
)

const BYTES: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }
const SPECIAL = 'ABCDEGHKNPQRSVWXZbdhkpsvwz'

export interface EscapeContext {
  /** the number of capturing groups so far */
  readonly groups: number
  readonly inClass: boolean
  readonly utf: boolean
}

/** Parses the escape sequence whose character after the backslash is at `at`. */
export const readEscape = (text: string, at: number, context: EscapeContext): Escape => {
  const char = text[at++]
  if (char === undefined) throw new PatternError(1, at - 1)
  const byte = BYTES[char]
  if (byte !== undefined) return { type: 'byte', code: byte, at }
  if (!/[0-9A-Za-z]/.test(char)) return { type: 'byte', code: char.charCodeAt(0), at }
  if (char === 'N') return readNotNewline(text, at, context)
  if (SPECIAL.includes(char)) return { type: 'special', letter: char, at }
  if (char === 'g') return context.inClass ? { type: 'byte', code: 0x67, at } : readReference(text, at, context)
  if (char >= '0' && char <= '9') return readDigits(text, at, context)
  if (char === 'o') return readBraced(text, at, context, 8)
  if (char === 'x') return text[at] === '{' ? readBraced(text, at, context, 16) : readHex(text, at)
  if (char === 'c') return readControl(text, at)
  throw new PatternError('FLUlu'.includes(char) ? 37 : 3, at)
}

const readNotNewline = (text: string, at: number, context: EscapeContext): Escape => {
  if (text[at] === '{') {
    const name = skipBlanks(text, at + 1)
    if (text.startsWith('U+', name)) {
      if (context.utf) return readCode(text, name + 2, context, 16)
      const rest = /[0-9A-Fa-f]*[ \t]*\}?/y
      rest.lastIndex = name + 2
      throw new PatternError(93, name + 2 + rest.exec(text)![0].length)
    }
    if (context.inClass || !readCounts(text, at + 1, at)) throw new PatternError(37, at + 1)
  }
  return { type: 'special', letter: 'N', at }
}

/** `\g`: `\g1`, `\g{-1}`; `\g{name}` is equivalent to `\k{name}`, and `\g<…>` and `\g'…'` are calls. */
const readReference = (text: string, at: number, { groups }: EscapeContext): Escape => {
  const next = text[at]
  if (next === undefined) throw new PatternError(57, at)
  if (next === '<' || next === "'") return { type: 'special', letter: 'g', at }
  if (next !== '{') {
    const number = readNumber(text, at, groups, MAX_GROUP, 61)
    if (!number) throw new PatternError(57, at)
    return reference(number.value, number.at)
  }
  const number = readNumber(text, skipBlanks(text, at + 1), groups, MAX_GROUP, 61, at)
  if (!number) return { type: 'special', letter: 'k', at }
  const end = skipBlanks(text, number.at)
  if (text[end] !== '}') throw new PatternError(119, end)
  return reference(number.value, end + 1)
}

const reference = (group: number, at: number): Escape => {
  if (group <= 0) throw new PatternError(15, at)
  return { type: 'reference', group, at }
}

/**
 * Parses a back reference, or up to three octal digits.
 *
 * @param at after the first digit
 */
const readDigits = (text: string, at: number, { groups, inClass, utf }: EscapeContext): Escape => {
  const first = text[at - 1]!
  if (first !== '0' && !inClass) {
    const digits = /\d+/y
    digits.lastIndex = at - 1
    const number = digits.exec(text)![0]
    const group = Number(number)
    if (group < 10 || first >= '8' || group <= groups) {
      if (group > MAX_GROUP) throw new PatternError(61, at - 1 + number.length)
      return { type: 'reference', group, at: at - 1 + number.length }
    }
  }
  if (first >= '8') return { type: 'byte', code: first.charCodeAt(0), at }
  const octal = /[0-7]{1,3}/y
  octal.lastIndex = at - 1
  const digits = octal.exec(text)![0]
  const end = at - 1 + digits.length
  const code = parseInt(digits, 8)
  if (code > 0xff && !utf) throw new PatternError(51, end)
  return { type: 'byte', code, at: end }
}

const readHex = (text: string, at: number): Escape => {
  const hex = /[0-9A-Fa-f]{1,2}/y
  hex.lastIndex = at
  const digits = hex.exec(text)?.[0]
  if (digits === undefined) throw new PatternError(78, at)
  return { type: 'byte', code: parseInt(digits, 16), at: at + digits.length }
}

/**
 * Parses `\x{…}` and `\o{…}`.
 *
 * @param at at the brace
 */
const readBraced = (text: string, at: number, context: EscapeContext, base: 8 | 16): Escape => {
  if (text[at] !== '{') throw new PatternError(55, at)
  return readCode(text, skipBlanks(text, at + 1), context, base)
}

const readCode = (text: string, at: number, { utf }: EscapeContext, base: 8 | 16): Escape => {
  if (at >= text.length || text[at] === '}') throw new PatternError(78, at)
  const max = utf ? 0x10ffff : 0xff
  const digit = base === 8 ? /[0-7]/ : /[0-9A-Fa-f]/
  let code = 0
  let end = at
  while (end < text.length && digit.test(text[end]!) && code <= max) code = code * base + parseInt(text[end++]!, base)
  end = skipBlanks(text, end)
  if (code > max) {
    while (end < text.length && digit.test(text[end]!)) end++
    throw new PatternError(34, end)
  }
  if (utf && code >= 0xd800 && code <= 0xdfff) throw new PatternError(73, end)
  if (text[end] !== '}') throw new PatternError(base === 8 ? 64 : 67, Math.min(end + 1, text.length))
  return { type: 'byte', code, at: end + 1 }
}

const readControl = (text: string, at: number): Escape => {
  const char = text[at]
  if (char === undefined) throw new PatternError(2, at)
  const code = char >= 'a' && char <= 'z' ? char.charCodeAt(0) - 0x20 : char.charCodeAt(0)
  if (code < 32 || code > 126) throw new PatternError(68, at + 1)
  return { type: 'byte', code: code ^ 0x40, at: at + 1 }
}
