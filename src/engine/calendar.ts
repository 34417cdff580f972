/** The proleptic Gregorian calendar in UTC. Independent of the host's clock and time zone. */

/** A broken-down date and time (`struct tm` in C), in UTC. */
export interface CalendarDate {
  readonly year: number
  /** 1 … 12 */
  readonly month: number
  /** 1 … 31 */
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** 0 is Sunday */
  readonly weekDay: number
  /** 0 is January 1st */
  readonly yearDay: number
}

/** English month names, January first. */
export const MONTH_NAMES: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** English day names, Sunday first. */
export const DAY_NAMES: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
]

const abbreviate = (name: string): string => name.slice(0, 3)

/** `Jan` … `Dec`, as in log lines, HTTP dates and mails. */
export const SHORT_MONTH_NAMES: readonly string[] = MONTH_NAMES.map(abbreviate)

/** `Sun` … `Sat` */
export const SHORT_DAY_NAMES: readonly string[] = DAY_NAMES.map(abbreviate)

const SECONDS_PER_DAY = 86_400

/** Days from 1970-01-01 to a date; months outside 1 … 12 are normalized. */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const months = year * 12 + (month - 1)
  const y = Math.floor(months / 12)
  const m = months - y * 12 + 1
  const shifted = m <= 2 ? y - 1 : y
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** A point in time as days since 1970-01-01 plus seconds of that day, so that years of any size stay exact. */
export interface Moment {
  readonly days: number
  readonly seconds: number
}

/** Converts a date and time to a {@link Moment}. Out-of-range fields are normalized, as in C's `timegm`. */
export const momentOf = (
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): Moment => {
  const seconds = hour * 3600 + minute * 60 + second
  const carry = Math.floor(seconds / SECONDS_PER_DAY)
  return { days: daysFromCivil(year, month, day) + carry, seconds: seconds - carry * SECONDS_PER_DAY }
}

/** Seconds since 1970; a bigint where a number would lose precision. */
export const epochSeconds = ({ days, seconds }: Moment): number | bigint => {
  const total = days * SECONDS_PER_DAY + seconds
  return Number.isSafeInteger(total) ? total : BigInt(days) * BigInt(SECONDS_PER_DAY) + BigInt(seconds)
}

/** Seconds since 1970 of a date and time; out-of-range fields are normalized. */
export const dateToSeconds = (...parts: Parameters<typeof momentOf>): number => Number(epochSeconds(momentOf(...parts)))

const toMoment = (seconds: number | bigint): Moment => {
  if (typeof seconds === 'number') {
    const days = Math.floor(seconds / SECONDS_PER_DAY)
    return { days, seconds: seconds - days * SECONDS_PER_DAY }
  }
  const rest = ((seconds % BigInt(SECONDS_PER_DAY)) + BigInt(SECONDS_PER_DAY)) % BigInt(SECONDS_PER_DAY)
  return { days: Number((seconds - rest) / BigInt(SECONDS_PER_DAY)), seconds: Number(rest) }
}

/** Breaks a point in time down into calendar fields (`gmtime`). A number or bigint is seconds since 1970. */
export const calendarDate = (at: number | bigint | Moment): CalendarDate => {
  const { days, seconds: rest } = typeof at === 'object' ? at : toMoment(at)
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return {
    year,
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    weekDay: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysFromCivil(year, 1, 1),
  }
}
