/** Durations in the API: HAProxy's `5s`, `200ms`, `1m`, or a number of milliseconds. */
import { isDurationError, parseDuration } from '../config/syntax/units.js'
import { MILLISECOND, type Micros } from '../engine/clock.js'

/** A HAProxy duration or a number of milliseconds. */
export type Duration = string | number

/** Converts to microseconds. Throws a RangeError for invalid durations. */
export const toMicros = (duration: Duration): Micros => {
  if (typeof duration === 'number') {
    if (!(duration >= 0 && Number.isFinite(duration))) throw new RangeError(`${duration} is not a duration`)
    return Math.round(duration * MILLISECOND)
  }
  // HAProxy limits durations to 2^31 units, which is less than an hour in microseconds
  const unit = duration.endsWith('us') ? 'us' : 'ms'
  const parsed = parseDuration(duration, unit)
  if (isDurationError(parsed) || parsed.trailing !== '')
    throw new RangeError(`'${duration}' is not a duration: write a number and a unit, as in 500ms, 5s, 2m`)
  return parsed.value
}
