/** Log lines as HAProxy writes them: the header of each format (`update_log_hdr` and its neighbours in src/log.c). */
import { encodeText } from '../bytes/text.js'
import { LOG_FACILITIES } from '../config/model/log.js'

export interface LogLine {
  /** `raw`, `short` … */
  readonly format: string
  readonly facility: string
  /** 0 … 7 */
  readonly level: number
  /** the calendar: microseconds since 1970 */
  readonly time: number
  /** of this machine; undefined: not sent unless the format asks for one */
  readonly hostname: string | undefined
  readonly tag: string
  readonly pid: number
  readonly message: string
  /** of the whole, in bytes, the line feed among them */
  readonly maxLength: number
}

/** The line with its line feed. */
export const formatLogLine = (line: LogLine): Buffer => {
  const bytes = encodeText(header(line) + line.message)
  return Buffer.concat([bytes.subarray(0, line.maxLength - 1), Buffer.from('\n')])
}

const header = ({ format, facility, level, time, hostname, tag, pid }: LogLine): string => {
  const priority = `<${LOG_FACILITIES.indexOf(facility) * 8 + level}>`
  switch (format) {
    case 'raw':
      return ''
    case 'short':
      return `<${level}>`
    case 'timed':
      return `<${level}>${isoDate(time)} `
    case 'iso':
      return `${isoDate(time)} `
    case 'priority':
      return priority
    case 'rfc5424':
      return `${priority}1 ${isoDate(time)} ${hostname ?? '-'} ${tag} ${pid} - - `
    case 'rfc3164':
      return `${priority}${shortDate(time)} ${hostname ?? 'localhost'} ${tag}[${pid}]: `
    default:
      return `${priority}${shortDate(time)} ${tag}[${pid}]: `
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

const timeOfDay = (date: Date): string => [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Nov  1 12:34:56`, in local time */
const shortDate = (time: number): string => {
  const date = new Date(Math.floor(time / 1000))
  return `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2)} ${timeOfDay(date)}`
}

/** `2026-11-01T12:34:56.123456+00:00`, in local time */
const isoDate = (time: number): string => {
  const date = new Date(Math.floor(time / 1000))
  const micros = time - Math.floor(time / 1_000_000) * 1_000_000
  const east = -date.getTimezoneOffset()
  const away = Math.abs(east)
  const zone = `${east < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${timeOfDay(date)}.${String(micros).padStart(6, '0')}${zone}`
}
