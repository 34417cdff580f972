/** What HAProxy's Lua has and hapsim does not emulate yet: each call says so. */
import { functionTable, LuaClass, setFunctions, throwError, type FunctionTable } from './bind.js'
import { coroutineOf } from '../host/coroutine.js'
import { lauxlib, lua, type LuaFunction, type lua_State } from '../fengari.js'

const { lua_createtable, lua_isboolean, lua_istable, lua_setmetatable } = lua
const { luaL_argcheck, luaL_checkstring } = lauxlib

/** Their names, as scripts use to write them; an applet has any name, `applet` mostly. */
export const NOT_EMULATED: readonly string[] = [
  'core.httpclient',
  'Regex.new',
  'CertCache.set',
  'filter.register_data_filter',
  'filter.unregister_data_filter',
  'applet.set_var',
  'applet.unset_var',
  'applet.get_var',
]

/** Throws the error that says so. */
export const notEmulated = (L: lua_State, what: string): never => throwError(L, `${what} is not emulated by hapsim yet`)

const httpclient: LuaFunction = (L) => (coroutineOf(L) ? notEmulated(L, 'core.httpclient') : 0)

export const HTTP_CLIENT_FUNCTIONS: FunctionTable = functionTable({ httpclient })

const regexNew: LuaFunction = (L) => {
  luaL_checkstring(L, 1)
  luaL_argcheck(L, lua_isboolean(L, 2), 2, '(null)')
  return notEmulated(L, 'Regex.new')
}

/** `CertCache.set`, which exchanges a certificate (`hlua_ckch_set` in src/hlua.c). */
const setCertificate: LuaFunction = (L) => {
  if (!lua_istable(L, -1)) throwError(L, "'CertCache.set' needs a table as argument")
  return notEmulated(L, 'CertCache.set')
}

const CERTIFICATE_FUNCTIONS: FunctionTable = functionTable({ set: setCertificate })

export const pushCertCache = (L: lua_State): void => {
  lua_createtable(L, 0, 0)
  setFunctions(L, CERTIFICATE_FUNCTIONS)
}

const REGEX_FUNCTIONS: FunctionTable = functionTable({ new: regexNew })

const regexClass = new LuaClass<object>('Regex', {})

export const pushRegex = (L: lua_State): void => {
  lua_createtable(L, 0, 0)
  setFunctions(L, REGEX_FUNCTIONS)
  regexClass.pushMetatable(L)
  lua_setmetatable(L, -2)
}
