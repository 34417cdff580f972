/** The private data that a script keeps with a coroutine (`set_priv` and `get_priv` of several classes, src/hlua.c). */
import { lauxlib, lua, type lua_State } from '../fengari.js'
import type { Coroutine } from '../host/coroutine.js'

const { lua_pushnil, lua_pushvalue, lua_rawgeti, LUA_REGISTRYINDEX } = lua
const { luaL_ref, luaL_unref } = lauxlib

/** Stores the value at index 2. */
export const setPrivateData = (L: lua_State, owner: Coroutine): 0 => {
  if (owner.privateData !== 0) luaL_unref(L, LUA_REGISTRYINDEX, owner.privateData)
  lua_pushvalue(L, 2)
  owner.privateData = luaL_ref(L, LUA_REGISTRYINDEX)
  return 0
}

/** Pushes what is stored; nil if nothing is. */
export const pushPrivateData = (L: lua_State, owner: Coroutine | undefined): 1 => {
  if (owner === undefined || owner.privateData === 0) lua_pushnil(L)
  else lua_rawgeti(L, LUA_REGISTRYINDEX, owner.privateData)
  return 1
}
