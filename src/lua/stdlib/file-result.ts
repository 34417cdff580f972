/** Failures of the operating system as Lua returns them: nil, the message, the number (`luaL_fileresult`). */
import type { ProgramEnd } from '../host/doors.js'
import { FILE_ERRORS } from '../host/files.js'
import { lua, luaString, type lua_State } from '../fengari.js'
import type { OpenFileError } from './open-file.js'

const { lua_pushboolean, lua_pushinteger, lua_pushnil, lua_pushstring } = lua

const NUMBERS: Readonly<Record<OpenFileError, number>> = {
  ENOENT: 2,
  EIO: 5,
  EBADF: 9,
  EACCES: 13,
  EISDIR: 21,
  EINVAL: 22,
}

export const systemError = (code: OpenFileError): string =>
  code === 'EBADF' ? 'Bad file descriptor' : code === 'EINVAL' ? 'Invalid argument' : FILE_ERRORS[code]

/** Pushes the results of something that failed, with the name of the file before the message if there is one. */
export const pushFileResult = (L: lua_State, code: OpenFileError, name?: string): number => {
  lua_pushnil(L)
  lua_pushstring(L, luaString(name === undefined ? systemError(code) : `${name}: ${systemError(code)}`))
  lua_pushinteger(L, NUMBERS[code])
  return 3
}

/** Pushes `true`, or the failure. */
export const pushDone = (L: lua_State, problem: OpenFileError | undefined, name?: string): number => {
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
