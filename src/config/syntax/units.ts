/** Parsing of integers and durations (parse_time_err in src/tools.c). */
import { strtol } from '../../bytes/integers.js'
import { firstByte } from '../../bytes/text.js'
import type { Micros } from '../../engine/clock.js'

/** A parse error; `unexpected` is the first invalid character, NUL at the end of the text. */
export type DurationError = 'overflow' | 'underflow' | { readonly unexpected: string }

/** A parsed duration. */
export interface ParsedDuration {
  readonly value: Micros
  /** text after the unit, which HAProxy only warns about */
  readonly trailing: string
  /** a number without unit that is suspiciously small, which HAProxy warns about */
  readonly suspicious: number | undefined
}

const UNITS: Readonly<Record<string, Micros>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
}

/** HAProxy stores durations as 31 bits in the unit of the keyword. */
const LIMIT = 0x80000000

const SUSPICIOUS = 100

/**
 * Parses a duration such as `500ms`, `5s` or `3m`; a number without unit is in `unit`. The value is rounded up to a multiple of
 * `unit`, as HAProxy stores it.
 */
export const parseDuration = (text: string, unit: 'us' | 'ms' | 's' = 'ms'): ParsedDuration | DurationError => {
  const digits = /^\d+/.exec(text)?.[0]
  if (digits === undefined) return { unexpected: firstByte(text) ?? '\0' }
  const rest = text.slice(digits.length)
  const suffix = rest === '' ? unit : (/^(?:us|ms|[smhd])/.exec(rest)?.[0] ?? '')
  if (suffix === '') return { unexpected: firstByte(rest)! }
  const multiple = UNITS[unit]!
  const amount = Number(digits) * UNITS[suffix]!
  const count = Math.ceil(amount / multiple)
  if (count >= LIMIT) return 'overflow'
  const suspicious = rest === '' && count > 0 && count < SUSPICIOUS ? count : undefined
  return { value: count * multiple, trailing: rest.slice(suffix.length), suspicious }
}

/** Whether parsing failed. */
export const isDurationError = (parsed: ParsedDuration | DurationError): parsed is DurationError =>
  typeof parsed === 'string' || 'unexpected' in parsed

/** Parses an integer with `strtol` and returns it, or the first unexpected character after it. An empty text is 0. */
export const parseInteger = (text: string): number | { readonly unexpected: string } => {
  const { value, rest } = strtol(text)
  return rest === '' ? value : { unexpected: firstByte(rest)! }
}

/**
 * Parses a size in bytes such as `16384`, `16k`, `1m` or `1g`, below 2^32 (parse_size_ui) or, with units up to `p`, below 2^64
 * (parse_size_ull). If it is invalid, `rest` is the text from the first unexpected character.
 */
export const parseSize = (text: string, bits: 32 | 64 = 32): number | { readonly rest: string } => {
  const limit = 2 ** bits
  const digits = /^\d*/.exec(text)![0]
  // from the digit with which the number exceeds the limit
  for (let end = 1; end <= digits.length; end++)
    if (BigInt(digits.slice(0, end)) >= BigInt(limit)) return { rest: text.slice(end - 1) }
  const unit = text[digits.length] ?? ''
  const power = unit === '' ? 0 : SIZE_UNITS.slice(0, bits === 32 ? 3 : 5).indexOf(unit.toLowerCase()) + 1
  if (digits === '' || (unit !== '' && power === 0)) return { rest: text.slice(digits.length) }
  const value = Number(digits) * 1024 ** power
  if (value >= limit) return { rest: text.slice(digits.length) }
  const rest = text.slice(digits.length + unit.length)
  return rest === '' ? value : { rest }
}

const SIZE_UNITS: readonly string[] = ['k', 'm', 'g', 't', 'p']

/** HAProxy's warning about text after the unit. */
export const trailingUnitText = (text: string, trailing: string): string =>
  `unexpected character '${firstByte(trailing)}' after the timer value '${text}', only ` +
  '(us=microseconds,ms=milliseconds,s=seconds,m=minutes,h=hours,d=days) are supported. ' +
  'This will be reported as an error in next versions.'

/** HAProxy's warning about a suspiciously small number; `what` is e.g. `'inter 5' in server 's'`. */
export const suspiciousDurationText = (what: string, count: number): string =>
  `${what} is suspiciously small for a value in milliseconds. ` +
  `Please use an explicit unit ('${count}ms') if that was the intent.`
