/**
 * Combinators for validating the arguments of keywords that hapsim accepts but does not emulate.
 */
import { atoi } from '../../bytes/integers.js'
import { encodeText, firstByte } from '../../bytes/text.js'
import { isDurationError, parseDuration } from '../syntax/units.js'

/** Validates the arguments `values` of `name`; returns HAProxy's error message without the place, or undefined. */
export type ValueCheck = (name: string, values: readonly string[]) => string | undefined

/** Requires an argument; otherwise the error is `'name'<what>`. */
export const required =
  (what: string): ValueCheck =>
  (name, [value = '']) =>
    value === '' ? `'${name}'${what}` : undefined

/** Applies several validators in order. */
export const all =
  (...checks: readonly ValueCheck[]): ValueCheck =>
  (name, values) => {
    for (const check of checks) {
      const problem = check(name, values)
      if (problem !== undefined) return problem
    }
    return undefined
  }

/** Requires the argument to be one of `allowed`; `%` in the message `what` stands for the argument. */
export const oneOf =
  (allowed: readonly string[], what: string): ValueCheck =>
  (name, [value = '']) =>
    allowed.includes(value) ? undefined : `'${name}'${what.replace('%', value)}`

/** Requires an integer (`atoi`) from `min` to `max`; `%` in the message `what` stands for the number. */
export const inRange =
  (min: number, max: number, what: string): ValueCheck =>
  (name, [value = '']) => {
    const number = atoi(value)
    return number >= min && number <= max ? undefined : `'${name}'${what.replace('%', String(number))}`
  }

/** Requires at most `max` arguments. */
export const maxWords =
  (max: number): ValueCheck =>
  (name, values) =>
    values[max] === undefined || values[max] === ''
      ? undefined
      : `'${name}' cannot handle unexpected argument '${values[max]}'.`

/** Requires a duration; `unexpected` makes the error message for an invalid character. */
export const duration =
  (unexpected: (name: string, character: string) => string, unit: 'us' | 'ms' | 's' = 'ms'): ValueCheck =>
  (name, [value = '']) => {
    const parsed = parseDuration(value, unit)
    if (!isDurationError(parsed)) return undefined
    const what = `in argument '${value}' to '${name}'`
    if (parsed === 'overflow') return `timer overflow ${what} (maximum value is 2147483647 ms or ~24.8 days)`
    if (parsed === 'underflow') return `timer underflow ${what} (minimum non-null value is 1 ms)`
    return unexpected(name, parsed.unexpected)
  }

/** Requires a duration, with the error message of most keywords. */
export const durationArgument: ValueCheck = duration(
  (name, character) => `unexpected character '${character}' in argument to <${name}>.`,
)

const MAX_GUID_LENGTH = 127

/** Why a GUID is invalid (`guid_is_valid_fmt` in src/guid.c). */
export const guidProblem = (guid: string): string | undefined => {
  if (guid === '' || encodeText(guid).length > MAX_GUID_LENGTH) return 'invalid length'
  const invalid = firstByte(/[^A-Za-z0-9_.:-][^]*/.exec(guid)?.[0] ?? '')
  return invalid === undefined ? undefined : `invalid character '${invalid}'`
}

/** Multiplexer protocols, as listed by `haproxy -vv`. */
const MULTIPLEXERS: readonly string[] = ['quic', 'h2', 'h1', 'fcgi', 'spop', 'none']

/** Requires a multiplexer protocol. */
export const multiplexer: ValueCheck = all(
  required(' : missing value'),
  oneOf(MULTIPLEXERS, " :  unknown MUX protocol '%'"),
)

/** Assigns a validator to several keywords, separated by spaces. */
export const forKeywords = <Check>(texts: string, check: Check): readonly (readonly [string, Check])[] =>
  texts
    .trim()
    .split(/\s+/)
    .map((name) => [name, check] as const)
