/** The modules of lua/ that only the Lua state of test files has: assertions, spies and the test DSL. */
import { readFileSync } from 'node:fs'
import { lua, type lua_State } from '../lua/fengari.js'
import type { LuaHost } from '../lua/index.js'

const {
  lua_call,
  lua_getfield,
  lua_getglobal,
  lua_insert,
  lua_pop,
  lua_remove,
  lua_setfield,
  lua_setglobal,
  LUA_REGISTRYINDEX,
} = lua

const LIBRARY = new URL('../../lua/', import.meta.url)
const LOADED = '_LOADED'

/** Cached sources; they never change. */
const sources = new Map<string, Uint8Array>()

const readModule = (file: string): Uint8Array => {
  const known = sources.get(file)
  if (known) return known
  const source = readFileSync(new URL(file, LIBRARY))
  sources.set(file, source)
  return source
}

/** Pushes the return value of the hidden module `name`. */
export const pushModule = (L: lua_State, name: string): void => {
  lua_getfield(L, LUA_REGISTRYINDEX, LOADED)
  lua_getfield(L, -1, name)
  lua_remove(L, -2)
}

/** Pops a value and registers it as the result of `require(name)`. */
const registerModule = (L: lua_State, name: string): void => {
  lua_getfield(L, LUA_REGISTRYINDEX, LOADED)
  lua_insert(L, -2)
  lua_setfield(L, -2, name)
  lua_pop(L, 1)
}

/** Runs a file of lua/ and registers its result as module `name`. The file receives the table pushed by `pushHelp`. */
export const runModule = (host: LuaHost, L: lua_State, file: string, name: string, pushArgument?: () => void): void => {
  const problem = host.pushSource(L, readModule(file), `=[hapsim ${file}]`)
  if (problem !== undefined) throw new Error(problem)
  pushArgument?.()
  lua_call(L, pushArgument ? 1 : 0, 1)
  registerModule(L, name)
}

/** Loads assertions and spies under the names used by busted. */
export const installAssertions = (host: LuaHost, L: lua_State): void => {
  for (const name of ['values', 'say', 'assert', 'assertions', 'match', 'spy'])
    runModule(host, L, `testkit/${name}.lua`, name === 'say' ? name : `hapsim.testkit.${name}`)
  pushModule(L, 'hapsim.testkit.assert')
  lua_setglobal(L, 'assert')
  pushModule(L, 'hapsim.testkit.spy')
  for (const name of ['spy', 'stub', 'mock', 'match']) {
    lua_getfield(L, -1, name)
    lua_setglobal(L, name)
  }
  lua_pop(L, 1)
  for (const name of ['assert', 'spy', 'stub', 'mock', 'match']) {
    lua_getglobal(L, name)
    registerModule(L, name === 'assert' ? 'luassert' : `luassert.${name}`)
  }
}
