/** The class AppletTCP: reads from and writes to the peer of a call (`hlua_applet_tcp_…` in src/hlua.c). */
import { joinBytes, totalLength } from '../../bytes/join.js'
import { parseVariableName, type VariableName } from '../../config/samples/variables.js'
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import type { Variables } from '../../haproxy/samples/variables.js'
import { checkArgumentCount, intArgument, wholeStringArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushBytes } from '../binding/results.js'
import { pushSample, sampleArgument } from '../binding/samples.js'
import { Applet } from '../calls/applet.js'
import { lauxlib, lua, type LuaContinuation, type LuaFunction, type lua_State } from '../fengari.js'
import { coroutineOf, yieldUntil } from '../host/coroutine.js'
import { stateOf } from '../host/script-state.js'
import type { WaitList } from '../host/wait-list.js'
import type { ApiPart } from './api-part.js'

const { lua_gettop, lua_pushboolean, lua_pushinteger, lua_pushnil, lua_pushvalue, lua_settop, lua_toboolean } = lua
const { luaL_checkinteger, luaL_checklstring } = lauxlib

const wait = (L: lua_State, list: WaitList, resume: LuaContinuation, until?: Micros): number => {
  coroutineOf(L)?.waitIn(list)
  return yieldUntil(L, resume, until)
}

const getline: LuaContinuation = (L) => {
  const { stream } = appletClass.check(L, 1)
  const line = stream.readLine()
  return line.length > 0 || stream.inputEnded ? pushBytes(L, line) : wait(L, stream.readers, getline)
}

/** `receive([size[, timeout]])`: without a size, or with a negative one, up to the end of the input. The timeout is in ms; 0: none. */
const receive: LuaFunction = (L) => {
  const applet = appletClass.check(L, 1)
  const count = lua_gettop(L)
  if (count > 3) throwLuaError(L, "The 'recv' function requires between 1 and 3 arguments.")
  const timeout = count >= 3 ? intArgument(L, 3) : 0
  const size = count >= 2 ? intArgument(L, 2) : -1
  lua_settop(L, 1)
  lua_pushinteger(L, size)
  applet.received = []
  applet.deadline = timeout === 0 ? undefined : stateOf(L).host.process.clock.now + timeout * MILLISECOND
  return receiveMore(L, 0, 0)
}

/** Once the time is over, what was received before is lost unless the rest arrives at that moment. */
const receiveMore: LuaContinuation = (L) => {
  const applet = appletClass.check(L, 1)
  const { stream, received, deadline } = applet
  const size = Number(luaL_checkinteger(L, 2))
  const isOver = deadline !== undefined && stateOf(L).host.process.clock.now >= deadline
  if (stream.waiting === 0 && !stream.inputEnded) {
    if (!isOver) return wait(L, stream.readers, receiveMore, deadline)
    applet.received = []
    lua_pushnil(L)
    return 1
  }
  const length = totalLength(received)
  const more = stream.read(size < 0 ? Infinity : size - length)
  received.push(more)
  const isComplete = stream.inputEnded || isOver || (size >= 0 && length + more.length >= size)
  if (!isComplete) return wait(L, stream.readers, receiveMore, deadline)
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
  const bytes = luaL_checklstring(L, 2)
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

/** The variables of the stream, and the one that argument 2 names; undefined for an invalid name. */
const variableArguments = (L: lua_State): { variables: Variables; name: VariableName | undefined } => {
  const { stream } = appletClass.check(L, 1)
  const name = parseVariableName(wholeStringArgument(L, 2))
  return { variables: stream.variables, name: 'error' in name ? undefined : name }
}

/** `set_var(name, value[, ifexist])`: with the last, a variable of the process must be known. */
const setVar: LuaFunction = (L) => {
  const count = lua_gettop(L)
  if (count < 3 || count > 4) throwLuaError(L, "'set_var' needs between 3 and 4 arguments")
  const { variables, name } = variableArguments(L)
  const mustExist = count === 4 && lua_toboolean(L, 4) && name?.scope === 'proc'
  const isSet = name !== undefined && variables.set(name, sampleArgument(L, 3), mustExist ? ['ifexists'] : [])
  lua_pushboolean(L, isSet)
  return 1
}

const unsetVar: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'unset_var')
  const { variables, name } = variableArguments(L)
  lua_pushboolean(L, name !== undefined && variables.unset(name))
  return 1
}

const getVar: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'get_var')
  const { variables, name } = variableArguments(L)
  return pushSample(L, name && variables.get(name))
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
    set_var: setVar,
    unset_var: unsetVar,
    get_var: getVar,
  },
})

export const APPLET_TCP: ApiPart = { class: appletClass }
