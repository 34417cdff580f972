/**
 * Changes of messages in the room that their buffers have, `tune.maxrewrite` at least (src/http_htx.c). Each function returns false, and
 * changes nothing more, if there is not enough room.
 */
import { lowerCase, trimWhiteSpace } from '../../../http/characters.js'
import type { Field } from '../../../http/fields.js'
import { BLOCK_SIZE } from '../../../http/h1/limits.js'
import type { RequestHead, ResponseHead } from '../../../http/message.js'
import { parseUri, splitQuery, withoutUserInfo } from '../../../http/index.js'
import { findValueEnd } from '../../../http/values.js'
import { expandReplacement, type Regex } from '../../../regex/index.js'
import type { MessageBuffer } from '../buffer.js'
import type { Message } from './transaction.js'

/** A message, and the buffer that it is in. */
export interface Rewritable<Head extends RequestHead | ResponseHead = RequestHead | ResponseHead> {
  readonly message: Pick<Message<Head>, 'head' | 'hasAuthority'>
  readonly buffer: MessageBuffer
}

const fits = (buffer: MessageBuffer, growth: number): boolean => growth <= 0 || growth <= buffer.room(0)

/** Length of a name at most, in bytes. */
const LONGEST_NAME = 255

/** Appends a field (`http_add_header`). @param name in any case */
export const addField = ({ message, buffer }: Rewritable, name: string, value: string): boolean => {
  if (name.length > LONGEST_NAME || !fits(buffer, BLOCK_SIZE + name.length + value.length)) return false
  message.head!.fields.append(name, value)
  return name.length !== 4 || name.toLowerCase() !== 'host' || updateAuthority({ message, buffer }, value)
}

/** Replaces the value of a field of the message (`http_replace_header_value`). */
export const replaceFieldValue = ({ message, buffer }: Rewritable, field: Field, value: string): boolean => {
  if (!fits(buffer, value.length - field.value.length)) return false
  field.value = value
  return field.name !== 'host' || updateAuthority({ message, buffer }, value)
}

/** Puts the value of `Host` into a target that has an authority (`http_update_authority`). */
const updateAuthority = ({ message, buffer }: Rewritable, host: string): boolean => {
  const head = message.head!
  if (!('method' in head) || !message.hasAuthority) return true
  const { scheme = '', authority = '' } = parseUri(head.uri)
  const old = withoutUserInfo(authority)
  if (old === '') return false
  if (old === host) return true
  if (!fits(buffer, host.length - old.length)) return false
  const end = scheme.length + authority.length
  head.uri = head.uri.slice(0, end - old.length) + host + head.uri.slice(end)
  return true
}

/**
 * Replaces the elements of a field's value that `change` returns something for, one after another; a comma ends an element unless it is
 * quoted.
 */
export const replaceElements = (
  target: Rewritable,
  field: Field,
  change: (element: string) => string | undefined,
): boolean => {
  for (let at = 0; ;) {
    const { value } = field
    const end = findValueEnd(value, at)
    const changed = change(trimWhiteSpace(value.slice(at, end)))
    if (changed !== undefined && !replaceFieldValue(target, field, value.slice(0, at) + changed + value.slice(end)))
      return false
    if (end >= value.length) return true
    at = (changed === undefined ? end : at + changed.length) + 1
  }
}

/**
 * Replaces the values of fields that a regular expression matches, or their elements (`http_replace_hdrs`, src/http_ana.c). Returns false if
 * there is not enough room, or the result is longer than a buffer.
 * @param replacement with `\\1` and its like for what was captured
 * @param whole whether whole values are matched rather than their elements
 */
export const replaceFields = (
  target: Rewritable,
  name: string,
  regex: Regex,
  replacement: string,
  whole: boolean,
): boolean => {
  const wanted = lowerCase(name)
  let isFailed = false
  const change = (text: string): string | undefined => {
    const match = isFailed ? undefined : regex.exec(text)
    if (!match) return undefined
    const expanded = expandReplacement(replacement, text, match, target.buffer.size)
    isFailed = expanded === undefined
    return expanded
  }
  for (const field of target.message.head!.fields) {
    if (field.name !== wanted) continue
    if (!whole) isFailed = !replaceElements(target, field, change) || isFailed
    else {
      const changed = change(trimWhiteSpace(field.value))
      if (changed !== undefined) isFailed = !replaceFieldValue(target, field, changed)
    }
    if (isFailed) return false
  }
  return true
}

/** Replaces the method. */
export const replaceMethod = ({ message, buffer }: Rewritable<RequestHead>, method: string): boolean => {
  const head = message.head!
  if (!fits(buffer, method.length - head.method.length)) return false
  head.method = method
  return true
}

/** Replaces the target, and `Host` by its authority if it has one (`http_replace_req_uri`, `http_update_host`). */
export const replaceUri = (target: Rewritable<RequestHead>, uri: string): boolean => {
  if (!setUri(target, uri)) return false
  const { message } = target
  const { format, authority = '' } = parseUri(uri)
  message.hasAuthority = format === 'absolute or authority'
  if (!message.hasAuthority) return true
  const host = message.head!.method === 'CONNECT' ? uri : withoutUserInfo(authority)
  if (host === '') return false
  for (const field of message.head!.fields)
    if (field.name === 'host' && !replaceFieldValue(target, field, host)) return false
  return true
}

const setUri = ({ message, buffer }: Rewritable<RequestHead>, uri: string): boolean => {
  const head = message.head!
  if (!fits(buffer, uri.length - head.uri.length)) return false
  head.uri = uri
  return true
}

/** Replaces the path of the target, or the whole target if it has no path. @param withQuery the query is part of the path */
export const replacePath = (target: Rewritable<RequestHead>, path: string, withQuery: boolean): boolean => {
  const { uri } = target.message.head!
  const old = parseUri(uri).path ?? uri
  const length = withQuery ? old.length : splitQuery(old).path.length
  const start = uri.length - old.length
  return setUri(target, uri.slice(0, start) + path + uri.slice(start + length))
}

/** Replaces the query. @param query with its `?`, which is not added alone */
export const replaceQuery = (target: Rewritable<RequestHead>, query: string): boolean => {
  const { uri } = target.message.head!
  const at = uri.indexOf('?')
  if (at >= 0) return setUri(target, uri.slice(0, at) + `?${query.slice(1)}`)
  return query.length > 1 ? setUri(target, uri + query) : true
}

/** Replaces status and reason (`http_replace_res_status`). */
export const replaceStatus = (
  { message, buffer }: Rewritable<ResponseHead>,
  status: number,
  reason: string,
): boolean => {
  const head = message.head!
  const statusText = String(status)
  if (!fits(buffer, statusText.length + reason.length - head.statusText.length - head.reason.length)) return false
  head.status = status
  head.statusText = statusText
  head.reason = reason
  return true
}
