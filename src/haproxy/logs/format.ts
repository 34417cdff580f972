/** Log lines with the header of each log format (`update_log_hdr` and related code in src/log.c). */
import { encodeText } from '../../bytes/text.js'
import { SHORT_MONTH_NAMES } from '../../engine/calendar.js'
import { SECOND } from '../../engine/clock.js'
import { offsetText, type LocalDate } from '../../engine/time-zone/index.js'
import { LOG_FACILITIES } from '../../config/model/log.js'
import type { ProcessContext } from '../context.js'
import type { OutgoingLine } from './logger.js'

/** The parts of a log line. */
export interface LogLine {
  /** `raw`, `short` … */
  readonly format: string
  readonly facility: string
  /** 0 to 7 */
  readonly level: number
  /** local time, and the microseconds of the second */
  readonly date: LocalDate
  readonly micros: number
  /** undefined: omitted, or the default of the format */
  readonly hostname: string | undefined
  readonly tag: string
  readonly pid: number
  /** of the format rfc5424; empty: none is known */
  readonly structuredData: string
  /** line feeds and NULs at its end are left out */
  readonly message: string
  /** maximum length in bytes, including the line feed */
  readonly maxLength: number
}

/** Formats a line, including the line feed. */
export const formatLogLine = (line: LogLine): Buffer => {
  const bytes = encodeText(header(line) + line.message.replace(/[\n\0]+$/, ''))
  return Buffer.concat([bytes.subarray(0, line.maxLength - 1), Buffer.from('\n')])
}

const header = ({ format, facility, level, date, micros, hostname, tag, pid, structuredData }: LogLine): string => {
  const priority = `<${LOG_FACILITIES.indexOf(facility) * 8 + level}>`
  switch (format) {
    case 'raw':
      return ''
    case 'short':
      return `<${level}>`
    case 'timed':
      return `<${level}>${isoDate(date, micros)} `
    case 'iso':
      return `${isoDate(date, micros)} `
    case 'priority':
      return priority
    case 'rfc5424':
      return `${priority}1 ${isoDate(date, micros)} ${hostname ?? '-'} ${tag} ${pid} - ${structuredData} `
    case 'rfc3164':
      return `${priority}${shortDate(date)} ${hostname ?? 'localhost'} ${tag}[${pid}]: `
    default:
      return `${priority}${shortDate(date)} ${tag}[${pid}]: `
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

const timeOfDay = ({ hour, minute, second }: LocalDate): string => [hour, minute, second].map(two).join(':')

/** `Nov  1 12:34:56` */
const shortDate = (date: LocalDate): string =>
  `${SHORT_MONTH_NAMES[date.month - 1]} ${String(date.day).padStart(2)} ${timeOfDay(date)}`

/** `2026-11-01T12:34:56.123456+00:00` */
const isoDate = (date: LocalDate, micros: number): string => {
  const day = [date.year, two(date.month), two(date.day)].join('-')
  return `${day}T${timeOfDay(date)}.${String(micros).padStart(6, '0')}${offsetText(date, ':')}`
}

/** The bytes that are sent for a line to one of its targets (`process_send_log`). */
export const formatOutgoing = (
  { configuration: { global }, clock, localTime, machine }: ProcessContext,
  { target: where, level, message, structuredData, tag, source }: OutgoingLine,
): Uint8Array => {
  const { wall } = clock
  return formatLogLine({
    format: where.format ?? (global.logSendHostname === undefined ? 'local' : 'rfc3164'),
    facility: where.facility,
    level,
    date: localTime.date(Math.floor(wall / SECOND)),
    micros: wall % SECOND,
    hostname: global.logSendHostname === '' ? machine.hostname : global.logSendHostname,
    tag: tag ?? source?.logTag ?? global.logTag,
    structuredData,
    pid: machine.pid,
    message,
    maxLength: where.maxLength,
  })
}
