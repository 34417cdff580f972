/** Checks of the arguments that scripts pass to HAProxy's functions, with HAProxy's error messages (src/hlua_fcn.c, src/hlua.c). */
import { fromByteString } from '../../bytes/text.js'
import { jsString, lauxlib, lua, luaString, type lua_State } from '../fengari.js'
import { checkInt, checkText } from '../vm/arguments.js'
import { cString } from '../vm/bytes.js'
import { charge } from '../vm/hook.js'
import { throwLuaError } from './errors.js'

const {
  lua_gettop,
  lua_isfunction,
  lua_isinteger,
  lua_istable,
  lua_next,
  lua_pop,
  lua_pushnil,
  lua_pushvalue,
  lua_rawgeti,
  lua_rawlen,
  lua_tointeger,
  lua_tostring,
  lua_type,
  LUA_REGISTRYINDEX,
  LUA_TSTRING,
} = lua
const { luaL_argerror, luaL_ref, luaL_typename } = lauxlib

/** Throws unless there are exactly `count` arguments (`check_args`). @param name the function as the message names it */
export const checkArgumentCount = (L: lua_State, count: number, name: string): void => {
  if (lua_gettop(L) !== count) throwLuaError(L, `'${name}' needs ${count} arguments`)
}

/** Argument `arg` as text up to the first zero byte (`luaL_checkstring`); throws unless it is a string or a number. */
export const stringArgument = (L: lua_State, arg: number): string => fromByteString(cString(byteArgument(L, arg)))

/** Argument `arg` as a byte string; a number is replaced by its text on the stack (`luaL_checklstring`). */
export const textArgument = (L: lua_State, arg: number): string => {
  const text = checkText(L, arg)
  const at = L.ci.base + arg
  if (L.stack[at] !== text) L.stack[at] = text
  return text
}

/** The whole argument `arg` as text (`luaL_checklstring`); throws unless it is a string or a number. */
export const wholeStringArgument = (L: lua_State, arg: number): string => fromByteString(byteArgument(L, arg))

/** The whole argument `arg` as a byte string, which is counted as `lua_tolstring` counts it. */
const byteArgument = (L: lua_State, arg: number): string => {
  const text = textArgument(L, arg)
  charge(L, text.length)
  return text
}

/** Argument `arg` as HAProxy assigns it to an `int`: the lower 32 bits; throws unless it is an integer. */
export const intArgument = (L: lua_State, arg: number): number => checkInt(L, arg)

/** The string on top of the stack; undefined if the value there has another type. */
export const stringOnTop = (L: lua_State): string | undefined =>
  lua_type(L, -1) === LUA_TSTRING ? jsString(lua_tostring(L, -1)!) : undefined

/** Returns a reference to argument `arg`; throws unless it is a function (`hlua_checkfunction`). */
export const checkFunctionArgument = (L: lua_State, arg: number): number => {
  if (!lua_isfunction(L, arg)) argumentTypeError(L, arg, 'function')
  return referenceTo(L, arg)
}

/** Returns a reference to argument `arg`; throws unless it is a table (`hlua_checktable`). */
export const checkTableArgument = (L: lua_State, arg: number): number => {
  if (!lua_istable(L, arg)) argumentTypeError(L, arg, 'table')
  return referenceTo(L, arg)
}

/** Throws: argument `arg` is not of the expected type. */
export const argumentTypeError = (L: lua_State, arg: number, expected: string): never =>
  luaL_argerror(L, arg, luaString(`${expected} expected, got ${jsString(luaL_typename(L, arg))}`))

const referenceTo = (L: lua_State, index: number): number => {
  lua_pushvalue(L, index)
  return luaL_ref(L, LUA_REGISTRYINDEX)
}

/**
 * Calls `visit` with each value of the table at `index` on top of the stack. Values of the array part come first, in order, as in PUC
 * Lua.
 */
export const eachValue = (L: lua_State, index: number, visit: () => void): void => {
  const length = lua_rawlen(L, index)
  for (let i = 1; i <= length; i++) {
    lua_rawgeti(L, index, i)
    visit()
    lua_pop(L, 1)
  }
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    const inArray = lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= length
    if (!inArray) visit()
  }
}
