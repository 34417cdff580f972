/** Members that AppletTCP and AppletHTTP share: variables, private data, fetches and converters (`hlua_applet_tcp_…`, src/hlua.c). */
import { checkArgumentCount } from '../binding/arguments.js'
import type { AppletScope } from '../calls/applet.js'
import { Converters, Fetches } from '../calls/txn.js'
import { lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import { variableMembers } from './variable-members.js'

const { lua_pushnil, lua_pushvalue, lua_rawgeti, lua_setfield, LUA_REGISTRYINDEX } = lua
const { luaL_ref, luaL_unref } = lauxlib

/** @param check returns what the object at index 1 is bound to */
export const appletMembers = (check: (L: lua_State) => AppletScope): Readonly<Record<string, LuaFunction>> => {
  return {
    set_priv: (L) => {
      const coroutine = check(L).privateOwner
      if (!coroutine) return 0
      checkArgumentCount(L, 2, 'set_priv')
      if (coroutine.privateData !== 0) luaL_unref(L, LUA_REGISTRYINDEX, coroutine.privateData)
      lua_pushvalue(L, 2)
      coroutine.privateData = luaL_ref(L, LUA_REGISTRYINDEX)
      return 0
    },
    get_priv: (L) => {
      const data = check(L).privateOwner?.privateData ?? 0
      if (data === 0) lua_pushnil(L)
      else lua_rawgeti(L, LUA_REGISTRYINDEX, data)
      return 1
    },
    ...variableMembers(check),
  }
}

const F = luaString('f')
const SF = luaString('sf')
const C = luaString('c')
const SC = luaString('sc')

/** Sets the fields with fetches and converters of a new object; fetches of what the channels hold are not available. */
export const setSampleFields = (L: lua_State, { caller }: AppletScope): void => {
  const state = stateOf(L)
  const set = (name: Uint8Array, object: object): void => {
    state.push(L, object)
    lua_setfield(L, -2, name)
  }
  set(F, new Fetches(caller, false, false))
  set(SF, new Fetches(caller, true, false))
  set(C, new Converters(caller, false))
  set(SC, new Converters(caller, true))
}
