/** Cookies of responses: captures, persistence, `checkcache` (`http_manage_server_side_cookies`, `http_process_res_common`, src/http_ana.c). */
import type { CookieConfig } from '../../../config/model/cookie.js'
import { SECOND } from '../../../engine/clock.js'
import type { Stream } from '../stream.js'
import { checkCacheability } from './cacheability.js'
import { CookieLine } from './cookie-line.js'
import { formatDate30 } from './cookie-state.js'
import { captureCookie, DATE_DELIMITER, hasManagedCookies, PREFIX_DELIMITER } from './request-cookies.js'
import { addField, replaceFieldValue, type Rewritable } from './rewriting.js'

/** `blocked`: caches could keep a cookie, which `option checkcache` does not allow. */
export type CookieResult = 'done' | 'failed' | 'blocked'

export const manageResponseCookies = (stream: Stream): CookieResult => {
  const { transaction, backend, response } = stream
  const { cookie, options } = backend.config
  const state = transaction!.cookie
  const checksCache = options.has('checkcache')
  if (hasManagedCookies(stream) || checksCache) manageFields(stream)
  if (checksCache || cookie?.options.has('nocache') === true) checkCacheability(transaction!)
  const target = { message: transaction!.response, buffer: response.buffer }
  if (cookie && mustInsert(stream, cookie) && !insert(stream, cookie, target)) return 'failed'
  const isCacheable = transaction!.isCacheable && transaction!.mayCacheCookies
  if (!checksCache || !isCacheable || !state.isPresent) return 'done'
  reportCacheableCookie(stream)
  return 'blocked'
}

const reportCacheableCookie = ({ backend, server, context }: Stream): void => {
  const text =
    `Blocking cacheable cookie in response from instance ${backend.name}, ` + `server ${server?.name ?? '<dispatch>'}.`
  context.process.logger.message('alert', text)
  context.process.logger.send(backend, 1, text)
}

const manageFields = (stream: Stream): void => {
  const { transaction, response } = stream
  const target = { message: transaction!.response, buffer: response.buffer }
  const { fields } = target.message.head!
  const isManaged = hasManagedCookies(stream)
  const removed = new Set<object>()
  for (const field of fields) {
    if (field.name !== 'set-cookie') continue
    transaction!.cookie.isPresent = true
    if (!isManaged) return
    const value = manageLine(stream, field.value)
    if (value === '') removed.add(field)
    else replaceFieldValue(target, field, value)
  }
  fields.removeFields(removed)
}

/** The value of a `Set-Cookie` field; '' removes it. */
const manageLine = (stream: Stream, value: string): string => {
  const line = new CookieLine(value, false)
  const part = line.next()
  if (!part?.hasValue) return value
  captureCookie(stream, 'server', line.text, part)
  const { cookie } = stream.backend.config
  const isOurs = cookie !== undefined && line.text.slice(part.nameAt, part.nameEnd) === cookie.name
  if (!isOurs || stream.ignoresPersistence) return line.text
  const state = stream.transaction!.cookie
  const { server } = stream
  const { options } = cookie
  state.response = 'P'
  state.isFound = true
  if (options.has('preserve')) return line.text
  if ((server && options.has('insert')) || (stream.isDirect && options.has('indirect'))) {
    state.response = 'D'
    return ''
  }
  const name = server?.config.cookie
  if (name === undefined) return line.text
  if (options.has('rewrite')) line.replace(part.valueAt, part.valueEnd, name)
  else if (options.has('prefix')) line.replace(part.valueAt, part.valueAt, name + PREFIX_DELIMITER)
  else return line.text
  state.response = 'R'
  return line.text
}

/** Whether the response has to set the cookie: the client has none for this server, or its dates are not those that it should have. */
const mustInsert = (stream: Stream, { options, maxIdle, maxLife }: CookieConfig): boolean => {
  const { transaction, server, isDirect, ignoresPersistence, context } = stream
  const { isFound, lastDate, firstDate } = transaction!.cookie
  if (!server || !options.has('insert') || ignoresPersistence) return false
  if (isFound && options.has('preserve')) return false
  if (options.has('postonly') && transaction!.method !== 'POST') return false
  const now = Math.floor(context.process.clock.wall / SECOND)
  const isRefreshed = (maxIdle !== 0 || lastDate !== 0) && (lastDate === 0 || lastDate - now < 0)
  return !isDirect || isRefreshed || (maxLife !== 0) !== (firstDate !== 0)
}

const insert = (stream: Stream, cookie: CookieConfig, target: Rewritable): boolean => {
  const { transaction, server, isDirect } = stream
  const { options } = cookie
  const name = server!.config.cookie
  const parts = [
    name === undefined
      ? `${cookie.name}=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/`
      : `${cookie.name}=${name}${datesOf(stream, cookie)}; path=/`,
  ]
  if (cookie.domain !== undefined) parts.push(`domain=${cookie.domain}`)
  if (options.has('httponly')) parts.push('HttpOnly')
  if (options.has('secure')) parts.push('Secure')
  if (cookie.attributes !== undefined) parts.push(cookie.attributes)
  if (!addField(target, 'set-cookie', parts.join('; '))) return false
  transaction!.cookie.response = name !== undefined && isDirect ? 'U' : 'I'
  if (!options.has('nocache') || !transaction!.isCacheable) return true
  transaction!.isCacheable = transaction!.mayCacheCookies = false
  return addField(target, 'cache-control', 'private')
}

/** The dates that follow the name of the server. */
const datesOf = ({ transaction, context }: Stream, { maxIdle, maxLife }: CookieConfig): string => {
  if (maxIdle === 0 && maxLife === 0) return ''
  const quarters = (Math.floor(context.process.clock.wall / SECOND) + 3) >> 2
  const { firstDate } = transaction!.cookie
  const last = DATE_DELIMITER + formatDate30(quarters)
  return maxLife === 0 ? last : last + DATE_DELIMITER + formatDate30(firstDate === 0 ? quarters : firstDate >> 2)
}
