/** The global table `CertCache`, which replaces certificates (`hlua_ckch_set` in src/hlua.c) and is not emulated yet. */
import { throwLuaError, throwNotEmulated } from '../binding/errors.js'
import { functionTable, setFunctions } from '../binding/function-table.js'
import { lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import type { ApiPart } from './api-part.js'

const FILENAME = luaString('filename')

const set: LuaFunction = (L) => {
  if (!lua.lua_istable(L, -1)) throwLuaError(L, "'CertCache.set' needs a table as argument")
  lua.lua_getfield(L, -1, FILENAME)
  if (!lua.lua_isstring(L, -1)) throwLuaError(L, 'No filename specified!')
  return throwNotEmulated(L, 'CertCache.set')
}

const FUNCTIONS = functionTable({ set })

const pushCertCache = (L: lua_State): void => {
  lua.lua_createtable(L, 0, 0)
  setFunctions(L, FUNCTIONS)
}

export const CERT_CACHE: ApiPart = {
  global: { name: 'CertCache', push: pushCertCache },
  notEmulated: ['CertCache.set'],
}
