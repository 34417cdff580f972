/** Lua errors that functions written in TypeScript throw. */
import { lauxlib, lua, luaString, type lua_State } from '../fengari.js'

/** Throws a Lua error that starts with the position of the caller (`luaL_error`). */
export const throwLuaError = (L: lua_State, message: string): never => lauxlib.luaL_error(L, '%s', luaString(message))

/** Throws: HAProxy has the function, and hapsim does not emulate it. @param what the function as scripts write it */
export const throwNotEmulated = (L: lua_State, what: string): never =>
  throwLuaError(L, `${what} is not emulated by hapsim yet`)

/** Throws a message without the position of the caller (`lua_error`). */
export const throwMessage = (L: lua_State, message: string): never => {
  lua.lua_pushstring(L, luaString(message))
  return lua.lua_error(L) as never
}
