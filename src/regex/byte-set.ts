/**
 * Sets of bytes, and PCRE2's named sets. HAProxy uses PCRE2's built-in tables, which are those of the C locale: letters are those of ASCII
 * (pcre2_chartables.c). In UCP mode, which a pattern selects with `(*UCP)`, bytes are the first 256 code points of Unicode.
 */

/** One element per byte, 1 for members. */
export type ByteSet = Uint8Array

/** The set of bytes for which `test` is true. */
export const setOf = (test: (byte: number) => boolean): ByteSet => {
  const set = new Uint8Array(256)
  for (let byte = 0; byte < 256; byte++) if (test(byte)) set[byte] = 1
  return set
}

export const union = (a: ByteSet, b: ByteSet): ByteSet => setOf((byte) => a[byte] === 1 || b[byte] === 1)
export const intersection = (a: ByteSet, b: ByteSet): ByteSet => setOf((byte) => a[byte] === 1 && b[byte] === 1)
export const complement = (a: ByteSet): ByteSet => setOf((byte) => a[byte] === 0)
export const isDisjoint = (a: ByteSet, b: ByteSet): boolean => a.every((member, byte) => member === 0 || b[byte] === 0)
export const isSubset = (a: ByteSet, b: ByteSet): boolean => a.every((member, byte) => member === 0 || b[byte] === 1)

/** The members of a set in ascending order. */
export const members = (set: ByteSet): number[] => [...set.keys()].filter((byte) => set[byte] === 1)

const between = (from: number, to: number) => (byte: number) => byte >= from && byte <= to
const isDigit = between(0x30, 0x39)
const isUpper = between(0x41, 0x5a)
const isLower = between(0x61, 0x7a)
const isAlpha = (byte: number): boolean => isUpper(byte) || isLower(byte)
const isSpace = (byte: number): boolean => byte === 0x20 || between(0x09, 0x0d)(byte)
const isGraph = between(0x21, 0x7e)

/** The classes of the form `[:name:]`. */
export const POSIX_CLASSES: Readonly<Record<string, ByteSet>> = {
  alpha: setOf(isAlpha),
  lower: setOf(isLower),
  upper: setOf(isUpper),
  alnum: setOf((byte) => isAlpha(byte) || isDigit(byte)),
  ascii: setOf((byte) => byte < 0x80),
  blank: setOf((byte) => byte === 0x20 || byte === 0x09),
  cntrl: setOf((byte) => byte < 0x20 || byte === 0x7f),
  digit: setOf(isDigit),
  graph: setOf(isGraph),
  print: setOf((byte) => byte === 0x20 || isGraph(byte)),
  punct: setOf((byte) => isGraph(byte) && !isAlpha(byte) && !isDigit(byte)),
  space: setOf(isSpace),
  word: setOf((byte) => isAlpha(byte) || isDigit(byte) || byte === 0x5f),
  xdigit: setOf((byte) => isDigit(byte) || between(0x41, 0x46)(byte) || between(0x61, 0x66)(byte)),
}

const unicode = (pattern: RegExp): ByteSet => setOf((byte) => pattern.test(String.fromCharCode(byte)))

/** Those that differ in UCP mode. */
export const UNICODE_POSIX_CLASSES: Readonly<Record<string, ByteSet>> = {
  alpha: unicode(/\p{L}/u),
  lower: unicode(/\p{Ll}/u),
  upper: unicode(/\p{Lu}/u),
  alnum: unicode(/[\p{L}\p{N}]/u),
  blank: unicode(/[\t \xa0]/u),
  cntrl: unicode(/\p{Cc}/u),
  digit: unicode(/\p{Nd}/u),
  graph: unicode(/[^\p{Z}\p{Cc}\p{Cs}\p{Cn}]/u),
  print: unicode(/[ \xa0]|[^\p{Z}\p{Cc}\p{Cs}\p{Cn}]/u),
  punct: unicode(/\p{P}|[$+<=>^`|~]/u),
  space: unicode(/[\p{Z}\t-\r\x85]/u),
  word: unicode(/[\p{L}\p{N}\p{M}\p{Pc}]/u),
}

export const HORIZONTAL_SPACE: ByteSet = setOf((byte) => byte === 0x09 || byte === 0x20 || byte === 0xa0)
export const VERTICAL_SPACE: ByteSet = setOf((byte) => between(0x0a, 0x0d)(byte) || byte === 0x85)
export const EVERY_BYTE: ByteSet = setOf(() => true)

/** The same letter in the other case, or the byte itself. In UCP mode, letters of Latin-1 have another case, too. */
export const otherCase = (byte: number, ucp: boolean): number => {
  if (isAlpha(byte)) return byte ^ 0x20
  if (!ucp || byte < 0xc0 || byte === 0xd7 || byte === 0xf7 || byte === 0xdf || byte === 0xff) return byte
  return byte ^ 0x20
}

/** The set extended by the other case of each letter. */
export const ignoringCase = (set: ByteSet, ucp: boolean): ByteSet =>
  setOf((byte) => set[byte] === 1 || set[otherCase(byte, ucp)] === 1)
