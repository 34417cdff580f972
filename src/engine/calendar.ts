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

export const SECONDS_PER_DAY = 86_400

/** Days from 1970-01-01 to a date; months beyond 1 … 12 count on into other years. */
export const daysFromCivil = (year: number, month: number, day: number): number => {
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

/** Seconds since 1970 of a date and time; every part may lie beyond its usual range. */
export const toSeconds = (
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number => daysFromCivil(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second

/** @param seconds whole seconds since 1970 */
export const calendar = (seconds: number): CalendarDate => {
  const days = Math.floor(seconds / SECONDS_PER_DAY)
  const rest = seconds - days * SECONDS_PER_DAY
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
