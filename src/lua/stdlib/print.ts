/** Base functions that print or read files: what they print is part of the simulation's record, files are the process's. */
import { functionTable, throwError, type FunctionTable } from '../bind.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../state.js'

const { lua_gettop, lua_pop, lua_pushnil, lua_pushstring, lua_call, lua_error, LUA_MULTRET } = lua
const { luaL_checkstring, luaL_optstring, luaL_tolstring } = lauxlib

const print: LuaFunction = (L) => {
  const count = lua_gettop(L)
  let text = ''
  for (let index = 1; index <= count; index++) {
    text += (index > 1 ? '\t' : '') + jsString(luaL_tolstring(L, index))
    lua_pop(L, 1)
  }
  stateOf(L).host.output.line('stdout', text)
  return 0
}

/** Pushes the function that a file holds; otherwise nil and the message. */
const loadFile = (L: lua_State, name: string): boolean => {
  const { host } = stateOf(L)
  const problem = host.pushFile(L, name)
  if (problem === undefined) return true
  lua_pushnil(L)
  lua_pushstring(L, luaString(problem))
  return false
}

const noInput = (L: lua_State, name: string): never => throwError(L, `${name}: no standard input in hapsim`)

const loadfile: LuaFunction = (L) => {
  const name = luaL_optstring(L, 1, null)
  if (name === null) return noInput(L, 'loadfile')
  if (lua_gettop(L) >= 3) throwError(L, 'loadfile with an environment is not emulated by hapsim yet')
  return loadFile(L, jsString(name)) ? 1 : 2
}

const dofile: LuaFunction = (L) => {
  const name = jsString(lua_gettop(L) === 0 ? noInput(L, 'dofile') : luaL_checkstring(L, 1))
  lua.lua_settop(L, 1)
  if (!loadFile(L, name)) return lua_error(L)
  lua_call(L, 0, LUA_MULTRET)
  return lua_gettop(L) - 1
}

/** Warnings are off until they are switched on, and hapsim does not print them. */
const warn: LuaFunction = (L) => {
  luaL_checkstring(L, 1)
  for (let index = 2; index <= lua_gettop(L); index++) luaL_checkstring(L, index)
  return 0
}

export const PRINT_FUNCTIONS: FunctionTable = functionTable({ print, loadfile, dofile, warn })
