/** Numbers of the host for Lua: integers where they are whole, floats beyond what a number of JavaScript holds exactly. */
import { lua, type lua_State } from '../fengari.js'

const { lua_pushinteger, lua_pushnumber } = lua

export const pushInteger = (L: lua_State, value: number | bigint): void => {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) lua_pushinteger(L, value as number)
  else lua_pushnumber(L, value)
}
