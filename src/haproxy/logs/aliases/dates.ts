/** Aliases of log-formats: dates of the accepted connection and of the request (`date2str_log` and its like in src/tools.c). */
import { MILLISECOND, SECOND, type Micros } from '../../../engine/clock.js'
import { calendarDate, SHORT_MONTH_NAMES, type CalendarDate } from '../../../engine/calendar.js'
import { offsetText } from '../../../engine/time-zone/index.js'
import { timeBeforeRequest, type LogSubject } from '../subject.js'
import type { Aliases } from './alias.js'

const padded = (value: number, digits: number): string => String(value).padStart(digits, '0')

const secondsOf = (date: Micros): number => Math.floor(date / SECOND)
const millisecondsOf = (date: Micros): number => Math.floor((date - secondsOf(date) * SECOND) / MILLISECOND)

/** `26/Apr/2024:09:39:58` */
export const dateText = ({ year, month, day, hour, minute, second }: CalendarDate): string => {
  const time = [hour, minute, second].map((part) => padded(part, 2)).join(':')
  return `${padded(day, 2)}/${SHORT_MONTH_NAMES[month - 1]}/${padded(year, 4)}:${time}`
}

/** A date on the wall clock in the time zone of the process, with milliseconds, as `%t` has it (`date2str_log`). */
export const localDateText = (date: Micros, { localTime }: LogSubject['process']): string =>
  `${dateText(localTime.date(secondsOf(date)))}.${padded(millisecondsOf(date), 3)}`

const localWithOffset = (date: Micros, { localTime }: LogSubject['process']): string => {
  const parts = localTime.date(secondsOf(date))
  return `${dateText(parts)} ${offsetText(parts)}`
}

const gmt = (date: Micros): string => `${dateText(calendarDate(secondsOf(date)))} +0000`

/** When the request began: after the handshake and the idle time of its connection. */
const requestDate = ({ acceptedAt, times }: LogSubject): Micros => acceptedAt + timeBeforeRequest(times) * MILLISECOND

export const DATE_ALIASES: Aliases = {
  t: (line, subject) => line.date(localDateText(subject.acceptedAt, subject.process)),
  T: (line, { acceptedAt }) => line.date(gmt(acceptedAt)),
  Tl: (line, subject) => line.date(localWithOffset(subject.acceptedAt, subject.process)),
  tr: (line, subject) => line.date(localDateText(requestDate(subject), subject.process)),
  trg: (line, subject) => line.date(gmt(requestDate(subject))),
  trl: (line, subject) => line.date(localWithOffset(requestDate(subject), subject.process)),
  Ts: (line, { acceptedAt }) => line.hexInteger(secondsOf(acceptedAt), 4),
  ms: (line, { acceptedAt }) => line.hexInteger(millisecondsOf(acceptedAt), 2, 3),
}
