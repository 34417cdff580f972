/** The class AppletHTTP: reads the request and writes the response of a service (`hlua_applet_http_…` in src/hlua.c). */
import { parseUri, splitQuery } from '../../http/index.js'
import { intArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { LuaClass } from '../binding/lua-class.js'
import { HttpServiceCall } from '../calls/http-service.js'
import { lua, type LuaContinuation, type LuaFunction, type lua_State } from '../fengari.js'
import { yieldFor } from '../host/yielding.js'
import { push } from '../vm/api/push.js'
import { argument, checkCString, checkInt, checkInteger, checkText, give } from '../vm/arguments.js'
import { cString } from '../vm/bytes.js'
import { getIndex, putIndex } from '../vm/native-operations.js'
import { LuaTable } from '../vm/table.js'
import { plainTypeName } from '../vm/type-of.js'
import type { LuaValue } from '../vm/value.js'
import type { ApiPart } from './api-part.js'
import { appletMembers } from './applet-members.js'
import { responseHead } from './applet-response.js'
import { setSampleFields } from './sample-fields.js'
import { headerTable } from '../binding/message-fields.js'

const { lua_gettop, lua_pushboolean, lua_pushinteger, lua_setfield, lua_settop } = lua

const giveTaken = (L: lua_State, call: HttpServiceCall): number => {
  const { taken } = call
  call.taken = ''
  return give(L, taken)
}

const getline: LuaFunction = (L) => {
  appletClass.check(L, 1).taken = ''
  return getlineMore(L, 0, 0)
}

const getlineMore: LuaContinuation = (L) => {
  const call = appletClass.check(L, 1)
  return call.take(Infinity, true) ? giveTaken(L, call) : yieldFor(L, call.readers, getlineMore)
}

/** `receive([size])`: without a size, or with a negative one, the whole body. */
const receive: LuaFunction = (L) => {
  const call = appletClass.check(L, 1)
  const count = lua_gettop(L)
  if (count > 2) throwLuaError(L, "The 'recv' function requires between 1 and 2 arguments.")
  const size = count === 2 ? intArgument(L, 2) : -1
  lua_settop(L, 1)
  lua_pushinteger(L, size)
  call.taken = ''
  return receiveMore(L, 0, 0)
}

const receiveMore: LuaContinuation = (L) => {
  const call = appletClass.check(L, 1)
  const size = checkInt(L, 2)
  const limit = size < 0 ? Infinity : size - call.taken.length
  return call.take(limit, false) ? giveTaken(L, call) : yieldFor(L, call.readers, receiveMore)
}

const send: LuaFunction = (L) => {
  const { isStarted } = appletClass.check(L, 1)
  if (!isStarted) throwLuaError(L, "Lua: 'send' you must call start_response() before sending data.")
  lua_pushinteger(L, 0)
  checkInteger(L, 3)
  return sendMore(L, 0, 0)
}

/** @param context how much of the text is written */
const sendMore: LuaContinuation = (L, _status, context) => {
  const call = appletClass.check(L, 1)
  const text = checkText(L, 2)
  const written = call.write(text, context)
  if (written < 0) return yieldFor(L, call.writers, sendMore, { context })
  if (written < text.length) return yieldFor(L, call.writers, sendMore, { context: written })
  lua_pushinteger(L, written)
  return 1
}

const addHeader: LuaFunction = (L) => {
  appletClass.check(L, 1)
  const name = checkText(L, 2)
  const value = checkText(L, 3)
  const response = getIndex(L, argument(L, 1), 'response')
  if (!(response instanceof LuaTable))
    return throwLuaError(
      L,
      `Lua: 'add_header' internal error: AppletHTTP['response'] is expected as an array. ${plainTypeName(response)} found`,
    )
  let values = getIndex(L, response, cString(name))
  if (values === undefined) putIndex(L, response, name, (values = new LuaTable()))
  else if (!(values instanceof LuaTable))
    return throwLuaError(
      L,
      `Lua: 'add_header' internal error: AppletHTTP['response']['${cString(name)}'] is expected as an array. ` +
        `${plainTypeName(values)} found`,
    )
  values.setInt(values.length + 1, value)
  lua_pushboolean(L, true)
  return 1
}

const setStatus: LuaFunction = (L) => {
  const call = appletClass.check(L, 1)
  const status = checkInt(L, 2)
  const reason = argument(L, 3) === undefined ? undefined : checkCString(L, 3)
  const isValid = status >= 100 && status <= 599
  if (isValid) {
    call.status = status
    call.reason = reason
  }
  lua_pushboolean(L, isValid)
  return 1
}

/** Waits until everything written before is sent, and writes the head of the response. */
const startResponse: LuaContinuation = (L) => {
  const call = appletClass.check(L, 1)
  if (!call.canStart) return yieldFor(L, call.writers, startResponse)
  const head = responseHead(L, call, getIndex(L, argument(L, 1), 'response'))
  if (!call.start(head)) throwLuaError(L, "Lua: 'start_response': response header block too big")
  return 0
}

/** Sets the fields of a new object, which is on top of the stack. */
const setFields = (L: lua_State, call: HttpServiceCall): void => {
  setSampleFields(L, call.caller, false)
  const { request, transaction } = call.stream
  const head = transaction!.request.head!
  const set = (name: string, value: LuaValue): void => {
    push(L, value)
    lua_setfield(L, -2, name)
  }
  set('method', head.method)
  set('version', head.version)
  set('headers', headerTable(head.fields))
  const { path: target } = parseUri(head.uri)
  if (target !== undefined) {
    const { path, query = '' } = splitQuery(target)
    set('path', path)
    set('qs', query)
  }
  set('length', request.buffer.body.length + request.buffer.missing)
  set('response', new LuaTable())
}

const appletClass: LuaClass<HttpServiceCall> = new LuaClass<HttpServiceCall>('AppletHTTP', {
  type: HttpServiceCall,
  initialize: setFields,
  methods: {
    ...appletMembers((L) => appletClass.check(L, 1)),
    getline,
    receive,
    send,
    add_header: addHeader,
    set_status: setStatus,
    start_response: (L) => startResponse(L, 0, 0),
  },
})

export const APPLET_HTTP: ApiPart = { class: appletClass }
