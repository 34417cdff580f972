/** What HAProxy's Lua has and hapsim does not emulate yet: each call says so. */
import {
  checkArguments,
  functionTable,
  LuaClass,
  setFunctions,
  setIntegers,
  throwError,
  type FunctionTable,
} from '../bind.js'
import { coroutineOf } from '../coroutine.js'
import { lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'

const { lua_createtable, lua_gettop, lua_isboolean, lua_setmetatable } = lua
const { luaL_argcheck, luaL_checkstring } = lauxlib

/** Throws the error that says so. */
export const notEmulated = (L: lua_State, what: string): never => throwError(L, `${what} is not emulated by hapsim yet`)

const pattern =
  (name: string, count: number): LuaFunction =>
  (L) => {
    checkArguments(L, count, name)
    for (let arg = 1; arg <= count; arg++) luaL_checkstring(L, arg)
    return notEmulated(L, `core.${name}`)
  }

const httpclient: LuaFunction = (L) => (coroutineOf(L) ? notEmulated(L, 'core.httpclient') : 0)

export const PATTERN_FUNCTIONS: FunctionTable = functionTable({
  add_acl: pattern('add_acl', 2),
  del_acl: pattern('del_acl', 2),
  set_map: pattern('set_map', 3),
  del_map: pattern('del_map', 2),
  get_patref: pattern('get_patref', 1),
  httpclient,
})

/** Ways to match (`PAT_MATCH_…`), each under two names. */
const MATCHES = ['found', 'bool', 'int', 'ip', 'bin', 'len', 'str', 'beg', 'sub', 'dir', 'dom', 'end', 'reg', 'regm']
const MATCH_CONSTANTS = MATCHES.flatMap((name, value) => [
  [luaString(`_${name}`), value] as const,
  [luaString(name), value] as const,
])

const mapNew: LuaFunction = (L) => {
  const count = lua_gettop(L)
  if (count < 1 || count > 2) throwError(L, "'new' needs at least 1 argument.")
  luaL_checkstring(L, 1)
  return notEmulated(L, 'Map.new')
}

const regexNew: LuaFunction = (L) => {
  luaL_checkstring(L, 1)
  luaL_argcheck(L, lua_isboolean(L, 2), 2, '(null)')
  return notEmulated(L, 'Regex.new')
}

const MAP_FUNCTIONS: FunctionTable = functionTable({ new: mapNew })
const REGEX_FUNCTIONS: FunctionTable = functionTable({ new: regexNew })
const mapClass = new LuaClass<object>('Map', {})
const regexClass = new LuaClass<object>('Regex', {})

export const pushMap = (L: lua_State): void => {
  lua_createtable(L, 0, 0)
  setIntegers(L, MATCH_CONSTANTS)
  setFunctions(L, MAP_FUNCTIONS)
  mapClass.pushMetatable(L)
  lua_setmetatable(L, -2)
}

export const pushRegex = (L: lua_State): void => {
  lua_createtable(L, 0, 0)
  setFunctions(L, REGEX_FUNCTIONS)
  regexClass.pushMetatable(L)
  lua_setmetatable(L, -2)
}
