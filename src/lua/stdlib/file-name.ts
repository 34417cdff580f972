/** File names as arguments: C strings, which end at the first NUL. */
import { jsString, lauxlib, type lua_State } from '../fengari.js'

const { luaL_checkstring } = lauxlib

export const checkFileName = (L: lua_State, arg: number): string => fileName(luaL_checkstring(L, arg))

export const fileName = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0)
  return jsString(end < 0 ? bytes : bytes.subarray(0, end))
}
