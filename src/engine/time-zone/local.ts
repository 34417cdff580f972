/** Local time: dates of moments, and moments of dates (`localtime` and `mktime` of the GNU C library). */
import { calendar, momentOf, wholeSeconds, type CalendarDate } from '../calendar.js'
import type { LocalType, TimeZone } from './zone.js'

/** A date in some zone. */
export interface LocalDate extends CalendarDate, LocalType {}

/** The date of a moment, in whole seconds since 1970. */
export const localDate = (seconds: number | bigint, zone: TimeZone): LocalDate => {
  const type = zone.at(Number(seconds))
  const shown =
    typeof seconds === 'number' && Number.isSafeInteger(seconds + type.offset)
      ? seconds + type.offset
      : BigInt(seconds) + BigInt(type.offset)
  return { ...calendar(shown), ...type }
}

/** `+0100`, as `%z` has it. */
export const offsetText = ({ offset }: LocalType, separator = ''): string => {
  const minutes = Math.trunc(Math.abs(offset) / 60)
  const [hours, rest] = [Math.trunc(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return `${offset < 0 ? '-' : '+'}${hours}${separator}${rest}`
}

/** Parts of a date; each may lie beyond its usual range. */
export type DateParts = Parameters<typeof momentOf>

/** A process's local time. */
export class LocalTime {
  /** the offset that the last search ended with, which decides between two moments of one date */
  #guess = 0n

  constructor(public zone: TimeZone) {}

  date(seconds: number | bigint): LocalDate {
    return localDate(seconds, this.zone)
  }

  /**
   * The moment at which clocks show a date, in seconds since 1970; undefined when none is found. Dates that are shown twice, or
   * never, come to the moment that `__mktime_internal` finds.
   *
   * @param isDaylight which clocks are meant; undefined: those that are in use then
   */
  seconds(parts: DateParts, isDaylight?: boolean): number | bigint | undefined {
    const [year, month, day, hour, minute, second] = parts
    // as in the library, seconds beyond a minute are added in the end
    const clamped = Math.min(Math.max(second, 0), 59)
    const wanted = BigInt(wholeSeconds(momentOf(year, month, day, hour, minute, clamped)))
    const found = this.#search(wanted, isDaylight)
    if (found === undefined) return undefined
    this.#guess = wanted - found
    const seconds = found + BigInt(second - clamped)
    return Number.isSafeInteger(Number(seconds)) ? Number(seconds) : seconds
  }

  /** How far the clocks are from `wanted` at a moment. */
  #missing(at: bigint, wanted: bigint): { readonly by: bigint; readonly isDaylight: boolean } {
    const { offset, isDaylight } = this.zone.at(Number(at))
    return { by: wanted - at - BigInt(offset), isDaylight }
  }

  #search(wanted: bigint, isDaylight: boolean | undefined): bigint | undefined {
    let at = wanted - this.#guess
    let [before, beforeThat] = [at, at]
    let wasDaylight = false
    for (let probes = MOST_PROBES; ; probes--) {
      const missing = this.#missing(at, wanted)
      if (missing.by === 0n) return this.#withDaylight(at, wanted, isDaylight, missing.isDaylight)
      const oscillates = at === before && at !== beforeThat
      if (
        oscillates &&
        (isDaylight === undefined
          ? Number(wasDaylight) <= Number(missing.isDaylight)
          : isDaylight !== missing.isDaylight)
      )
        return at
      if (probes <= 1) return undefined
      ;[before, beforeThat] = [beforeThat, at]
      at += missing.by
      wasDaylight = missing.isDaylight
    }
  }

  /** The moment with the clocks that are meant: a moment with such clocks is looked for nearby, and its offset taken. */
  #withDaylight(at: bigint, wanted: bigint, meant: boolean | undefined, found: boolean): bigint {
    if (meant === undefined || meant === found) return at
    for (let distance = STRIDE; distance < FARTHEST; distance += STRIDE)
      for (const near of [at - distance, at + distance]) {
        const missing = this.#missing(near, wanted)
        if (missing.isDaylight === meant) return near + missing.by
      }
    return meant ? at - HOUR : at + HOUR
  }
}

const MOST_PROBES = 6
const HOUR = 3600n
/** Rather less than the shortest time between two changes of the clocks. */
const STRIDE = 601_200n
const FARTHEST = 457_243_209n / 2n + STRIDE
