/** Pushes the results of functions written in TypeScript. */
import { toByteString } from '../../bytes/text.js'
import { lua, type lua_State } from '../fengari.js'
import { pushByteString } from '../vm/api/push.js'

const { lua_pushinteger, lua_pushlstring, lua_pushnil, lua_pushnumber } = lua

/** Pushes text as a Lua string. */
export const pushString = (L: lua_State, text: string): void => pushByteString(L, toByteString(text))

/** Pushes bytes as a Lua string. Returns 1, the number of results. */
export const pushBytes = (L: lua_State, bytes: Uint8Array): number => {
  lua_pushlstring(L, bytes, bytes.length)
  return 1
}

/** Pushes text as a Lua string, or nil for undefined. */
export const pushStringOrNil = (L: lua_State, text: string | undefined): void => {
  if (text === undefined) lua_pushnil(L)
  else pushString(L, text)
}

/** Pushes an integer; a number that JavaScript cannot hold exactly becomes a float. */
export const pushInteger = (L: lua_State, value: number | bigint): void => {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) lua_pushinteger(L, value as number)
  else lua_pushnumber(L, value)
}
