/** Operating system errors as Lua returns them: nil, message, number (`luaL_fileresult`). */
import { errorNumber, fileErrorText, type FileErrorCode } from '../../haproxy/file-errors.js'
import type { ProgramEnd } from '../host/permissions.js'
import { lua, luaString, type lua_State } from '../fengari.js'

const { lua_pushboolean, lua_pushinteger, lua_pushnil, lua_pushstring } = lua

/** Pushes the results of a failure, with the file name, if any, before the message. */
export const pushFileResult = (L: lua_State, code: FileErrorCode, name?: string): number => {
  lua_pushnil(L)
  lua_pushstring(L, luaString(name === undefined ? fileErrorText(code) : `${name}: ${fileErrorText(code)}`))
  lua_pushinteger(L, errorNumber(code))
  return 3
}

/** Pushes `true`, or the results of a failure. */
export const pushDone = (L: lua_State, problem: FileErrorCode | undefined, name?: string): number => {
  if (problem !== undefined) return pushFileResult(L, problem, name)
  lua_pushboolean(L, true)
  return 1
}

/** Pushes how a program ended (`luaL_execresult`). */
export const pushProgramEnd = (L: lua_State, end: ProgramEnd): number => {
  if (end.ok) lua_pushboolean(L, true)
  else lua_pushnil(L)
  lua_pushstring(L, end.how)
  lua_pushinteger(L, end.code)
  return 3
}
