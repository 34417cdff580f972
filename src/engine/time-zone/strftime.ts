/** `strftime` of C99 as the GNU C library has it, in the C locale. */
import { fixedZone, localDate, offsetText, type LocalDate } from './index.js'
import {
  calendarDate,
  momentOf,
  type CalendarDate,
  DAY_NAMES,
  MONTH_NAMES,
  SHORT_DAY_NAMES,
  SHORT_MONTH_NAMES,
} from '../calendar.js'

const two = (value: number): string => String(value).padStart(2, '0')
const padded = (value: number): string => String(value).padStart(2, ' ')
const withinCentury = (year: number): number => ((year % 100) + 100) % 100
const hour12 = (date: CalendarDate): number => date.hour % 12 || 12

/** ISO 8601's year and week: the first one has the year's first Thursday. */
const isoWeek = (date: CalendarDate): { readonly year: number; readonly week: number } => {
  const fromMonday = (date.weekDay + 6) % 7
  const thursday = calendarDate(momentOf(date.year, date.month, date.day - fromMonday + 3, 0, 0, 0))
  return { year: thursday.year, week: Math.floor(thursday.yearDay / 7) + 1 }
}

const CONVERSIONS: Readonly<Record<string, (date: LocalDate) => string>> = {
  a: (d) => SHORT_DAY_NAMES[d.weekDay]!,
  A: (d) => DAY_NAMES[d.weekDay]!,
  b: (d) => SHORT_MONTH_NAMES[d.month - 1]!,
  B: (d) => MONTH_NAMES[d.month - 1]!,
  c: (d) => strftime('%a %b %e %H:%M:%S %Y', d),
  C: (d) => String(Math.floor(d.year / 100)),
  d: (d) => two(d.day),
  D: (d) => strftime('%m/%d/%y', d),
  e: (d) => padded(d.day),
  F: (d) => strftime('%Y-%m-%d', d),
  g: (d) => two(withinCentury(isoWeek(d).year)),
  G: (d) => String(isoWeek(d).year),
  h: (d) => SHORT_MONTH_NAMES[d.month - 1]!,
  H: (d) => two(d.hour),
  I: (d) => two(hour12(d)),
  j: (d) => String(d.yearDay + 1).padStart(3, '0'),
  m: (d) => two(d.month),
  M: (d) => two(d.minute),
  n: () => '\n',
  p: (d) => (d.hour < 12 ? 'AM' : 'PM'),
  r: (d) => strftime('%I:%M:%S %p', d),
  R: (d) => strftime('%H:%M', d),
  S: (d) => two(d.second),
  t: () => '\t',
  T: (d) => strftime('%H:%M:%S', d),
  u: (d) => String(d.weekDay || 7),
  U: (d) => two(Math.floor((d.yearDay + 7 - d.weekDay) / 7)),
  V: (d) => two(isoWeek(d).week),
  w: (d) => String(d.weekDay),
  W: (d) => two(Math.floor((d.yearDay + 7 - ((d.weekDay + 6) % 7)) / 7)),
  x: (d) => strftime('%m/%d/%y', d),
  X: (d) => strftime('%H:%M:%S', d),
  y: (d) => two(withinCentury(d.year)),
  Y: (d) => String(d.year),
  z: (d) => offsetText(d),
  Z: (d) => d.abbreviation,
  '%': () => '%',
}

/** The conversions that the modifiers `E` and `O` may precede. */
const MODIFIED: Readonly<Record<string, string>> = { E: 'cCxXyY', O: 'deHImMSuUVwWy' }

/** The conversion that `format` has at `index`, right after the `%`; undefined if C99 does not define it. */
export const conversionAt = (
  format: string,
  index: number,
): { readonly length: number; readonly convert: (date: LocalDate) => string } | undefined => {
  const modifier = MODIFIED[format[index] ?? '']
  const place = modifier === undefined ? index : index + 1
  const letter = format[place] ?? ''
  if (modifier !== undefined && !modifier.includes(letter)) return undefined
  const convert = letter !== '' && Object.hasOwn(CONVERSIONS, letter) ? CONVERSIONS[letter] : undefined
  return convert && { length: place + 1 - index, convert }
}

/** The date of a moment in UTC, which the C library calls GMT. */
export const greenwichDate = (seconds: number | bigint): LocalDate => localDate(seconds, GREENWICH)

const GREENWICH = fixedZone(0, 'GMT')

/** Formats `date`; every conversion of `format` must be one that {@link conversionAt} knows. */
export const strftime = (format: string, date: LocalDate): string => {
  let text = ''
  for (let i = 0; i < format.length; i++) {
    const conversion = format[i] === '%' ? conversionAt(format, i + 1) : undefined
    if (!conversion) {
      text += format[i]
      continue
    }
    text += conversion.convert(date)
    i += conversion.length
  }
  return text
}
