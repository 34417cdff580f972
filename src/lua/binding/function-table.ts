/** Tables of functions and constants that every Lua state gets: their names are converted to Lua strings once. */
import { lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'

const { lua_pushcfunction, lua_pushinteger, lua_pushstring, lua_rawset } = lua

/** Functions with their names as Lua strings. */
export type FunctionTable = readonly (readonly [name: Uint8Array, call: LuaFunction])[]

/** Integers with their names as Lua strings. */
export type IntegerTable = readonly (readonly [name: Uint8Array, value: number])[]

/** Converts the names of `functions`. */
export const functionTable = (functions: Readonly<Record<string, LuaFunction>>): FunctionTable =>
  Object.entries(functions).map(([name, call]) => [luaString(name), call] as const)

/** Converts the names of `constants`. */
export const integerTable = (constants: Readonly<Record<string, number>>): IntegerTable =>
  Object.entries(constants).map(([name, value]) => [luaString(name), value] as const)

/** Sets the functions as fields of the table on top of the stack. */
export const setFunctions = (L: lua_State, functions: FunctionTable): void => {
  for (const [name, call] of functions) {
    lua_pushstring(L, name)
    lua_pushcfunction(L, call)
    lua_rawset(L, -3)
  }
}

/** Sets the integers as fields of the table on top of the stack. */
export const setIntegers = (L: lua_State, constants: IntegerTable): void => {
  for (const [name, value] of constants) {
    lua_pushstring(L, name)
    lua_pushinteger(L, value)
    lua_rawset(L, -3)
  }
}
