/** Durations: section 2.6 of the configuration manual; parse_time_err in HAProxy. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDuration, parseInteger } from '../../src/config/syntax/units.js'

const UNITS = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86400e6 } as const

describe('durations', () => {
  test.for([
    ['5s', 5_000_000],
    ['500', 500_000],
    ['1500us', 2_000],
    ['3m', 180_000_000],
    ['24d', 24 * 86400e6],
    ['0', 0],
    ['2147483647', 2147483647_000],
  ])('%s is %i µs', ([text, value]) => {
    expect(parseDuration(text as string)).toMatchObject({ value })
  })

  test('are rounded up to whole multiples of the unit', () => {
    const property = fc.property(fc.nat(100_000), fc.constantFrom(...Object.keys(UNITS)), (number, unit) => {
      const exact = number * UNITS[unit as keyof typeof UNITS]
      const parsed = parseDuration(`${number}${unit}`)
      if (Math.ceil(exact / 1000) > 2147483647) expect(parsed).toBe('overflow')
      else expect(parsed).toMatchObject({ value: Math.ceil(exact / 1000) * 1000, trailing: '' })
    })
    fc.assert(property)
  })

  test.for([
    ['x', { unexpected: 'x' }],
    ['', { unexpected: '\0' }],
    ['5x', { unexpected: 'x' }],
    ['-5', { unexpected: '-' }],
    ['5u', { unexpected: 'u' }],
    ['25d', 'overflow'],
    ['2147483648', 'overflow'],
  ])('%s is invalid', ([text, error]) => {
    expect(parseDuration(text as string)).toEqual(error)
  })

  test('text after the unit is reported', () => {
    expect(parseDuration('1s2')).toMatchObject({ value: 1_000_000, trailing: '2' })
  })
})

test('an integer is read with strtol, and the first character after it is unexpected', () => {
  expect(['12', '12x', 'x', '', '-4'].map(parseInteger)).toEqual([12, { unexpected: 'x' }, { unexpected: 'x' }, 0, -4])
})
