/**
 * `strftime` of the GNU C library with its extensions: flags and a width between `%` and the conversion, seconds since 1970, and what is no conversion as
 * it is. C locale.
 */
import { localDate, type LocalDate } from './local.js'
import { conversionAt } from './strftime.js'
import type { TimeZone } from './zone.js'

/** `%`, flags, a width, a modifier, a conversion. */
const SEQUENCE = /%([_\-0+^#]*)(\d*)([EO]?)([\s\S]?)/g

/** Digits that numbers have without flags, and what they are padded with. */
const NUMBERS: Readonly<Record<string, readonly [digits: number, pad: string]>> = {
  C: [2, '0'],
  d: [2, '0'],
  e: [2, ' '],
  g: [2, '0'],
  G: [1, '0'],
  H: [2, '0'],
  I: [2, '0'],
  j: [3, '0'],
  k: [2, ' '],
  l: [2, ' '],
  m: [2, '0'],
  M: [2, '0'],
  s: [1, '0'],
  S: [2, '0'],
  u: [1, '0'],
  U: [2, '0'],
  V: [2, '0'],
  w: [1, '0'],
  W: [2, '0'],
  y: [2, '0'],
  Y: [1, '0'],
}

const swapCase = (text: string): string => (/[a-z]/.test(text) ? text.toUpperCase() : text.toLowerCase())

/** The conversions of the GNU C library beyond those of C99. */
const extension = (letter: string, date: LocalDate, seconds: bigint): string | undefined => {
  switch (letter) {
    case 's':
      return String(seconds)
    case 'k':
      return String(date.hour)
    case 'l':
      return String(date.hour % 12 || 12)
    case 'P':
      return date.hour < 12 ? 'am' : 'pm'
    default:
      return undefined
  }
}

/** Formats seconds since 1970 in a time zone. */
export const gnuStrftime = (format: string, seconds: bigint, zone: TimeZone): string => {
  const date = localDate(seconds, zone)
  return format.replace(
    SEQUENCE,
    (sequence: string, flags: string, width: string, modifier: string, letter: string) => {
      const conversion = conversionAt(modifier + letter, 0)
      const extended = modifier === '' ? extension(letter, date, seconds) : undefined
      // `Z` and the names of C are upper case unless a flag says so
      let text = extended ?? conversion?.convert(date)
      if (text === undefined) return sequence.padStart(Number(width))
      const number = NUMBERS[letter]
      const flag = [...flags].reverse().find((each) => each === '_' || each === '-' || each === '0' || each === '+')
      if (flags.includes('^')) text = text.toUpperCase()
      else if (flags.includes('#')) text = letter === 'Z' || letter === 'p' ? text.toLowerCase() : swapCase(text)
      if (!number) return text.padStart(Number(width), flag === '0' || flag === '+' ? '0' : ' ')
      const digits = text.trimStart().replace(/^0+(?=\d)/, '')
      if (flag === '-') return digits
      const pad = flag === '_' ? ' ' : flag === '0' || flag === '+' ? '0' : number[1]
      return digits.padStart(Math.max(number[0], Number(width)), pad)
    },
  )
}
