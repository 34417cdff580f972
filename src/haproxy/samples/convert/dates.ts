/** Converters of seconds since 1970 to dates and of HTTP's dates to seconds (src/sample.c, src/http_conv.c). */
import { SHORT_DAY_NAMES, SHORT_MONTH_NAMES } from '../../../engine/calendar.js'
import { gnuStrftime } from '../../../engine/time-zone/gnu-strftime.js'
import { fixedZone } from '../../../engine/time-zone/index.js'
import { greenwichDate } from '../../../engine/time-zone/strftime.js'
import { parseHttpDate } from '../../../http/dates.js'
import { dateUnitProblem, integerArgument, textArgument, unitsPerSecond, type Converter } from '../keyword.js'
import { bytesOf, sint, str, type IntegerSample } from '../sample.js'

/** Seconds are taken modulo 2^55, so that no date is before 1970. */
const SECONDS = 0x007fffffffffffffn
const GREENWICH = fixedZone(0, 'GMT')

/** `%N`, with a number of digits before the N: nanoseconds. */
const withNanoseconds = (format: string, nanoseconds: bigint): string => {
  const digits = nanoseconds.toString().padStart(9, '0')
  return format.replace(/%(\d*)N/g, (_, width: string) =>
    digits.slice(0, width === '' ? 9 : Math.min(Number(width), 9)),
  )
}

const formatting = (name: string, isLocal: boolean, perSecond: bigint): Converter => ({
  name,
  bind: (args) => {
    const format = textArgument(args, 0)
    const offset = integerArgument(args, 1)
    return (sample, { process }) => {
      const { value } = sample as IntegerSample
      const zone = isLocal ? process.localTime.zone : GREENWICH
      if (perSecond === 1n) return str(gnuStrftime(format, BigInt.asIntN(64, (value & SECONDS) + offset), zone))
      const total = BigInt.asIntN(64, value + offset)
      // unsigned: dates before 1970 have the digits of 2^64 minus their distance
      const nanoseconds = BigInt.asUintN(64, (total % perSecond) * (1_000_000_000n / perSecond))
      return str(gnuStrftime(withNanoseconds(format, nanoseconds), total / perSecond, zone))
    }
  },
})

const two = (value: number): string => String(value).padStart(2, '0')

/** `%0Nd` of printf, whose width the sign is part of. */
const zeroPadded = (value: bigint, width: number): string =>
  value < 0n ? `-${String(-value).padStart(width - 1, '0')}` : String(value).padStart(width, '0')

const httpDate: Converter = {
  name: 'http_date',
  check: (args) => dateUnitProblem(args, 1),
  bind: (args) => {
    const offset = integerArgument(args, 0)
    const unit = args.length < 2 ? 's' : textArgument(args, 1)
    const perSecond = unitsPerSecond(args, 1)
    return (sample) => {
      const value = BigInt.asIntN(64, (sample as IntegerSample).value + offset)
      const date = greenwichDate((value / perSecond) & SECONDS)
      const fraction = unit === 's' ? '' : `.${zeroPadded(value % perSecond, unit === 'ms' ? 3 : 6)}`
      return str(
        `${SHORT_DAY_NAMES[date.weekDay]}, ${two(date.day)} ${SHORT_MONTH_NAMES[date.month - 1]} ` +
          `${String(date.year).padStart(4, '0')} ${two(date.hour)}:${two(date.minute)}:${two(date.second)}${fraction} GMT`,
      )
    }
  },
}

export const DATE_CONVERTERS: readonly Converter[] = [
  formatting('ltime', true, 1n),
  formatting('ms_ltime', true, 1000n),
  formatting('us_ltime', true, 1_000_000n),
  formatting('utime', false, 1n),
  formatting('ms_utime', false, 1000n),
  formatting('us_utime', false, 1_000_000n),
  httpDate,
  {
    name: 'date',
    bind: () => (sample) => {
      const seconds = parseHttpDate(bytesOf(sample))
      return seconds === undefined ? undefined : sint(seconds)
    },
  },
]
