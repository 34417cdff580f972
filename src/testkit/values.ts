/**
 * Values on their way between TypeScript and the Lua of tests. What is data is copied: plain objects become tables whose keys
 * are written as Lua writes them (`old_state`), arrays lists, functions of Lua functions here. Objects with a life of their own (a
 * simulation, a server) stay where they are; objects.ts says what Lua sees of them.
 */
import { displayText } from '../lua/host/errors.js'
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

/** Tables with keys of the user's own: file names, header fields, environment variables. */
const VERBATIM: ReadonlySet<string> = new Set(['accounts', 'files', 'headers', 'environment'])

/** How deep data may be nested. */
const DEEPEST = 100

/** `run_until` for `runUntil` */
export const snakeCase = (name: string): string =>
  name.replace(/[a-z\d][A-Z]/g, (two) => `${two[0]}_${two[1]!.toLowerCase()}`)

/** `runUntil` for `run_until`; what is no such name stays as it is. */
export const camelCase = (name: string): string =>
  /^[a-z]+(_[a-z]+)+$/.test(name) ? name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : name

/** What becomes of values that are no data. */
export interface Bridge {
  /** Pushes the Lua object for `object`; false when it is none that Lua may see. */
  pushObject(L: lua_State, object: object): boolean
  /** What stands for the Lua function with that reference. */
  callback(reference: number): (...args: unknown[]) => unknown
}

/** For values that leave a VM for good: functions and objects become the text that `tostring` has for them. */
export const NO_BRIDGE: Bridge = { pushObject: () => false, callback: () => () => undefined }

const isData = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** @param verbatim keys of an object stay as they are */
export const push = (L: lua_State, value: unknown, bridge: Bridge, verbatim = false): void => {
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
      if (bridge === NO_BRIDGE) throw new RangeError('a function cannot be handed over: only data is copied')
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
      push(L, item, bridge)
      lua_rawseti(L, -2, i + 1)
    })
    return
  }
  if (bridge.pushObject(L, value)) return
  if (bridge === NO_BRIDGE && !isData(value))
    throw new RangeError(`a ${value.constructor.name} cannot be handed over: only data is copied`)
  lua_createtable(L, 0, 0)
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || typeof item === 'function') continue
    lua_pushstring(L, luaString(verbatim ? key : snakeCase(key)))
    push(L, item, bridge, VERBATIM.has(key))
    lua_rawset(L, -3)
  }
}

/** The value at `index`: a table with entries from 1 on is an array, any other an object. */
export const read = (L: lua_State, index: number, bridge: Bridge, depth = 0, verbatim = false): unknown => {
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
      if (depth > DEEPEST) throw new RangeError('a table that is nested too deep, or holds itself')
      return readTable(L, at, bridge, depth, verbatim)
    case LUA_TFUNCTION:
      if (bridge === NO_BRIDGE) return displayText(L, at)
      lua_pushvalue(L, at)
      return bridge.callback(luaL_ref(L, LUA_REGISTRYINDEX))
    default:
      return displayText(L, at)
  }
}

/** @param verbatim keys stay as they are */
const readTable = (L: lua_State, at: number, bridge: Bridge, depth: number, verbatim: boolean): unknown => {
  lua.lua_checkstack(L, 6)
  lua_rawgeti(L, at, 0)
  const object = lua_type(L, -1) === LUA_TLIGHTUSERDATA ? lua_touserdata(L, -1) : undefined
  lua_pop(L, 1)
  if (object) return bridge === NO_BRIDGE ? displayText(L, at) : object
  const length = lua.lua_rawlen(L, at)
  const list: unknown[] = []
  for (let i = 1; i <= length; i++) {
    lua_rawgeti(L, at, i)
    list.push(read(L, -1, bridge, depth + 1))
    lua_pop(L, 1)
  }
  if (length > 0) return list
  const entries: [string, unknown][] = []
  for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) {
    const type = lua_type(L, -2)
    if (type !== LUA_TSTRING && type !== LUA_TNUMBER)
      throw new RangeError('a table whose keys are not strings or numbers')
    lua_pushvalue(L, -2)
    const key = jsString(lua_tostring(L, -1)!)
    lua_pop(L, 1)
    entries.push([verbatim ? key : camelCase(key), read(L, -1, bridge, depth + 1, VERBATIM.has(key))])
  }
  return Object.fromEntries(entries)
}
