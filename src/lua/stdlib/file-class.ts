/** The class `FILE*`: files as Lua values, and their methods (liolib.c). */
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable, setFunctions } from '../binding/function-table.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { pushInteger } from '../binding/results.js'
import { libraryStateOf } from './library-state.js'
import { get } from '../vm/api/values.js'
import type { Userdata } from '../vm/value.js'
import { pushDone, pushFileResult, pushProgramEnd } from './file-result.js'
import type { OpenFile } from './open-file.js'
import { readFormats } from './read-formats.js'

const {
  lua_createtable,
  lua_gettop,
  lua_insert,
  lua_newuserdata,
  lua_pushboolean,
  lua_pushcclosure,
  lua_pushinteger,
  lua_pushnil,
  lua_pushstring,
  lua_pushvalue,
  lua_rawset,
  lua_settop,
  lua_toboolean,
  lua_tostring,
  lua_isinteger,
  lua_type,
  lua_upvalueindex,
  LUA_TNUMBER,
} = lua
const {
  luaL_argerror,
  luaL_checkoption,
  luaL_checklstring,
  luaL_checkudata,
  luaL_newmetatable,
  luaL_optinteger,
  luaL_setmetatable,
  luaL_testudata,
} = lauxlib

const NAME = luaString('FILE*')

/** The maximum number of formats of `lines`. */
const MOST_FORMATS = 250

/** Pushes a file. */
export const pushFile = (L: lua_State, file: OpenFile): void => {
  lua_newuserdata(L, 0).file = file
  const userdata = get(L, -1) as Userdata
  userdata.userValues = 0
  luaL_setmetatable(L, NAME)
  if (!file.standard) libraryStateOf(L).openFiles.set(file, userdata)
}

/** Returns the file at `arg`, open or closed; undefined if the argument is not a file. */
export const testFile = (L: lua_State, arg: number): OpenFile | undefined => {
  const data = luaL_testudata(L, arg, NAME)
  return data === null ? undefined : (data.file as OpenFile)
}

/** Returns the open file at `arg`; throws if it is closed or not a file. */
export const checkFile = (L: lua_State, arg = 1): OpenFile => {
  const file = luaL_checkudata(L, arg, NAME).file as OpenFile
  return file.closed ? throwLuaError(L, 'attempt to use a closed file') : file
}

/** Closes `file` and pushes the results. */
export const closeFile = (L: lua_State, file: OpenFile): number => {
  if (file.standard) {
    lua_pushnil(L)
    lua_pushstring(L, 'cannot close standard file')
    return 2
  }
  libraryStateOf(L).openFiles.delete(file)
  const end = file.close()
  return typeof end === 'object' ? pushProgramEnd(L, end) : pushDone(L, end)
}

/** Writes the arguments from `first` on; the file is on top of the stack and is the result. */
export const writeArguments = (L: lua_State, file: OpenFile, first: number): number => {
  const last = lua_gettop(L) - 1
  let problem: FileErrorCode | undefined
  for (let arg = first; arg <= last; arg++) {
    // a float is printed with `%.14g`, without the `.0` of tostring
    const isFloat = lua_type(L, arg) === LUA_TNUMBER && !lua_isinteger(L, arg)
    const bytes = luaL_checklstring(L, arg)
    problem ??= file.write(isFloat && endsWithZero(bytes) ? bytes.subarray(0, -2) : bytes)
  }
  return problem === undefined ? 1 : pushFileResult(L, problem)
}

const endsWithZero = (bytes: Uint8Array): boolean => bytes.at(-2) === 46 && bytes.at(-1) === 48

/**
 * Pushes the iterator of `lines` for the file at index `at` and the formats above it.
 *
 * @param close whether to close the file at its end
 */
export const pushLines = (L: lua_State, at: number, close: boolean): void => {
  const formats = lua_gettop(L) - at
  if (formats > MOST_FORMATS) luaL_argerror(L, MOST_FORMATS + 2, luaString('too many arguments'))
  lua_pushinteger(L, formats)
  lua_insert(L, at + 1)
  lua_pushboolean(L, close)
  lua_insert(L, at + 2)
  // upvalues as in PUC Lua: the file, the number of formats, whether to close it, the formats
  lua_pushcclosure(L, nextLine(formats), 3 + formats)
}

const nextLine =
  (formats: number): LuaFunction =>
  (L) => {
    const file = testFile(L, lua_upvalueindex(1))
    // PUC Lua crashes if debug.setupvalue has set another value
    if (file === undefined || file.closed) return throwLuaError(L, 'file is already closed')
    lua_settop(L, 1)
    for (let i = 1; i <= formats; i++) lua_pushvalue(L, lua_upvalueindex(3 + i))
    const n = readFormats(L, file, 2)
    if (lua_toboolean(L, -n)) return n
    if (n > 1) return throwLuaError(L, jsString(lua_tostring(L, -n + 1)!))
    if (lua_toboolean(L, lua_upvalueindex(3))) {
      lua_settop(L, 0)
      closeFile(L, file)
    }
    return 0
  }

const WHENCE = ['set', 'cur', 'end'] as const
const MODES = ['no', 'full', 'line'] as const
const MODE_OPTIONS = MODES.map(luaString)
const WHENCE_OPTIONS = WHENCE.map(luaString)

const methods = {
  close: (L: lua_State) => closeFile(L, checkFile(L)),
  flush: (L: lua_State) => {
    return pushDone(L, checkFile(L).flush())
  },
  lines: (L: lua_State) => {
    checkFile(L)
    pushLines(L, 1, false)
    return 1
  },
  read: (L: lua_State) => readFormats(L, checkFile(L), 2),
  seek: (L: lua_State) => {
    const file = checkFile(L)
    const whence = WHENCE[luaL_checkoption(L, 2, 'cur', WHENCE_OPTIONS)]!
    const to = file.seek(whence, Number(luaL_optinteger(L, 3, 0)))
    if (typeof to === 'string') return pushFileResult(L, to)
    pushInteger(L, to < 2 ** 63 ? to : 2n ** 63n - 1n)
    return 1
  },
  setvbuf: (L: lua_State) => {
    const file = checkFile(L)
    const mode = MODES[luaL_checkoption(L, 2, null, MODE_OPTIONS)]!
    luaL_optinteger(L, 3, 0)
    return pushDone(L, file.setBuffering(mode))
  },
  write: (L: lua_State) => {
    const file = checkFile(L)
    lua_pushvalue(L, 1)
    return writeArguments(L, file, 2)
  },
}

const collect: LuaFunction = (L) => {
  const file = luaL_checkudata(L, 1, NAME).file as OpenFile
  if (!file.closed && !file.standard) closeFile(L, file)
  return 0
}

const tostring: LuaFunction = (L) => {
  const file = luaL_checkudata(L, 1, NAME).file as OpenFile
  lua_pushstring(L, luaString(file.closed ? 'file (closed)' : `file (${libraryStateOf(L).addressOf(file)})`))
  return 1
}

const METHODS = functionTable(methods)
const METAMETHODS = functionTable({ __gc: collect, __close: collect, __tostring: tostring })

/** Creates the class in a state. */
export const registerFileClass = (L: lua_State): void => {
  luaL_newmetatable(L, NAME)
  setFunctions(L, METAMETHODS)
  lua_pushstring(L, '__index')
  lua_createtable(L, 0, METHODS.length)
  setFunctions(L, METHODS)
  lua_rawset(L, -3)
  lua_settop(L, -2)
}
