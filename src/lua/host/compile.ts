/**
 * Compiles scripts. A script is compiled once for each content and name; its prototype contains nothing of a state and is shared by all states
 * of all processes. The cache affects nothing but the time that loading takes.
 */
import { RunningHash } from '../../engine/hash.js'
import { jsString, luaString, type lua_State } from '../fengari.js'
import { binary, bytes } from '../vm/bytes.js'
import type { Instrument } from '../vm/coverage/instrument.js'
import { compile as compileText, pushMain } from '../vm/parser.js'
import type { Proto } from '../vm/proto.js'
import type { LuaVersion } from '../vm/state.js'

/** A compiled script, or the error message of the compiler. */
export type CompiledScript = { readonly proto: Proto } | { readonly error: string }

/** A cache of compiled scripts, which drops the oldest entries beyond its limit. */
export class ScriptCache {
  readonly #compiled = new Map<string, { readonly source: Uint8Array; readonly result: CompiledScript }>()

  /** @param instrument adds coverage counters to the scripts */
  constructor(
    readonly limit = 256,
    readonly instrument?: Instrument,
  ) {}

  /** Returns the compiled script, from the cache if possible. @param chunkname with Lua's leading `@` */
  compile(source: Uint8Array, chunkname: string, version: LuaVersion): CompiledScript {
    const key = `${version} ${chunkname} ${new RunningHash().bytes(source).hex}`
    const known = this.#compiled.get(key)
    if (known && sameBytes(known.source, source)) return known.result
    const result = compileScript(source, chunkname, version, this.instrument)
    if (this.#compiled.size >= this.limit) this.#compiled.delete(this.#compiled.keys().next().value!)
    this.#compiled.set(key, { source: source.slice(), result })
    return result
  }
}

/** Pushes a new function of a compiled script; its only upvalue is the table of globals. */
export const pushCompiled = (L: lua_State, proto: Proto): void => pushMain(L, proto)

/** Compiles a script, which may begin with a byte order mark or a `#` line as in `luaL_loadfile`. */
export const compileScript = (
  source: Uint8Array,
  chunkname: string,
  version: LuaVersion,
  instrument?: Instrument,
): CompiledScript => {
  const result = compileText(binary(withoutHashLine(source)), binary(luaString(chunkname)), version, instrument)
  return 'error' in result ? { error: jsString(bytes(result.error)) } : result
}

/** `luaL_loadfile` skips a byte order mark and a first line that begins with `#`. */
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
