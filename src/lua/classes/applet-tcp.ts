/**
 * The class AppletTCP: what a script reads from and writes to whoever called it (`hlua_applet_tcp_…` in src/hlua.c). Here it
 * serves the commands that scripts register; what else may be behind it has the same shape.
 */
import { checkArguments, LuaClass } from './bind.js'
import { coroutineOf, yieldUntil } from '../host/coroutine.js'
import { lauxlib, lua, type LuaContinuation, type LuaFunction, type lua_State } from '../fengari.js'
import type { WaitList } from '../host/wait-list.js'
import { notEmulated } from './not-yet.js'

const { lua_gettop, lua_pushinteger, lua_pushlstring, lua_pushnil, lua_pushvalue, lua_settop } = lua
const { luaL_checkinteger, luaL_checkstring } = lauxlib

/** Where the bytes of an applet go to and come from. */
export interface AppletStream {
  /** Sends all of it; {@link hasRoom} tells whether it was taken. */
  send(bytes: Uint8Array): void
  readonly hasRoom: boolean
  /** What has come: a whole line with its end, or the rest once nothing more will come; empty when neither is there. */
  readLine(): Uint8Array
  /** Up to `limit` bytes of what has come. */
  read(limit: number): Uint8Array
  readonly inputEnded: boolean
  /** who waits for more to read, and for room to write */
  readonly readers: WaitList
  readonly writers: WaitList
}

class Applet {
  /** what `receive` has collected so far */
  collected: Uint8Array[] = []

  constructor(readonly stream: AppletStream) {}
}

const pushBytes = (L: lua_State, bytes: Uint8Array): number => {
  lua_pushlstring(L, bytes, bytes.length)
  return 1
}

const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let place = 0
  for (const part of parts) {
    all.set(part, place)
    place += part.length
  }
  return all
}

const wait = (L: lua_State, list: WaitList, resume: LuaContinuation): number => {
  coroutineOf(L)?.waitIn(list)
  return yieldUntil(L, resume, undefined)
}

const lineOrWait: LuaContinuation = (L) => {
  const { stream } = appletClass.check(L, 1)
  const line = stream.readLine()
  return line.length > 0 || stream.inputEnded ? pushBytes(L, line) : wait(L, stream.readers, lineOrWait)
}

const receive: LuaFunction = (L) => {
  const count = lua_gettop(L)
  const wanted = count >= 2 ? Number(luaL_checkinteger(L, 2)) : -1
  lua_settop(L, 1)
  lua_pushinteger(L, wanted)
  appletClass.check(L, 1).collected = []
  return receiveMore(L, 0, 0)
}

const receiveMore: LuaContinuation = (L) => {
  const applet = appletClass.check(L, 1)
  const { stream, collected } = applet
  const wanted = Number(luaL_checkinteger(L, 2))
  const length = collected.reduce((sum, part) => sum + part.length, 0)
  const more = stream.read(wanted < 0 ? Infinity : wanted - length)
  collected.push(more)
  if (!stream.inputEnded && (wanted < 0 || length + more.length < wanted)) return wait(L, stream.readers, receiveMore)
  applet.collected = []
  return pushBytes(L, joined(collected))
}

const send: LuaFunction = (L) => {
  checkArguments(L, 2, 'send')
  const applet = appletClass.check(L, 1)
  const bytes = luaL_checkstring(L, 2)
  applet.stream.send(bytes)
  lua_settop(L, 1)
  lua_pushinteger(L, bytes.length)
  return sent(L, 0, 0)
}

/** Goes on once the other side has taken what was sent, so that a script cannot pile up answers for a slow reader. */
const sent: LuaContinuation = (L) => {
  const { stream } = appletClass.check(L, 1)
  if (!stream.hasRoom) return wait(L, stream.writers, sent)
  lua_pushvalue(L, 2)
  return 1
}

/** Private data belongs to the Lua context of a stream; a conversation with the runtime API has none. */
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
    return notEmulated(L, `AppletTCP.${name}`)
  }

const appletClass: LuaClass<Applet> = new LuaClass<Applet>('AppletTCP', {
  methods: {
    getline: (L) => lineOrWait(L, 0, 0),
    receive,
    send,
    set_priv: setPriv,
    get_priv: getPriv,
    set_var: variables('set_var'),
    unset_var: variables('unset_var'),
    get_var: variables('get_var'),
  },
})

/** Pushes a new object for a stream. */
export const pushAppletTcp = (L: lua_State, stream: AppletStream): void => appletClass.push(L, new Applet(stream))
