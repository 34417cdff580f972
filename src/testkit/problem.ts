/** Converts the Lua error of a test or hook to data. */
import { valueText } from '../lua/host/errors.js'
import { failedFrames, moduleErrorFrame, type FailedFrame, type LuaFailure } from '../lua/host/failure.js'
import { jsString, lauxlib, lua, luaString, type lua_State } from '../lua/fengari.js'
import { NO_BRIDGE, readValue } from './values.js'

const {
  lua_gettop,
  lua_pcall,
  lua_pop,
  lua_pushcfunction,
  lua_pushstring,
  lua_pushvalue,
  lua_rawget,
  lua_settop,
  lua_tostring,
  lua_type,
  lua_xmove,
  LUA_OK,
  LUA_TSTRING,
  LUA_TTABLE,
  LUA_YIELD,
} = lua
const { luaL_traceback } = lauxlib

/** Why a test or hook failed. */
export interface Problem {
  readonly kind: 'failure' | 'error' | 'pending' | 'timeout'
  readonly message: string
  /** `file.lua:12` */
  readonly where?: string | undefined
  readonly trace?: string | undefined
  /** stack frames of the test, innermost first, with their variables */
  readonly frames?: readonly FailedFrame[]
  /** the first errors of scripts */
  readonly scripts?: readonly LuaFailure[]
}

/**
 * The problem of a coroutine that ended with `status`; undefined on success.
 *
 * @param L the main coroutine of the state; the other one is dead
 * @param source returns the contents of a file
 */
export const problemOf = (
  L: lua_State,
  coroutine: lua_State,
  status: number,
  source: (file: string) => Uint8Array | undefined,
): Problem | undefined => {
  if (status === LUA_OK) return undefined
  if (status === LUA_YIELD) return { kind: 'error', message: 'attempt to yield from outside a coroutine' }
  const frames = failedFrames(coroutine, source)
  const base = lua_gettop(L)
  lua_xmove(coroutine, L, 1)
  try {
    const problem = lua_type(L, -1) === LUA_TTABLE && isFailure(L) ? failure(L) : otherError(L, coroutine)
    if (problem.kind === 'pending') return problem
    const ofModule = moduleErrorFrame(problem.message, source)
    return { ...problem, frames: [...(ofModule ? [ofModule] : []), ...frames] }
  } finally {
    lua_settop(L, base)
  }
}

/** Whether the value on top is a failure raised by lua/testkit/assert.lua. */
const isFailure = (L: lua_State): boolean => {
  const isString = (name: string): boolean => {
    lua_pushstring(L, luaString(name))
    lua_rawget(L, -2)
    const found = lua_type(L, -1) === LUA_TSTRING
    lua_pop(L, 1)
    return found
  }
  return isString('message') && isString('kind') && isString('trace')
}

const failure = (L: lua_State): Problem => {
  const { message, kind, where, trace } = readValue(L, -1, NO_BRIDGE) as Problem
  return { kind, message, where, trace }
}

/** The value on top converted by `tostring`, which may fail. */
const tostringText = (L: lua_State): string => {
  lua_pushcfunction(L, (from) => {
    lua_pushstring(from, luaString(valueText(from, 1)))
    return 1
  })
  lua_pushvalue(L, -2)
  const text = lua_pcall(L, 1, 1, 0) === LUA_OK ? jsString(lua_tostring(L, -1)!) : 'error in __tostring'
  lua_pop(L, 1)
  return text
}

/** Converts any other error value. */
const otherError = (L: lua_State, coroutine: lua_State): Problem => {
  const isText = lua_type(L, -1) === LUA_TSTRING
  const message = isText ? jsString(lua_tostring(L, -1)!) : `(error object: ${tostringText(L)})`
  luaL_traceback(L, coroutine, null, 0)
  const trace = jsString(lua_tostring(L, -1)!)
  const [, where] = (isText && /^(.*?:\d+): /.exec(message)) || []
  return { kind: 'error', message: where ? message.slice(where.length + 2) : message, where, trace }
}
