/** The class AppletTCP: reads from and writes to the peer of a call (`hlua_applet_tcp_…` in src/hlua.c). */
import { joinBytes, totalLength } from '../../bytes/join.js'
import { checkArgumentCount, intArgument } from '../binding/arguments.js'
import { throwLuaError, throwNotEmulated } from '../binding/errors.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushBytes } from '../binding/results.js'
import { Applet } from '../calls/applet.js'
import { lauxlib, lua, type LuaContinuation, type LuaFunction, type lua_State } from '../fengari.js'
import { coroutineOf, yieldUntil } from '../host/coroutine.js'
import type { WaitList } from '../host/wait-list.js'
import type { ApiPart } from './api-part.js'

const { lua_gettop, lua_pushinteger, lua_pushnil, lua_pushvalue, lua_settop } = lua
const { luaL_checkinteger, luaL_checkstring } = lauxlib

const wait = (L: lua_State, list: WaitList, resume: LuaContinuation): number => {
  coroutineOf(L)?.waitIn(list)
  return yieldUntil(L, resume, undefined)
}

const getline: LuaContinuation = (L) => {
  const { stream } = appletClass.check(L, 1)
  const line = stream.readLine()
  return line.length > 0 || stream.inputEnded ? pushBytes(L, line) : wait(L, stream.readers, getline)
}

const receive: LuaFunction = (L) => {
  const size = lua_gettop(L) >= 2 ? intArgument(L, 2) : -1
  lua_settop(L, 1)
  lua_pushinteger(L, size)
  appletClass.check(L, 1).received = []
  return receiveMore(L, 0, 0)
}

const receiveMore: LuaContinuation = (L) => {
  const applet = appletClass.check(L, 1)
  const { stream, received } = applet
  const size = Number(luaL_checkinteger(L, 2))
  const length = totalLength(received)
  const more = stream.read(size < 0 ? Infinity : size - length)
  received.push(more)
  if (!stream.inputEnded && (size < 0 || length + more.length < size)) return wait(L, stream.readers, receiveMore)
  applet.received = []
  return pushBytes(L, joinBytes(received))
}

/** Never yields. HAProxy calls it `try_recv` in its error message. */
const tryReceive: LuaFunction = (L) => {
  const { stream } = appletClass.check(L, 1)
  if (lua_gettop(L) > 1) throwLuaError(L, "The 'try_recv' function only expects applet argument.")
  const bytes = stream.read(Infinity)
  if (bytes.length > 0 || stream.inputEnded) return pushBytes(L, bytes)
  lua_pushnil(L)
  return 1
}

const send: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'send')
  const applet = appletClass.check(L, 1)
  const bytes = luaL_checkstring(L, 2)
  applet.stream.send(bytes)
  lua_settop(L, 1)
  lua_pushinteger(L, bytes.length)
  return waitUntilSent(L, 0, 0)
}

/** Returns once the peer has taken what was sent, so that a slow reader limits how much is buffered. */
const waitUntilSent: LuaContinuation = (L) => {
  const { stream } = appletClass.check(L, 1)
  if (!stream.hasRoom) return wait(L, stream.writers, waitUntilSent)
  lua_pushvalue(L, 2)
  return 1
}

/** Private data is kept in the Lua context of a stream; a session with the runtime API has none. */
const setPriv: LuaFunction = (L) => {
  appletClass.check(L, 1)
  return 0
}

const getPriv: LuaFunction = (L) => {
  appletClass.check(L, 1)
  lua_pushnil(L)
  return 1
}

const variables =
  (name: string): LuaFunction =>
  (L) => {
    appletClass.check(L, 1)
    return throwNotEmulated(L, `AppletTCP.${name}`)
  }

const appletClass: LuaClass<Applet> = new LuaClass<Applet>('AppletTCP', {
  type: Applet,
  methods: {
    getline: (L) => getline(L, 0, 0),
    receive,
    try_receive: tryReceive,
    send,
    set_priv: setPriv,
    get_priv: getPriv,
    set_var: variables('set_var'),
    unset_var: variables('unset_var'),
    get_var: variables('get_var'),
  },
})

export const APPLET_TCP: ApiPart = {
  class: appletClass,
  // scripts usually call the object `applet`
  notEmulated: ['applet.set_var', 'applet.unset_var', 'applet.get_var'],
}
