/**
 * Converts values between TypeScript and the Lua of tests. Data is copied: plain objects become tables with keys in snake case
 * (`old_state`), arrays become lists, Lua functions become functions. Objects with identity (simulations, servers) are passed by reference;
 * objects.ts defines their Lua interface.
 */
import { valueText } from '../lua/host/errors.js'
import { jsString, lauxlib, lua, luaString, type lua_State } from '../lua/fengari.js'
import { pushInteger } from '../lua/binding/results.js'

const {
  lua_createtable,
  lua_gettop,
  lua_isinteger,
  lua_next,
  lua_pop,
  lua_pushboolean,
  lua_pushinteger,
  lua_pushnil,
  lua_pushnumber,
  lua_pushstring,
  lua_pushvalue,
  lua_rawgeti,
  lua_rawset,
  lua_rawseti,
  lua_toboolean,
  lua_tointeger,
  lua_tonumber,
  lua_tostring,
  lua_touserdata,
  lua_type,
  LUA_REGISTRYINDEX,
  LUA_TBOOLEAN,
  LUA_TFUNCTION,
  LUA_TLIGHTUSERDATA,
  LUA_TNIL,
  LUA_TNUMBER,
  LUA_TSTRING,
  LUA_TTABLE,
} = lua
const { luaL_ref } = lauxlib

/** Tables with user-defined keys: file names, header fields, variables. */
const VERBATIM_TABLES: ReadonlySet<string> = new Set([
  'accounts',
  'files',
  'headers',
  'trailers',
  'environment',
  'variables',
])

/** Maximum nesting of data. */
const MAX_DEPTH = 100

/** Converts `runUntil` to `run_until`. */
export const snakeCase = (name: string): string =>
  name.replace(/[a-z\d][A-Z]/g, (two) => `${two[0]}_${two[1]!.toLowerCase()}`)

/** Converts `run_until` to `runUntil`; other text is unchanged. */
export const camelCase = (name: string): string =>
  /^[a-z]+(_[a-z]+)+$/.test(name) ? name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : name

/** Converts values that are not data. */
export interface Bridge {
  /** Pushes the Lua value of `object`; returns false if it has none. */
  pushObject(L: lua_State, object: object): boolean
  /** A function that calls the Lua function with that reference. */
  callback(reference: number): (...args: unknown[]) => unknown
}

/** For values that leave a VM for good: functions and objects become their `tostring` text. */
export const NO_BRIDGE: Bridge = { pushObject: () => false, callback: () => () => undefined }

const isData = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * Pushes a value.
 *
 * @param verbatim keep the keys of an object unchanged
 */
export const pushValue = (L: lua_State, value: unknown, bridge: Bridge, verbatim = false): void => {
  switch (typeof value) {
    case 'boolean':
      return lua_pushboolean(L, value)
    case 'number':
      return Number.isSafeInteger(value) ? lua_pushinteger(L, value) : lua_pushnumber(L, value)
    case 'bigint':
      return pushInteger(L, value)
    case 'string':
      return void lua_pushstring(L, luaString(value))
    case 'function':
      if (bridge === NO_BRIDGE) throw new RangeError('cannot pass a function: only data can be copied')
      return lua_pushnil(L)
    case 'object':
      if (value === null) return lua_pushnil(L)
      if (value instanceof Uint8Array) return void lua_pushstring(L, value)
      return pushTable(L, value, bridge, verbatim)
    default:
      return lua_pushnil(L)
  }
}

const pushTable = (L: lua_State, value: object, bridge: Bridge, verbatim: boolean): void => {
  lua.lua_checkstack(L, 4)
  if (Array.isArray(value)) {
    lua_createtable(L, value.length, 0)
    value.forEach((item, i) => {
      pushValue(L, item, bridge)
      lua_rawseti(L, -2, i + 1)
    })
    return
  }
  if (bridge.pushObject(L, value)) return
  if (bridge === NO_BRIDGE && !isData(value))
    throw new RangeError(`cannot pass a ${value.constructor.name}: only data can be copied`)
  lua_createtable(L, 0, 0)
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || typeof item === 'function') continue
    lua_pushstring(L, luaString(verbatim ? key : snakeCase(key)))
    pushValue(L, item, bridge, VERBATIM_TABLES.has(key))
    lua_rawset(L, -3)
  }
}

/** Reads the value at `index`. A table with a sequence is an array, any other an object. */
export const readValue = (L: lua_State, index: number, bridge: Bridge, depth = 0, verbatim = false): unknown => {
  const at = index < 0 ? lua_gettop(L) + 1 + index : index
  switch (lua_type(L, at)) {
    case LUA_TNIL:
      return undefined
    case LUA_TBOOLEAN:
      return lua_toboolean(L, at)
    case LUA_TNUMBER:
      return lua_isinteger(L, at) ? lua_tointeger(L, at) : lua_tonumber(L, at)
    case LUA_TSTRING:
      return jsString(lua_tostring(L, at)!)
    case LUA_TTABLE:
      if (depth > MAX_DEPTH) throw new RangeError('table nested too deeply or recursive')
      return readTable(L, at, bridge, depth, verbatim)
    case LUA_TFUNCTION:
      if (bridge === NO_BRIDGE) return valueText(L, at)
      lua_pushvalue(L, at)
      return bridge.callback(luaL_ref(L, LUA_REGISTRYINDEX))
    default:
      return valueText(L, at)
  }
}

/** @param verbatim keep keys unchanged */
const readTable = (L: lua_State, at: number, bridge: Bridge, depth: number, verbatim: boolean): unknown => {
  lua.lua_checkstack(L, 6)
  lua_rawgeti(L, at, 0)
  const object = lua_type(L, -1) === LUA_TLIGHTUSERDATA ? lua_touserdata(L, -1) : undefined
  lua_pop(L, 1)
  if (object) return bridge === NO_BRIDGE ? valueText(L, at) : object
  const length = lua.lua_rawlen(L, at)
  const list: unknown[] = []
  for (let i = 1; i <= length; i++) {
    lua_rawgeti(L, at, i)
    list.push(readValue(L, -1, bridge, depth + 1))
    lua_pop(L, 1)
  }
  if (length > 0) return list
  const entries: [string, unknown][] = []
  for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) {
    const type = lua_type(L, -2)
    if (type !== LUA_TSTRING && type !== LUA_TNUMBER) throw new RangeError('table keys must be strings or numbers')
    lua_pushvalue(L, -2)
    const key = jsString(lua_tostring(L, -1)!)
    lua_pop(L, 1)
    entries.push([verbatim ? key : camelCase(key), readValue(L, -1, bridge, depth + 1, VERBATIM_TABLES.has(key))])
  }
  return Object.fromEntries(entries)
}
