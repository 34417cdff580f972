/** Cookies of requests: what logs capture, and the server that a cookie names (`http_manage_client_side_cookies`, src/http_ana.c). */
import type { CookieConfig } from '../../../config/model/cookie.js'
import { SECOND, type Micros } from '../../../engine/clock.js'
import { ServerState } from '../../server/status.js'
import type { Stream } from '../stream.js'
import { CookieLine, type CookiePart } from './cookie-line.js'
import { parseDate30 } from './cookie-state.js'

/** Between the name of the server and the value in prefix mode, and before dates. */
export const PREFIX_DELIMITER = '~'
export const DATE_DELIMITER = '|'

/** Dates are integers of 32 bits in C. */
const int32 = (value: number): number => value | 0

/** How far dates may be in the future. */
const DAY = 86_400

/** Whether the cookies of the stream matter. */
export const hasManagedCookies = ({ backend, session, context }: Stream): boolean =>
  backend.config.cookie !== undefined || context.plan(session.frontend).traffic?.cookieCapture !== undefined

export const manageRequestCookies = (stream: Stream): void => {
  const { fields } = stream.transaction!.request.head!
  fields.rewrite('cookie', (value) => manageLine(stream, value))
}

const manageLine = (stream: Stream, value: string): string => {
  const line = new CookieLine(value, true)
  const { cookie } = stream.backend.config
  const hides = cookie?.options.has('insert') === true && cookie.options.has('indirect')
  let removedFrom: number | undefined
  let isKept = false
  for (let part = line.next(); part; part = line.next()) {
    if (line.text[part.nameAt] === '$') continue
    const isOurs = part.hasValue && cookie !== undefined && line.text.slice(part.nameAt, part.nameEnd) === cookie.name
    if (part.hasValue) captureCookie(stream, 'client', line.text, part)
    if (isOurs) {
      const end = useCookie(stream, cookie, line.text, part)
      if (cookie.options.has('prefix') && end !== part.valueEnd) {
        line.replace(part.valueAt, end + 1, '')
        removedFrom = undefined
        isKept = true
      } else if (hides) removedFrom ??= part.from
    } else {
      isKept = true
      if (removedFrom !== undefined) line.remove(removedFrom, part.from)
      removedFrom = undefined
    }
  }
  if (removedFrom === undefined) return line.text
  return isKept ? line.text.slice(0, removedFrom) : ''
}

/** Keeps the cookie of `capture cookie`, whose name is a beginning of it. */
export const captureCookie = (stream: Stream, side: 'client' | 'server', text: string, part: CookiePart): void => {
  const capture = stream.context.plan(stream.session.frontend).traffic?.cookieCapture
  const transaction = stream.transaction!
  const name = side === 'client' ? 'clientCookie' : 'serverCookie'
  if (!capture || transaction[name] !== undefined) return
  const cookie = text.slice(part.nameAt, part.valueEnd)
  if (cookie.startsWith(capture.name)) transaction[name] = cookie.slice(0, capture.length)
}

/** Chooses the server that a cookie names. Returns the end of the name in the text. */
const useCookie = (stream: Stream, cookie: CookieConfig, text: string, part: CookiePart): number => {
  const { valueAt, valueEnd } = part
  const state = stream.transaction!.cookie
  let end = valueEnd
  if (cookie.options.has('prefix')) {
    const delimiter = text.indexOf(PREFIX_DELIMITER, valueAt)
    if (delimiter >= 0 && delimiter < valueEnd) end = delimiter
  } else end = valueAt + readDates(stream, text.slice(valueAt, valueEnd))
  const now = Math.floor(stream.context.process.clock.wall / SECOND)
  const isLate = (date: number, most: Micros): boolean =>
    date !== 0 && most !== 0 && (int32(now - date) > Math.floor(most / SECOND) || int32(date - now) > DAY)
  const isOld = isLate(state.firstDate, cookie.maxLife)
  const isIgnored = isOld || isLate(state.lastDate, cookie.maxIdle)
  if (isIgnored) {
    state.request = isOld ? 'O' : 'E'
    state.firstDate = state.lastDate = 0
  }
  const name = isIgnored ? '' : text.slice(valueAt, end)
  const mayChoose = name !== '' && !stream.ignoresPersistence && !stream.isAssigned
  const isChosen = mayChoose && chooseServer(stream, name)
  if (!isChosen && state.request === 'N') state.request = stream.ignoresPersistence || stream.isAssigned ? 'U' : 'I'
  return isIgnored ? valueAt : end
}

/** Reads the dates after the name of a server. Returns the length of the name. */
const readDates = (stream: Stream, value: string): number => {
  const [name = '', last, first] = value.split(DATE_DELIMITER, 3)
  const state = stream.transaction!.cookie
  const dateOf = (text: string | undefined): number => (text === undefined ? 0 : (parseDate30(text) ?? 0) << 2)
  state.lastDate = dateOf(last) || state.lastDate
  state.firstDate = dateOf(first) || state.firstDate
  return name.length
}

/** Chooses the first server of that name that is up, or that may be used although it is down. */
const chooseServer = (stream: Stream, name: string): boolean => {
  const { backend, forcesPersistence, transaction } = stream
  const usesDown = forcesPersistence || backend.config.options.has('persist')
  for (const server of backend.servers) {
    if (server.config.cookie !== name) continue
    const isDown = server.state === ServerState.STOPPED
    transaction!.cookie.request = isDown ? 'D' : 'V'
    if (isDown && !usesDown) continue
    stream.isDirect = stream.isAssigned = true
    stream.target = server
    return true
  }
  return false
}
