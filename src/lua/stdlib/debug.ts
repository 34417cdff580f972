/**
 * Hooks of scripts (ldblib.c). As in HAProxy, a hook set by a script replaces HAProxy's until the next step: the script is not forced to
 * yield until then. Its instructions are still counted, so that an endless loop is ended.
 */
import { functionTable, type FunctionTable } from '../binding/function-table.js'
import { isStartHook, countStartInstructions } from '../host/start-limit.js'
import { countStepInstructions } from '../host/hook.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type LuaHook, type lua_State } from '../fengari.js'
import { libraryStateOf } from './library-state.js'
import { optionalInt } from '../vm/arguments.js'
import { DEBUG_VALUE_FUNCTIONS, inspectedThread } from './debug-values.js'
import { getinfo } from './getinfo.js'

const {
  lua_call,
  lua_createtable,
  lua_gethook,
  lua_gettop,
  lua_insert,
  lua_isnoneornil,
  lua_next,
  lua_pushinteger,
  lua_pushnil,
  lua_pushstring,
  lua_pushvalue,
  lua_rawgeti,
  lua_rawset,
  lua_sethook,
  LUA_HOOKCOUNT,
  LUA_MASKCALL,
  LUA_MASKCOUNT,
  LUA_MASKLINE,
  LUA_MASKRET,
  LUA_REGISTRYINDEX,
  LUA_TFUNCTION,
} = lua
const { luaL_checkinteger, luaL_checkstring, luaL_checktype, luaL_ref, luaL_unref } = lauxlib

/** The number of instructions between two checks of what a script has executed. */
const INTERVAL = 10_000

const EVENTS = ['call', 'return', 'line', 'count', 'tail call'].map(luaString)

/** Counts instructions executed under a hook of the script. */
const watch = (L: lua_State): void => {
  if (libraryStateOf(L).running) countStepInstructions(L)
  else countStartInstructions(L)
}

const hook: LuaHook = (L, ar) => {
  if (ar.event === LUA_HOOKCOUNT) watch(L)
  const set = libraryStateOf(L).hooks.get(L)
  if (set?.reference === undefined || (ar.event === LUA_HOOKCOUNT && set.count === 0)) return
  lua_rawgeti(L, LUA_REGISTRYINDEX, set.reference)
  lua_pushstring(L, EVENTS[ar.event]!)
  if (ar.currentline >= 0) lua_pushinteger(L, ar.currentline)
  else lua_pushnil(L)
  lua_call(L, 2, 0)
}

const sethook: LuaFunction = (L) => {
  const { thread, arg } = inspectedThread(L)
  const { hooks } = libraryStateOf(L)
  const before = hooks.get(thread)
  if (before?.reference !== undefined) luaL_unref(L, LUA_REGISTRYINDEX, before.reference)
  const switchOff = (): 0 => {
    hooks.set(thread, { reference: undefined, mask: '', count: 0 })
    lua_sethook(thread, hook, LUA_MASKCOUNT, INTERVAL)
    return 0
  }
  if (lua_isnoneornil(L, arg + 1)) return switchOff()
  const mask = jsString(luaL_checkstring(L, arg + 2))
  luaL_checktype(L, arg + 1, LUA_TFUNCTION)
  const count = Math.max(0, optionalInt(L, arg + 3, 0))
  const bits =
    (mask.includes('c') ? LUA_MASKCALL : 0) |
    (mask.includes('r') ? LUA_MASKRET : 0) |
    (mask.includes('l') ? LUA_MASKLINE : 0)
  if (bits === 0 && count === 0) return switchOff()
  lua_pushvalue(L, arg + 1)
  hooks.set(thread, { reference: luaL_ref(L, LUA_REGISTRYINDEX), mask, count })
  lua_sethook(thread, hook, bits | LUA_MASKCOUNT, count > 0 ? count : INTERVAL)
  return 0
}

const gethook: LuaFunction = (L) => {
  const { thread } = inspectedThread(L)
  const installed = lua_gethook(thread)
  const set = libraryStateOf(L).hooks.get(thread)
  if (installed === null || isStartHook(installed) || (installed === hook && set?.reference === undefined)) {
    lua_pushnil(L)
    return 1
  }
  if (installed !== hook) lua_pushstring(L, 'external hook')
  else lua_rawgeti(L, LUA_REGISTRYINDEX, set!.reference!)
  lua_pushstring(L, installed === hook ? [...'crl'].filter((each) => set!.mask.includes(each)).join('') : '')
  lua_pushinteger(L, installed === hook ? set!.count : lua.lua_gethookcount(thread))
  return 3
}

/** Would read commands from standard input, which is empty. */
const debug: LuaFunction = () => 0

/** Returns a copy: changes to the registry itself could break HAProxy's own functions. */
const getregistry: LuaFunction = (L) => {
  lua_createtable(L, 0, 0)
  const copy = lua_gettop(L)
  lua_pushnil(L)
  while (lua_next(L, LUA_REGISTRYINDEX)) {
    lua_pushvalue(L, -2)
    lua_insert(L, -2)
    lua_rawset(L, copy)
  }
  return 1
}

/** `debug.setcstacklimit` of Lua 5.4: does nothing and returns the default limit. */
const setcstacklimit: LuaFunction = (L) => {
  luaL_checkinteger(L, 1)
  lua_pushinteger(L, 200)
  return 1
}

export const DEBUG_FUNCTIONS: FunctionTable = [
  ...functionTable({ debug, gethook, getinfo, getregistry, setcstacklimit, sethook }),
  ...DEBUG_VALUE_FUNCTIONS,
]
