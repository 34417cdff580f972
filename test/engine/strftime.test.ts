/** Dates. JavaScript's own calendar, which the simulation may not use, is the judge. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { calendarDate, momentOf, epochSeconds } from '../../src/engine/calendar.js'
import { greenwichDate, strftime } from '../../src/engine/time-zone/strftime.js'

const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 })

it('the calendar is the proleptic Gregorian one', () => {
  fc.assert(
    fc.property(seconds, (at) => {
      const date = new Date(at * 1000)
      const parts = calendarDate(at)
      expect(parts).toMatchObject({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
        weekDay: date.getUTCDay(),
      })
      const { year, month, day, hour, minute, second } = parts
      expect(epochSeconds(momentOf(year, month, day, hour, minute, second))).toBe(at)
    }),
  )
})

it('%F and %T match ISO 8601', () => {
  fc.assert(
    fc.property(fc.integer({ min: -30_610_224_000, max: 253_402_300_799 }), (at) => {
      expect(`${strftime('%FT%T', greenwichDate(at))}.000Z`).toBe(new Date(at * 1000).toISOString())
    }),
  )
})
