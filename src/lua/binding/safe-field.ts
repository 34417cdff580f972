/** Access to fields of objects whose metamethods may fail, from outside of a call. */
import { lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { errorText } from '../host/errors.js'

const { lua_gettable, lua_pcall, lua_pushcfunction, lua_pushstring, lua_pushvalue, LUA_OK } = lua

const get: LuaFunction = (L) => {
  lua_gettable(L, 1)
  return 1
}

/** Pushes a field of the value on top of the stack. Returns the message if that fails, which is then on top. */
export const getFieldSafely = (L: lua_State, name: string): string | undefined => {
  lua_pushvalue(L, -1)
  lua_pushcfunction(L, get)
  lua.lua_insert(L, -2)
  lua_pushstring(L, luaString(name))
  return lua_pcall(L, 2, 1, 0) === LUA_OK ? undefined : (errorText(L) ?? 'critical error')
}
