/** Durations as people write them: HAProxy's `5s`, `200ms`, `1m`, or a number of milliseconds, HAProxy's unit. */
import { isDurationError, parseDuration } from '../config/syntax/units.js'
import { MILLISECOND, type Micros } from '../engine/clock.js'

export type Duration = string | number

/** In microseconds. Throws a RangeError for what is no duration. */
export const toMicros = (duration: Duration): Micros => {
  if (typeof duration === 'number') {
    if (!(duration >= 0 && Number.isFinite(duration))) throw new RangeError(`${duration} is not a duration`)
    return Math.round(duration * MILLISECOND)
  }
  // HAProxy's durations end at 2^31 units: an hour would be too many microseconds
  const unit = duration.endsWith('us') ? 'us' : 'ms'
  const parsed = parseDuration(duration, unit)
  if (isDurationError(parsed) || parsed.trailing !== '')
    throw new RangeError(`'${duration}' is not a duration: write a number and a unit, as in 500ms, 5s, 2m`)
  return parsed.value
}
