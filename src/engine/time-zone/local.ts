/** Local time: `localtime` and `mktime` of the GNU C library. */
import { calendarDate, momentOf, epochSeconds, type CalendarDate } from '../calendar.js'
import type { LocalType, TimeZone } from './zone.js'

/** A broken-down local time. */
export interface LocalDate extends CalendarDate, LocalType {}

/** Breaks `seconds` since 1970 down into local time (`localtime`). */
export const localDate = (seconds: number | bigint, zone: TimeZone): LocalDate => {
  const type = zone.at(Number(seconds))
  const shown =
    typeof seconds === 'number' && Number.isSafeInteger(seconds + type.offset)
      ? seconds + type.offset
      : BigInt(seconds) + BigInt(type.offset)
  return { ...calendarDate(shown), ...type }
}

/** Formats a UTC offset as strftime's `%z` does: `+0100`. */
export const offsetText = ({ offset }: LocalType, separator = ''): string => {
  const minutes = Math.trunc(Math.abs(offset) / 60)
  const [hours, rest] = [Math.trunc(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return `${offset < 0 ? '-' : '+'}${hours}${separator}${rest}`
}

/** Year, month, day, hour, minute, second; out-of-range fields are normalized. */
export type DateParts = Parameters<typeof momentOf>

/** A process's local time, with the state that `mktime` keeps between calls. */
export class LocalTime {
  /** offset found by the last call, the starting point of the next search (`localtime_offset` in glibc) */
  #guess = 0n

  constructor(public zone: TimeZone) {}

  date(seconds: number | bigint): LocalDate {
    return localDate(seconds, this.zone)
  }

  /**
   * Converts local time to seconds since 1970 (`mktime`); undefined if that is not possible. Ambiguous and nonexistent local
   * times resolve as in glibc's `__mktime_internal`.
   *
   * @param isDaylight `tm_isdst`; undefined: determine it from the zone
   */
  seconds(parts: DateParts, isDaylight?: boolean): number | bigint | undefined {
    const [year, month, day, hour, minute, second] = parts
    // as in glibc, seconds out of range are added last
    const clamped = Math.min(Math.max(second, 0), 59)
    const wanted = BigInt(epochSeconds(momentOf(year, month, day, hour, minute, clamped)))
    const found = this.#search(wanted, isDaylight)
    if (found === undefined) return undefined
    this.#guess = wanted - found
    const seconds = found + BigInt(second - clamped)
    return Number.isSafeInteger(Number(seconds)) ? Number(seconds) : seconds
  }

  /** Difference between `wanted` and the local time at `at`. */
  #difference(at: bigint, wanted: bigint): { readonly by: bigint; readonly isDaylight: boolean } {
    const { offset, isDaylight } = this.zone.at(Number(at))
    return { by: wanted - at - BigInt(offset), isDaylight }
  }

  #search(wanted: bigint, isDaylight: boolean | undefined): bigint | undefined {
    let at = wanted - this.#guess
    let [before, beforeThat] = [at, at]
    let wasDaylight = false
    for (let probes = MAX_PROBES; ; probes--) {
      const difference = this.#difference(at, wanted)
      if (difference.by === 0n) return this.#withDaylight(at, wanted, isDaylight, difference.isDaylight)
      const oscillates = at === before && at !== beforeThat
      if (
        oscillates &&
        (isDaylight === undefined
          ? Number(wasDaylight) <= Number(difference.isDaylight)
          : isDaylight !== difference.isDaylight)
      )
        return at
      if (probes <= 1) return undefined
      ;[before, beforeThat] = [beforeThat, at]
      at += difference.by
      wasDaylight = difference.isDaylight
    }
  }

  /** Corrects `at` if its DST flag differs from the requested one, using the offset of a nearby time with that flag. */
  #withDaylight(at: bigint, wanted: bigint, meant: boolean | undefined, found: boolean): bigint {
    if (meant === undefined || meant === found) return at
    for (let distance = STRIDE; distance < FARTHEST; distance += STRIDE)
      for (const near of [at - distance, at + distance]) {
        const difference = this.#difference(near, wanted)
        if (difference.isDaylight === meant) return near + difference.by
      }
    return meant ? at - HOUR : at + HOUR
  }
}

const MAX_PROBES = 6
const HOUR = 3600n
/** Less than the shortest period of one DST setting (`stride` in glibc). */
const STRIDE = 601_200n
const FARTHEST = 457_243_209n / 2n + STRIDE
