/**
 * The library package and require: Lua modules are files of the process, C modules are not supported (luaopen_package in Lua 5.4;
 * `hlua_prepend_path` in src/hlua.c).
 */
import { READ } from '../../haproxy/files.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable, setFunctions, type FunctionTable } from '../binding/function-table.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { adviceFor, NO_C_MODULES, refusal } from './c-modules.js'
import { libraryStateOf, type LibraryHost, type LibraryState } from './library-state.js'
import { openNative } from './native-module.js'
import { initialPath } from './package-path.js'

const {
  lua_call,
  lua_createtable,
  lua_getfield,
  lua_isnoneornil,
  lua_isstring,
  lua_pop,
  lua_pushboolean,
  lua_pushcfunction,
  lua_pushnil,
  lua_pushstring,
  lua_pushvalue,
  lua_rawgeti,
  lua_rawlen,
  lua_rawseti,
  lua_setfield,
  lua_setglobal,
  lua_settop,
  lua_toboolean,
  lua_tostring,
  lua_type,
  lua_isfunction,
  LUA_REGISTRYINDEX,
  LUA_TNIL,
  LUA_TSTRING,
  LUA_TTABLE,
} = lua
const { luaL_checkstring, luaL_optstring } = lauxlib

const PATH = ['/usr/local/share/lua/5.4', '/usr/local/lib/lua/5.4', '/usr/share/lua/5.4', '.']
  .flatMap((directory) => [`${directory}/?.lua`, `${directory}/?/init.lua`])
  .join(';')
const CPATH = [
  '/usr/local/lib/lua/5.4/?.so',
  '/usr/lib/x86_64-linux-gnu/lua/5.4/?.so',
  '/usr/lib/lua/5.4/?.so',
  '/usr/local/lib/lua/5.4/loadall.so',
  './?.so',
].join(';')

const LOADED = '_LOADED'
const PRELOAD = '_PRELOAD'

/** Returns the first readable file of `path`; otherwise a message with one line for each file tried, including empty templates. */
const search = (
  L: lua_State,
  name: string,
  path: string,
  separator: string,
  replacement: string,
): { readonly file: string } | { readonly tried: string } => {
  const { host } = libraryStateOf(L)
  const inFiles = separator === '' ? name : name.split(separator).join(replacement)
  const fill = (template: string): string => template.split('?').join(inFiles)
  // in 5.4, a name that contains a semicolon separates templates, too
  const tried = host.version === '5.3' ? path.split(';').map(fill) : fill(path).split(';')
  const file = tried.find((each) => isReadable(host, each))
  return file === undefined ? { tried: tried.map((each) => `no file '${each}'`).join('\n\t') } : { file }
}

/** Whether a path can be opened, regardless of its file type (`readable` in loadlib.c). */
const isReadable = (host: LibraryHost, name: string): boolean => {
  const opened = host.process.files.open(host.resolvePath(name), READ)
  if (typeof opened === 'object') opened.close()
  return typeof opened === 'object'
}

/** Returns `package.path` or `package.cpath`; throws if it is not a string. */
const pathOf = (L: lua_State, field: string): string => {
  lua_getfield(L, LUA_REGISTRYINDEX, LOADED)
  lua_getfield(L, -1, 'package')
  lua_getfield(L, -1, field)
  const path = lua_isstring(L, -1)
    ? jsString(lua_tostring(L, -1)!)
    : throwLuaError(L, `'package.${field}' must be a string`)
  lua_pop(L, 3)
  return path
}

const searchpath: LuaFunction = (L) => {
  // the last argument is checked first: C compilers evaluate arguments in that order
  const replacement = jsString(luaL_optstring(L, 4, '/')!)
  const separator = jsString(luaL_optstring(L, 3, '.')!)
  const path = jsString(luaL_checkstring(L, 2))
  const found = search(L, jsString(luaL_checkstring(L, 1)), path, separator, replacement)
  if ('file' in found) {
    lua_pushstring(L, luaString(found.file))
    return 1
  }
  lua_pushnil(L)
  lua_pushstring(L, luaString(found.tried))
  return 2
}

const loadlib: LuaFunction = (L) => {
  const file = jsString(luaL_checkstring(L, 1))
  luaL_checkstring(L, 2)
  const there = isReadable(libraryStateOf(L).host, file)
  lua_pushnil(L)
  lua_pushstring(
    L,
    luaString(there ? NO_C_MODULES : `${file}: cannot open shared object file: No such file or directory`),
  )
  lua_pushstring(L, there ? 'absent' : 'open')
  return 3
}

const searchPreload: LuaFunction = (L) => {
  const name = luaL_checkstring(L, 1)
  lua_getfield(L, LUA_REGISTRYINDEX, PRELOAD)
  if (lua_getfield(L, -1, name) === LUA_TNIL) {
    lua_pushstring(L, luaString(`no field package.preload['${jsString(name)}']`))
    return 1
  }
  lua_pushstring(L, ':preload:')
  return 2
}

const searchLua: LuaFunction = (L) => {
  const name = jsString(luaL_checkstring(L, 1))
  const found = search(L, name, pathOf(L, 'path'), '.', '/')
  if ('tried' in found) {
    lua_pushstring(L, luaString(found.tried))
    return 1
  }
  const problem = libraryStateOf(L).host.pushFile(L, found.file)
  if (problem !== undefined) throwLuaError(L, `error loading module '${name}' from file '${found.file}':\n\t${problem}`)
  lua_pushstring(L, luaString(found.file))
  return 2
}

