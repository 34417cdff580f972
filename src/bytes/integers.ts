/**
 * Parsing of decimal integers as the C library and HAProxy's tools do it. The functions differ in what they skip (white
 * space, a sign), in what may follow the digits, and in how they treat overflow.
 */

/** `isspace()` in the C locale; JavaScript's `\s` also matches Unicode spaces. */
const STRTOL = /^[ \t\n\v\f\r]*([+-]?\d+)/

/** The result of {@link strtol}. */
export interface ParsedInteger {
  readonly value: number
  /** the unread rest (`endptr`); the whole text if it does not start with a number */
  readonly rest: string
}

const LONG_LIMIT = 2 ** 63
const LLONG_MIN = -(1n << 63n)
const LLONG_MAX = (1n << 63n) - 1n

const ULONG_MAX = (1n << 64n) - 1n

const saturate = (value: bigint): bigint => (value < LLONG_MIN ? LLONG_MIN : value > LLONG_MAX ? LLONG_MAX : value)

const clampLong = (value: number): number => Math.min(Math.max(value, -LONG_LIMIT), LONG_LIMIT)

/** `strtol(text, &rest, 10)`: skips white space, accepts a sign, saturates at 64 bits; 0 without digits. */
export const strtol = (text: string): ParsedInteger => {
  const match = STRTOL.exec(text)
  if (!match) return { value: 0, rest: text }
  return { value: clampLong(Number(match[1])), rest: text.slice(match[0].length) }
}

/** `strtol(text, &rest, 0)`: like {@link strtol}, with hexadecimal numbers after `0x` and octal ones after `0`. */
export const strtolAnyBase = (text: string): ParsedInteger => {
  const [all = '', sign, digits] = /^[ \t\n\v\f\r]*([+-]?)(0x[\da-f]+|0[0-7]*)/i.exec(text) ?? []
  if (digits === undefined) return strtol(text)
  const value = /^0x/i.test(digits) ? Number(digits) : parseInt(digits, 8)
  return { value: clampLong(sign === '-' ? 0 - value : value), rest: text.slice(all.length) }
}

/** `atol`: the value of {@link strtol}; trailing characters are ignored. */
export const atol = (text: string): number => strtol(text).value

/** `strtoul(text, &rest, 10)`: like {@link strtol}, unsigned; a negative number wraps around, unless it overflows. */
export const strtoul = (text: string): { readonly value: bigint; readonly rest: string } => {
  const match = STRTOL.exec(text)
  if (!match) return { value: 0n, rest: text }
  const value = BigInt(match[1]!)
  const rest = text.slice(match[0].length)
  return { value: value > ULONG_MAX || value < -ULONG_MAX ? ULONG_MAX : BigInt.asUintN(64, value), rest }
}

/** `atoi`: like {@link atol}, truncated to 32 bits. */
export const atoi = (text: string): number => Number(BigInt.asIntN(32, saturate(BigInt(STRTOL.exec(text)?.[1] ?? 0))))

/** `strl2uic` (src/tools.c): the value of the leading digits, truncated to 32 bits; no white space, no sign. */
export const strl2uic = (text: string): number => Number(BigInt.asUintN(32, BigInt(/^\d*/.exec(text)![0])))

/** `strl2ui` (src/tools.c): takes every character for a digit, in 32 bits, unsigned. */
export const strl2ui = (text: string): number => {
  let value = 0
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 10) + text.charCodeAt(i) - 48) >>> 0
  return value
}

/** `strl2ic` (src/tools.c): an optional minus and leading digits, truncated to 32 bits. */
export const strl2ic = (text: string): number => Number(BigInt.asIntN(32, BigInt(/^-?\d+/.exec(text)?.[0] ?? 0)))

/** `read_int64` (src/tools.c): an optional sign and leading digits, saturating at 64 bits; 0 without digits. */
export const readInt64 = (text: string): bigint => saturate(BigInt(/^[+-]?\d+/.exec(text)?.[0] ?? 0))

/** `strl2llrc` (src/tools.c): digits with an optional minus and nothing else; undefined for other text and on overflow. */
export const strl2llrc = (text: string): bigint | undefined => {
  // a minus alone is 0
  if (!/^(?:-\d*|\d+)$/.test(text)) return undefined
  const value = text === '-' ? 0n : BigInt(text)
  return saturate(value) === value ? value : undefined
}

/** `strl2irc` (src/tools.c): like {@link strl2llrc} for 32 bits. */
export const strl2irc = (text: string): number | undefined => {
  const value = strl2llrc(text)
  return value !== undefined && BigInt.asIntN(32, value) === value ? Number(value) : undefined
}
