/** The class Regex (`hlua_regex_…` in src/hlua_fcn.c), which is not emulated yet. */
import { throwNotEmulated } from '../binding/errors.js'
import { functionTable, setFunctions } from '../binding/function-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { lauxlib, lua, type LuaFunction, type lua_State } from '../fengari.js'
import type { ApiPart } from './api-part.js'

const { lua_createtable, lua_isboolean, lua_setmetatable } = lua
const { luaL_argcheck, luaL_checkstring } = lauxlib

const create: LuaFunction = (L) => {
  luaL_checkstring(L, 1)
  luaL_argcheck(L, lua_isboolean(L, 2), 2, '(null)')
  return throwNotEmulated(L, 'Regex.new')
}

const regexClass = new LuaClass<object>('Regex', {})

const FUNCTIONS = functionTable({ new: create })

const pushRegex = (L: lua_State): void => {
  lua_createtable(L, 0, 0)
  setFunctions(L, FUNCTIONS)
  regexClass.pushMetatable(L)
  lua_setmetatable(L, -2)
}

export const REGEX: ApiPart = { global: { name: 'Regex', push: pushRegex }, notEmulated: ['Regex.new'] }
