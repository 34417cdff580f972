/**
 * Compiled scripts. A script is compiled once for each content and name, in a state of its own, and its prototype is shared by all
 * states of all processes: prototypes are immutable but for the cache of the closure made last, which is switched off
 * (Lua 5.4 has none either). What is kept is a memo: it changes how long loading takes and nothing else.
 */
import { RunningHash } from '../engine/hash.js'
import { jsString, lauxlib, lfunc, lobject, lua, type Closure, type Proto, type lua_State } from './fengari.js'

const { lua_load, lua_topointer, lua_tostring, LUA_OK, lua_rawgeti, lua_settop, LUA_REGISTRYINDEX } = lua

export type Compiled = { readonly proto: Proto } | { readonly error: string }

export class ScriptCache {
  readonly #compiled = new Map<string, { readonly source: Uint8Array; readonly result: Compiled }>()

  constructor(readonly limit = 256) {}

  /** @param chunkname with Lua's leading `@` */
  compile(source: Uint8Array, chunkname: string): Compiled {
    const key = `${chunkname} ${new RunningHash().bytes(source).hex}`
    const known = this.#compiled.get(key)
    if (known && sameBytes(known.source, source)) return known.result
    const result = compile(source, chunkname)
    if (this.#compiled.size >= this.limit) this.#compiled.delete(this.#compiled.keys().next().value!)
    this.#compiled.set(key, { source: source.slice(), result })
    return result
  }
}

/** Pushes a new function made from a compiled script; its only upvalue is the table of globals. */
export const pushCompiled = (L: lua_State, proto: Proto): void => {
  const closure = new lobject.LClosure(L, proto.upvalues.length)
  closure.p = proto
  lfunc.luaF_initupvals(L, closure)
  const value = new lobject.TValue(0, null)
  value.setclLvalue(closure)
  lobject.pushobj2s(L, value)
  setGlobals(L, closure)
}

const LUA_RIDX_GLOBALS = 2

const setGlobals = (L: lua_State, closure: Closure): void => {
  const upvalue = closure.upvals[0]
  if (!upvalue) return
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS)
  const globals = new lobject.TValue(5, lua_topointer(L, -1))
  lua_settop(L, -2)
  upvalue.setfrom(globals)
}

const compile = (source: Uint8Array, chunkname: string): Compiled => {
  const L = lauxlib.luaL_newstate()
  let rest: Uint8Array | null = withoutHashLine(source)
  const reader = (): Uint8Array | null => {
    const part = rest
    rest = null
    return part
  }
  if (lua_load(L, reader, null, chunkname, null) !== LUA_OK) return { error: jsString(lua_tostring(L, -1)!) }
  const { p } = lua_topointer(L, -1) as Closure
  shareable(p)
  return { proto: p }
}

/** A closure found in the cache would come from whatever state ran the function last. */
const shareable = (proto: Proto): void => {
  Object.defineProperty(proto, 'cache', { get: () => null, set: () => {} })
  proto.p.forEach(shareable)
}

/** `luaL_loadfile` leaves out a byte order mark and a first line that begins with `#`. */
const withoutHashLine = (source: Uint8Array): Uint8Array => {
  const start = source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0
  if (source[start] !== 35) return source.subarray(start)
  const end = source.indexOf(10, start)
  return end < 0 ? source.subarray(source.length) : source.subarray(end)
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
