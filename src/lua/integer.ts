/** Integers for Lua: fengari's have 32 bits, so those beyond become floats, which hold them exactly. */
import { lua, type lua_State } from './fengari.js'

const { lua_pushinteger, lua_pushnumber } = lua

export const pushInteger = (L: lua_State, value: number): void => {
  if (value === (value | 0)) lua_pushinteger(L, value)
  else lua_pushnumber(L, value)
}
