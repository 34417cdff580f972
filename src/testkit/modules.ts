/** The modules of lua/ that the state of a test file has and a script's has not: assertions, spies and the words of a test. */
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

/** Our own files as they were read: a memo, they do not change. */
const sources = new Map<string, Uint8Array>()

const sourceOf = (file: string): Uint8Array => {
  const known = sources.get(file)
  if (known) return known
  const source = readFileSync(new URL(file, LIBRARY))
  sources.set(file, source)
  return source
}

/** Pushes what the hidden module `name` returned. */
export const pushModule = (L: lua_State, name: string): void => {
  lua_getfield(L, LUA_REGISTRYINDEX, LOADED)
  lua_getfield(L, -1, name)
  lua_remove(L, -2)
}

/** Keeps the value on top as what `require(name)` returns, and pops it. */
const keepModule = (L: lua_State, name: string): void => {
  lua_getfield(L, LUA_REGISTRYINDEX, LOADED)
  lua_insert(L, -2)
  lua_setfield(L, -2, name)
  lua_pop(L, 1)
}

/**
 * Runs a file of lua/ and keeps what it returns as module `name`. The file is given the table of functions that `pushHelp` pushes.
 */
export const runModule = (host: LuaHost, L: lua_State, file: string, name: string, pushHelp?: () => void): void => {
  const problem = host.pushSource(L, sourceOf(file), `=[hapsim ${file}]`)
  if (problem !== undefined) throw new Error(problem)
  pushHelp?.()
  lua_call(L, pushHelp ? 1 : 0, 1)
  keepModule(L, name)
}

/** Loads the assertions and spies, and gives them the names under which busted's tests know them. */
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
    keepModule(L, name === 'assert' ? 'luassert' : `luassert.${name}`)
  }
}
