/** The class AppletTCP: reads from and writes to the peer of a call (`hlua_applet_tcp_…` in src/hlua.c). */
import { MILLISECOND } from '../../engine/clock.js'
import { checkArgumentCount, intArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { LuaClass } from '../binding/lua-class.js'
import { Applet } from '../calls/applet.js'
import { lauxlib, lua, type LuaContinuation, type LuaFunction } from '../fengari.js'
import { yieldFor } from '../host/yielding.js'
import { stateOf } from '../host/script-state.js'
import { checkText, give } from '../vm/arguments.js'
import type { ApiPart } from './api-part.js'
import { appletMembers } from './applet-members.js'
import { setSampleFields } from './sample-fields.js'

const { lua_gettop, lua_pushinteger, lua_pushnil, lua_settop } = lua
const { luaL_checkinteger } = lauxlib

const getline: LuaContinuation = (L) => {
  const { stream } = appletClass.check(L, 1)
  const line = stream.readLine()
  return line !== '' || stream.inputEnded ? give(L, line) : yieldFor(L, stream.readers, getline)
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
  applet.received = ''
  applet.deadline = timeout === 0 ? undefined : stateOf(L).host.process.clock.now + timeout * MILLISECOND
  return receiveMore(L, 0, 0)
}

/** Once the time is over, what was received before is lost unless the rest arrives at that moment. */
const receiveMore: LuaContinuation = (L) => {
  const applet = appletClass.check(L, 1)
  const { stream, deadline } = applet
  const size = Number(luaL_checkinteger(L, 2))
  const isOver = deadline !== undefined && stateOf(L).host.process.clock.now >= deadline
  if (stream.waiting === 0 && !stream.inputEnded) {
    if (!isOver) return yieldFor(L, stream.readers, receiveMore, { wakeAt: deadline })
    applet.received = ''
    lua_pushnil(L)
    return 1
  }
  const hasMet = stream.waiting === 0
  applet.received += stream.read(size < 0 ? Infinity : size - applet.received.length)
  const { received } = applet
  const isComplete =
    hasMet || isOver || (stream.inputEnded && stream.isResumedAtEnd) || (size >= 0 && received.length >= size)
  if (!isComplete) return yieldFor(L, stream.readers, receiveMore, { wakeAt: deadline })
  applet.received = ''
  return give(L, received)
}

/** Never yields. HAProxy calls it `try_recv` in its error message. */
const tryReceive: LuaFunction = (L) => {
  const { stream } = appletClass.check(L, 1)
  if (lua_gettop(L) > 1) throwLuaError(L, "The 'try_recv' function only expects applet argument.")
  const bytes = stream.read(Infinity)
  if (bytes !== '' || stream.inputEnded) return give(L, bytes)
  lua_pushnil(L)
  return 1
}

const send: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'send')
  appletClass.check(L, 1)
  checkText(L, 2)
  return sendMore(L, 0, 0)
}

/** @param context how much of the text is written */
const sendMore: LuaContinuation = (L, _status, context) => {
  const { stream } = appletClass.check(L, 1)
  const text = checkText(L, 2)
  const written = context < text.length ? stream.write(text, context) : context
  if (written < text.length || !stream.isWritten) return yieldFor(L, stream.writers, sendMore, { context: written })
  lua_settop(L, 2)
  lua_pushinteger(L, written)
  return 1
}

const appletClass: LuaClass<Applet> = new LuaClass<Applet>('AppletTCP', {
  type: Applet,
  initialize: (L, { stream }) => setSampleFields(L, stream.caller, false),
  methods: {
    getline: (L) => getline(L, 0, 0),
    receive,
    try_receive: tryReceive,
    send,
    ...appletMembers((L) => appletClass.check(L, 1).stream),
  },
})

export const APPLET_TCP: ApiPart = { class: appletClass }
