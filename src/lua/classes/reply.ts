/** The class Reply: a table that describes a response, which `TXN.done` sends (`hlua_txn_reply_…` and `hlua_txn_forward_reply` in src/hlua.c). */
import { Fields, reasonOf } from '../../http/index.js'
import { makeHead, putReply } from '../../haproxy/streams/http/replies.js'
import type { Stream } from '../../haproxy/streams/stream.js'
import { throwLuaError } from '../binding/errors.js'
import { LuaClass } from '../binding/lua-class.js'
import { tableEntries } from '../binding/table-entries.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'
import { push } from '../vm/api/push.js'
import { argument, checkCString, checkInt, checkTable } from '../vm/arguments.js'
import { cString } from '../vm/bytes.js'
import { getIndex, putIndex } from '../vm/native-operations.js'
import { numberText, toInteger } from '../vm/number-text.js'
import { LuaTable } from '../vm/table.js'
import { plainTypeName } from '../vm/type-of.js'
import type { LuaValue } from '../vm/value.js'

const { lua_pushboolean, lua_setmetatable } = lua

/** A string, or a number as text; undefined for other values. */
const textOf = (value: LuaValue): string | undefined => (typeof value === 'string' ? value : numberText(value))

const isNumber = (value: LuaValue): boolean => typeof value !== 'string' && numberText(value) !== undefined

/** An integer as C's `int` has it; 0 for a number without integer value. */
const intOf = (value: LuaValue): number => Number(BigInt.asIntN(32, BigInt(toInteger(value) ?? 0)))

/** The values of a header: one, or those of a table. */
const headerValues = (value: LuaValue): LuaTable | undefined => {
  const values = new LuaTable()
  if (textOf(value) !== undefined) values.setInt(1, value)
  else if (!(value instanceof LuaTable)) return undefined
  else {
    let count = 0
    for (const [, each] of tableEntries(value)) if (textOf(each) !== undefined) values.setInt(++count, each)
  }
  return values
}

const copyHeaders = (given: LuaValue): LuaTable => {
  const headers = new LuaTable()
  if (!(given instanceof LuaTable)) return headers
  for (const [name, value] of tableEntries(given)) {
    const values = headerValues(value)
    if (values) headers.set(name, values)
  }
  return headers
}

/** Pushes the object for a table at index 2 with `status`, `body` and `headers`; `reason` is that of the status in any case. Returns 1. */
export const makeReply = (L: lua_State): number => {
  const given = argument(L, 2)
  const field = (name: string): LuaValue => (given instanceof LuaTable ? getIndex(L, given, name) : undefined)
  const wanted = field('status')
  const status = isNumber(wanted) ? intOf(wanted) : 200
  const body = field('body')
  const reply = new LuaTable()
  reply.set('status', status)
  reply.set('reason', reasonOf(status))
  reply.set('body', typeof body === 'string' ? cString(body) : undefined)
  reply.set('headers', copyHeaders(field('headers')))
  push(L, reply)
  replyClass.pushMetatable(L)
  lua_setmetatable(L, -2)
  return 1
}

/** Adds the headers of a reply, of which `Content-Length` is left out. Returns whether the response is chunked. */
const addHeaders = (fields: Fields, headers: LuaValue): boolean => {
  let isChunked = false
  if (!(headers instanceof LuaTable)) return false
  for (const [key, values] of tableEntries(headers)) {
    const name = textOf(key)
    if (name === undefined || !(values instanceof LuaTable)) continue
    const lower = name.toLowerCase()
    if (lower === 'content-length') continue
    for (const [, each] of tableEntries(values)) {
      const value = textOf(each)
      if (value === undefined) continue
      if (lower === 'transfer-encoding') isChunked ||= /(?:^|,)\s*chunked\s*$/i.test(value)
      fields.append(name, value)
    }
  }
  return isChunked
}

/** Sends the response that the table at index 2 describes, in place of the server's. Returns false if there is no room for it. */
export const sendReplyTable = (L: lua_State, stream: Stream): boolean => {
  const given = argument(L, 2)
  const field = (name: string): LuaValue => getIndex(L, given, name)
  const wanted = field('status')
  const status = isNumber(wanted) ? intOf(wanted) : 200
  const reason = field('reason')
  const text = field('body')
  const body = typeof text === 'string' ? text : ''
  const transaction = stream.transaction!
  const isVersion11 = transaction.request.isVersion11 === true
  const fields = new Fields()
  const isChunked = addHeaders(fields, field('headers'))
  if (!isChunked) fields.append('content-length', String(body.length))
  const made = makeHead(status, fields, body)
  const head = {
    ...made,
    version: isVersion11 ? 'HTTP/1.1' : 'HTTP/1.0',
    isVersion11,
    statusText: isNumber(wanted) ? textOf(wanted)! : '200',
    reason: typeof reason === 'string' ? reason : reasonOf(status),
    ...(isChunked && { body: 'chunked' as const, isChunked, hasTransferCoding: true, length: undefined }),
  }
  transaction.status = status
  if (putReply(stream, { head, body })) return true
  stream.response.truncate()
  return false
}

const setStatus: LuaFunction = (L) => {
  const status = checkInt(L, 2)
  const reason = argument(L, 3) === undefined ? undefined : checkCString(L, 3)
  const reply = checkTable(L, 1)
  const isValid = status >= 100 && status <= 599
  if (isValid) {
    putIndex(L, reply, 'status', status)
    putIndex(L, reply, 'reason', reason ?? reasonOf(status))
  }
  lua_pushboolean(L, isValid)
  return 1
}

const addHeader: LuaFunction = (L) => {
  const name = checkCString(L, 2)
  const value = checkCString(L, 3)
  const headers = getIndex(L, checkTable(L, 1), 'headers')
  if (!(headers instanceof LuaTable))
    return throwLuaError(L, `Reply['headers'] is expected to a an array. ${plainTypeName(headers)} found`)
  let values = getIndex(L, headers, name)
  if (values === undefined) putIndex(L, headers, name, (values = new LuaTable()))
  else if (!(values instanceof LuaTable))
    return throwLuaError(L, `Reply['headers']['${name}'] is expected to be an array. ${plainTypeName(values)} found`)
  values.setInt(values.length + 1, value)
  lua_pushboolean(L, true)
  return 1
}

const deleteHeader: LuaFunction = (L) => {
  const name = checkCString(L, 2)
  const headers = getIndex(L, checkTable(L, 1), 'headers')
  if (!(headers instanceof LuaTable))
    return throwLuaError(L, `Reply['headers'] is expected to be an array. ${plainTypeName(headers)} found`)
  putIndex(L, headers, name, undefined)
  lua_pushboolean(L, true)
  return 1
}

const setBody: LuaFunction = (L) => {
  const body = checkCString(L, 2)
  putIndex(L, checkTable(L, 1), 'body', body)
  lua_pushboolean(L, true)
  return 1
}

const replyClass = new LuaClass<object>(undefined, {
  methods: { set_status: setStatus, add_header: addHeader, del_header: deleteHeader, set_body: setBody },
})
