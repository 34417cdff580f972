/** The proleptic Gregorian calendar in UTC, without the host's clock or time zone. */

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
  /** 0 is the first of January */
  readonly yearDay: number
}

const SECONDS_PER_DAY = 86_400

/** Days from 1970-01-01 to a date; months beyond 1 … 12 count on into other years. */
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

/** A moment: whole days since 1970, and seconds from there, which keeps it exact however far away it is. */
export interface Moment {
  readonly days: number
  readonly seconds: number
}

/** The moment of a date and time; every part may lie beyond its usual range. */
export const momentOf = (
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): Moment => {
  const seconds = hour * 3600 + minute * 60 + second
  const carried = Math.floor(seconds / SECONDS_PER_DAY)
  return { days: daysFromCivil(year, month, day) + carried, seconds: seconds - carried * SECONDS_PER_DAY }
}

/** Whole seconds since 1970. */
export const wholeSeconds = ({ days, seconds }: Moment): number | bigint => {
  const total = days * SECONDS_PER_DAY + seconds
  return Number.isSafeInteger(total) ? total : BigInt(days) * BigInt(SECONDS_PER_DAY) + BigInt(seconds)
}

/** Seconds since 1970 of a date and time; every part may lie beyond its usual range. */
export const toSeconds = (...parts: Parameters<typeof momentOf>): number => Number(wholeSeconds(momentOf(...parts)))

const toMoment = (seconds: number | bigint): Moment => {
  if (typeof seconds === 'number') {
    const days = Math.floor(seconds / SECONDS_PER_DAY)
    return { days, seconds: seconds - days * SECONDS_PER_DAY }
  }
  const rest = ((seconds % BigInt(SECONDS_PER_DAY)) + BigInt(SECONDS_PER_DAY)) % BigInt(SECONDS_PER_DAY)
  return { days: Number((seconds - rest) / BigInt(SECONDS_PER_DAY)), seconds: Number(rest) }
}

/** The date of a moment, given as such or as whole seconds since 1970. */
export const calendar = (at: number | bigint | Moment): CalendarDate => {
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
