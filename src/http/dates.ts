/**
 * The three formats of HTTP dates (RFC 9110, section 5.6.7), parsed like `parse_http_date` (HAProxy's src/tools.c): names are
 * case-sensitive, text after a date is ignored.
 */
import { calendarDate, dateToSeconds, DAY_NAMES, SHORT_DAY_NAMES, SHORT_MONTH_NAMES } from '../engine/calendar.js'

const MONTH = `(?<month>${SHORT_MONTH_NAMES.join('|')})`
const DAY_NAME = `(?:${SHORT_DAY_NAMES.join('|')})`
const LONG_DAY_NAME = `(?:${DAY_NAMES.join('|')})`
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)'

const IMF = new RegExp(`^${DAY_NAME}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT`)
const RFC850 = new RegExp(
  `^${LONG_DAY_NAME}, (?<day>\\d\\d)-${MONTH}-(?:(?<year>\\d{4})|(?<shortYear>\\d\\d)) ${TIME} GMT`,
)
const ASCTIME = new RegExp(`^${DAY_NAME} ${MONTH} (?: (?<digit>\\d)|(?<day>\\d\\d)) ${TIME} (?<year>\\d{4})`)

/** Two-digit years up to this one belong to the 21st century. */
const PIVOT = 60

const parse = (text: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(text)?.groups
  if (!found) return undefined
  const short = Number(found.shortYear)
  const year = found.year === undefined ? short + (short <= PIVOT ? 2000 : 1900) : Number(found.year)
  const month = SHORT_MONTH_NAMES.indexOf(found.month!) + 1
  const day = Number(found.day ?? found.digit)
  return dateToSeconds(year, month, day, Number(found.hour), Number(found.minute), Number(found.second))
}

/** Parses `Sun, 06 Nov 1994 08:49:37 GMT`. Returns seconds since 1970; undefined if the text is no such date. */
export const parseImfDate = (text: string): number | undefined => parse(text, IMF)

/** Parses `Sunday, 06-Nov-94 08:49:37 GMT`, or the same with a four-digit year. */
export const parseRfc850Date = (text: string): number | undefined => parse(text, RFC850)

/** Parses `Sun Nov  6 08:49:37 1994`. */
export const parseAsctimeDate = (text: string): number | undefined => parse(text, ASCTIME)

/** Parses a date in any of the three formats. */
export const parseHttpDate = (text: string): number | undefined =>
  parseImfDate(text) ?? parseRfc850Date(text) ?? parseAsctimeDate(text)

/** Formats a time as an IMF-fixdate, the only format that is generated. @param seconds since 1970 */
export const imfDate = (seconds: number): string => {
  const { year, month, day, hour, minute, second, weekDay } = calendarDate(Math.floor(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${two(day)} ${SHORT_MONTH_NAMES[month - 1]!} ${String(year).padStart(4, '0')}`
  return `${SHORT_DAY_NAMES[weekDay]!}, ${date} ${two(hour)}:${two(minute)}:${two(second)} GMT`
}
