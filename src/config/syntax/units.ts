/** Numbers, durations and sizes as HAProxy reads them (parse_time_err and parse_size_err in src/tools.c, atol, strtol). */
import { strtol } from '../../bytes/integers.js'
import { firstByte } from '../../bytes/text.js'
import type { Micros } from '../../engine/clock.js'

/** How a duration can be wrong; a character is the first unexpected one, NUL when the text ended too early. */
export type DurationError = 'overflow' | 'underflow' | { readonly unexpected: string }

export interface Duration {
  readonly value: Micros
  /** what follows the unit, which HAProxy only warns of */
  readonly trailing: string
  /** a number without unit so small that somebody may have meant seconds, which HAProxy warns of; otherwise undefined */
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

/** In the unit of the keyword, HAProxy keeps durations in 31 bits. */
const LIMIT = 0x80000000

const SUSPICIOUS = 100

/**
 * Reads a duration such as `500ms`, `5s` or `3m`; without unit it is in `unit`. It is rounded up to a multiple of
 * `unit`, in which HAProxy keeps it.
 */
export const parseDuration = (text: string, unit: 'us' | 'ms' | 's' = 'ms'): Duration | DurationError => {
  const digits = /^\d+/.exec(text)?.[0]
  if (digits === undefined) return { unexpected: firstByte(text) ?? '\0' }
  const rest = text.slice(digits.length)
  const own = rest === '' ? unit : (/^(?:us|ms|[smhd])/.exec(rest)?.[0] ?? '')
  if (own === '') return { unexpected: firstByte(rest)! }
  const multiple = UNITS[unit]!
  const amount = Number(digits) * UNITS[own]!
  const count = Math.ceil(amount / multiple)
  if (count >= LIMIT) return 'overflow'
  const suspicious = rest === '' && count > 0 && count < SUSPICIOUS ? count : undefined
  return { value: count * multiple, trailing: rest.slice(own.length), suspicious }
}

export const isDurationError = (parsed: Duration | DurationError): parsed is DurationError =>
  typeof parsed === 'string' || 'unexpected' in parsed

/** Parses an integer with `strtol` and returns it, or the first unexpected character after it. An empty text is 0. */
export const parseInteger = (text: string): number | { readonly unexpected: string } => {
  const { value, rest } = strtol(text)
  return rest === '' ? value : { unexpected: firstByte(rest)! }
}

/** What HAProxy says of text that follows a duration's unit. */
export const trailingUnitText = (text: string, trailing: string): string =>
  `unexpected character '${firstByte(trailing)}' after the timer value '${text}', only ` +
  '(us=microseconds,ms=milliseconds,s=seconds,m=minutes,h=hours,d=days) are supported. ' +
  'This will be reported as an error in next versions.'

/** What HAProxy says of a suspiciously small number `what`, as in `'inter 5' in server 's'`. */
export const suspiciousDurationText = (what: string, count: number): string =>
  `${what} is suspiciously small for a value in milliseconds. ` +
  `Please use an explicit unit ('${count}ms') if that was the intent.`
