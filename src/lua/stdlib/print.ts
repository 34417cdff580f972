/** Basic functions that print or read files: output is part of the simulation's record, files are those of the process. */
import { functionTable, type FunctionTable } from '../binding/function-table.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { libraryStateOf } from './library-state.js'
import { charge } from '../vm/hook.js'

const {
  lua_callk,
  lua_error,
  lua_gettop,
  lua_pop,
  lua_pushnil,
  lua_pushstring,
  lua_pushvalue,
  lua_settop,
  lua_setupvalue,
  LUA_MULTRET,
} = lua
const { luaL_checkstring, luaL_optstring, luaL_tolstring } = lauxlib

const TAB = luaString('\t')
const LINE_FEED = luaString('\n')

/** The work of printing longer lines is counted. */
const LONG_LINE = 1024

const print: LuaFunction = (L) => {
  const count = lua_gettop(L)
  const { output } = libraryStateOf(L).host
  for (let index = 1; index <= count; index++) {
    const text = luaL_tolstring(L, index)
    if (index > 1) output.writeBytes('stdout', TAB)
    output.writeBytes('stdout', text)
    if (text.length > LONG_LINE) charge(L, text.length, 1)
    lua_pop(L, 1)
  }
  output.writeBytes('stdout', LINE_FEED)
  return 0
}

/** Pushes the function loaded from a file or from the standard input, which is empty; otherwise nil and the message. */
const loadFile = (L: lua_State, name: string | null): boolean => {
  const { host } = libraryStateOf(L)
  const problem = name === null ? host.pushSource(L, new Uint8Array(0), '=stdin') : host.pushFile(L, name)
  if (problem === undefined) return true
  lua_pushnil(L)
  lua_pushstring(L, luaString(problem))
  return false
}

const optionalName = (L: lua_State): string | null => {
  const name = luaL_optstring(L, 1, null)
  return name === null ? null : jsString(name)
}

const loadfile: LuaFunction = (L) => {
  const name = optionalName(L)
  const mode = jsString(luaL_optstring(L, 2, 'bt')!)
  const withEnvironment = lua_gettop(L) >= 3
  if (!loadFile(L, name)) return 2
  if (!mode.includes('t')) {
    lua_pushnil(L)
    lua_pushstring(L, luaString(`attempt to load a text chunk (mode is '${mode}')`))
    return 2
  }
  if (withEnvironment) {
    lua_pushvalue(L, 3)
    if (lua_setupvalue(L, -2, 1) === null) lua_pop(L, 1)
  }
  return 1
}

const dofile: LuaFunction = (L) => {
  const name = optionalName(L)
  lua_settop(L, 1)
  if (!loadFile(L, name)) return lua_error(L)
  lua_callk(L, 0, LUA_MULTRET, 0, finishDofile)
  return finishDofile(L)
}

const finishDofile = (L: lua_State): number => lua_gettop(L) - 1

/** Warnings are off initially, and hapsim does not print them. */
const warn: LuaFunction = (L) => {
  luaL_checkstring(L, 1)
  for (let index = 2; index <= lua_gettop(L); index++) luaL_checkstring(L, index)
  return 0
}

export const PRINT_FUNCTIONS: FunctionTable = functionTable({ print, loadfile, dofile, warn })
