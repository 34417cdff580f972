/**
 * POSIX TZ strings (POSIX base definitions, section 8.3): `CET-1CEST,M3.5.0,M10.5.0/3`. With glibc's extensions: signed
 * hours up to 167 in rules, and US rules if there are none.
 */
import { calendarDate, dateToSeconds } from '../calendar.js'
import { fixedZone, type LocalType, type TimeZone } from './zone.js'

/** Parses a POSIX TZ string; undefined if it is invalid. */
export const posixZone = (text: string): TimeZone | undefined => {
  const found = PATTERN.exec(text)?.groups
  if (!found) return undefined
  const standard = {
    offset: -parseSeconds(found.offset!, MAX_HOURS),
    abbreviation: unquote(found.name!),
    isDaylight: false,
  }
  if (found.daylightName === undefined) return fixedZone(standard.offset, standard.abbreviation)
  const { daylightOffset, start = 'M3.2.0', end = 'M11.1.0' } = found
  const daylight = {
    offset: daylightOffset === undefined ? standard.offset + HOUR : -parseSeconds(daylightOffset, MAX_HOURS),
    abbreviation: unquote(found.daylightName),
    isDaylight: true,
  }
  const [starts, ends] = [parseRule(start), parseRule(end)]
  return starts && ends && new RuleZone(standard, daylight, starts, ends)
}

const HOUR = 3600
const DAY = 86_400
const MAX_HOURS = 24
const MAX_RULE_HOURS = 167

const NAME = '[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>'
const OFFSET = '[+-]?\\d{1,2}(?::\\d{1,2}(?::\\d{1,2})?)?'
const RULE = '[^,/]+(?:/[+-]?\\d{1,3}(?::\\d{1,2}(?::\\d{1,2})?)?)?'
const PATTERN = new RegExp(
  `^(?<name>${NAME})(?<offset>${OFFSET})` +
    `(?:(?<daylightName>${NAME})(?<daylightOffset>${OFFSET})?(?:,(?<start>${RULE}),(?<end>${RULE}))?)?$`,
)

const unquote = (name: string): string => name.replace(/[<>]/g, '')

/** `[+-]hours[:minutes[:seconds]]` */
const parseSeconds = (text: string, maxHours: number): number => {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number)
  const total = Math.min(hours, maxHours) * HOUR + Math.min(minutes, 59) * 60 + Math.min(seconds, 59)
  return text.startsWith('-') ? -total : total
}

/** When DST starts or ends: seconds of local time since the start of the year. */
type Rule = (year: number) => number

/** Parses `Jn`, `n` or `Mm.w.d`, optionally followed by `/` and a time (default: 02:00). */
const parseRule = (text: string): Rule | undefined => {
  const [date = '', time = '2'] = text.split('/')
  const day = parseDay(date)
  const seconds = parseSeconds(time, MAX_RULE_HOURS)
  return day && ((year) => day(year) * DAY + seconds)
}

/** The day of the year, counted from 0. */
const parseDay = (text: string): Rule | undefined => {
  const [, kind = '', number = ''] = /^(J?)(\d{1,3})$/.exec(text) ?? []
  if (number !== '') {
    const day = Number(number)
    if (kind === '') return day > 365 ? undefined : () => day
    return day < 1 || day > 365 ? undefined : (year) => day - 1 + (day > 59 && isLeap(year) ? 1 : 0)
  }
  const [month = 0, week = 0, weekDay = 7] = (/^M(\d{1,2})\.(\d)\.(\d)$/.exec(text)?.slice(1) ?? []).map(Number)
  if (month < 1 || month > 12 || week < 1 || week > 5 || weekDay > 6) return undefined
  return (year) => {
    const first = calendarDate(dateToSeconds(year, month, 1, 0, 0, 0))
    const length = calendarDate(dateToSeconds(year, month + 1, 0, 0, 0, 0)).day
    let day = 1 + ((weekDay - first.weekDay + 7) % 7) + (week - 1) * 7
    while (day > length) day -= 7
    return first.yearDay + day - 1
  }
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

class RuleZone implements TimeZone {
  constructor(
    readonly standard: LocalType,
    readonly daylight: LocalType,
    readonly starts: Rule,
    readonly ends: Rule,
  ) {}

  at(seconds: number): LocalType {
    const { standard, daylight } = this
    // as in glibc: the rules of the UTC year, at least 1970
    const year = Math.max(1970, calendarDate(seconds).year)
    const newYear = dateToSeconds(year, 1, 1, 0, 0, 0)
    const start = newYear + this.starts(year) - standard.offset
    const end = newYear + this.ends(year) - daylight.offset
    const isDaylight = start <= end ? seconds >= start && seconds < end : seconds >= start || seconds < end
    return isDaylight ? daylight : standard
  }
}
