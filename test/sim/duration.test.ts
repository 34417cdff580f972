/** Durations of simulations: HAProxy's words for them, and as long as people want them. */
import { expect, it } from 'vitest'
import { toMicros } from '../../src/sim/duration.js'

it.each([
  ['200ms', 200_000],
  ['5s', 5_000_000],
  ['90m', 5_400_000_000],
  ['1h', 3_600_000_000],
  ['2d', 172_800_000_000],
  ['1500us', 1500],
  ['250', 250_000],
  [250, 250_000],
  [0.5, 500],
])('%s', (duration, micros) => expect(toMicros(duration)).toBe(micros))

it.each(['', 'x', '5 s', '5x', '-1s', '1h30m', -1, Number.NaN])('rejects %s', (duration) => {
  expect(() => toMicros(duration)).toThrow(RangeError)
})