const refuse = (L: lua_State, name: string, file: string): never => {
  const advice = refusal(name, libraryStateOf(L).host.standIns !== undefined)
  return throwLuaError(L, `error loading module '${name}' from file '${file}':\n\t${advice}`)
}

/** Searches for C modules, to report that they are not supported. */
const searchC: LuaFunction = (L) => {
  const name = jsString(luaL_checkstring(L, 1))
  const found = search(L, name, pathOf(L, 'cpath'), '.', '/')
  if ('file' in found) refuse(L, name, found.file)
  else lua_pushstring(L, luaString(found.tried))
  return 1
}

/** Searches for a C library that contains all modules below the first part of a name. */
const searchCroot: LuaFunction = (L) => {
  const name = jsString(luaL_checkstring(L, 1))
  const dot = name.indexOf('.')
  if (dot < 0) return 0
  const found = search(L, name.slice(0, dot), pathOf(L, 'cpath'), '.', '/')
  if ('file' in found) refuse(L, name, found.file)
  else lua_pushstring(L, luaString(found.tried))
  return 1
}

const SEARCHERS = [searchPreload, searchLua, searchC, searchCroot]

const require: LuaFunction = (L) => {
  const name = luaL_checkstring(L, 1)
  lua_settop(L, 1)
  lua_getfield(L, LUA_REGISTRYINDEX, LOADED)
  lua_getfield(L, 2, name)
  if (lua_toboolean(L, -1)) return 1
  lua_pop(L, 1)
  findLoader(L, jsString(name))
  // the stack contains the name, the loaded modules, the loader, and the extra value of the searcher
  lua_pushvalue(L, 3)
  lua_pushvalue(L, 1)
  lua_pushvalue(L, 4)
  lua_call(L, 2, 1)
  if (lua_type(L, -1) !== LUA_TNIL) lua_setfield(L, 2, name)
  else lua_pop(L, 1)
  if (lua_getfield(L, 2, name) === LUA_TNIL) {
    lua_pushboolean(L, true)
    lua_pushvalue(L, -1)
    lua_setfield(L, 2, name)
  }
  lua_pushvalue(L, 4)
  return 2
}

/** Pushes the loader of a module and its extra value. */
const findLoader = (L: lua_State, name: string): void => {
  lua_getfield(L, 2, 'package')
  if (lua_getfield(L, 3, 'searchers') !== LUA_TTABLE) throwLuaError(L, "'package.searchers' must be a table")
  let tried = ''
  for (let i = 1; ; i++) {
    if (i > lua_rawlen(L, 4) || lua_rawgeti(L, 4, i) === LUA_TNIL)
      throwLuaError(
        L,
        `module '${name}' not found:${tried}${adviceFor(name, libraryStateOf(L).host.standIns !== undefined)}`,
      )
    lua_pushvalue(L, 1)
    lua_call(L, 1, 2)
    if (lua_isfunction(L, -2)) break
    if (lua_type(L, -2) === LUA_TSTRING) tried += `\n\t${jsString(lua_tostring(L, -2)!)}`
    lua_pop(L, 2)
  }
  // removes the table of searchers and the library below
  lua.lua_remove(L, 3)
  lua.lua_remove(L, 3)
  if (lua_isnoneornil(L, 4)) lua_settop(L, 4)
}

const PACKAGE_FUNCTIONS: FunctionTable = functionTable({ loadlib, searchpath })

/** Opens the library with HAProxy's paths and `lua-prepend-path`. */
export const openPackage = (state: LibraryState): void => {
  const { L, host } = state
  const { environment } = host.process.machine
  const prepended = (type: 'path' | 'cpath'): string[] =>
    host.configuration.prependPaths
      .filter((each) => each.type === type)
      .map(({ path }) => path)
      .reverse()
  const { standIns } = host
  const path = [
    ...prepended('path'),
    ...(standIns === undefined ? [] : [`${standIns}/?.lua`]),
    initialPath(environment, 'LUA_PATH', host.version, PATH),
  ]
  const cpath = [...prepended('cpath'), initialPath(environment, 'LUA_CPATH', host.version, CPATH)]
  lua_createtable(L, 0, 8)
  setFunctions(L, PACKAGE_FUNCTIONS)
  for (const [name, value] of [
    ['path', path.join(';')],
    ['cpath', cpath.join(';')],
    ['config', '/\n;\n?\n!\n-\n'],
  ] as const) {
    lua_pushstring(L, luaString(value))
    lua_setfield(L, -2, name)
  }
  lua_createtable(L, SEARCHERS.length, 0)
  SEARCHERS.forEach((searcher, i) => {
    lua_pushcfunction(L, searcher)
    lua_rawseti(L, -2, i + 1)
  })
  lua_setfield(L, -2, 'searchers')
  lua_getfield(L, LUA_REGISTRYINDEX, LOADED)
  lua_pushvalue(L, -2)
  lua_setfield(L, -2, 'package')
  lua_setfield(L, -2, 'loaded')
  lua_createtable(L, 0, 0)
  if (standIns !== undefined) {
    lua_pushcfunction(L, openNative)
    lua_setfield(L, -2, 'hapsim.native')
  }
  lua_pushvalue(L, -1)
  lua_setfield(L, LUA_REGISTRYINDEX, PRELOAD)
  lua_setfield(L, -2, 'preload')
  lua_setglobal(L, 'package')
  lua_pushcfunction(L, require)
  lua_setglobal(L, 'require')
}
