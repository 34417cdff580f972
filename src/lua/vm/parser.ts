/**
 * Compiles source texts to prototypes: Fengari's parser, in a separate state, with 64-bit numbers (fengari-parser.ts) and the syntax of 5.4
 * that can be added to its lexer: `local x <const>` and `<close>`.
 */
import { bytes, binary } from './bytes.js'
import { checkAttributes } from './attributes.js'
import { markConstants } from './constants.js'
import { ParseRecord } from './coverage/record.js'
import type { Instrument } from './coverage/instrument.js'
import { expandLargeEscapes, quoteLargeEscape } from './large-escapes.js'
import { parseLua } from './fengari-parser.js'
import type { PartReader } from './scanner.js'
import { type Proto } from './proto.js'
import { fromFengari } from './fengari-proto.js'
import { REGISTRY_GLOBALS, type LuaThread, type LuaVersion } from './state.js'
import { expectRegisters } from './stack-limits.js'
import { LuaClosure, UpValue } from './value.js'
import { inspectedTranslator, translator } from './translate/translate.js'

export type Compilation = { readonly proto: Proto } | { readonly error: string; readonly overflow?: true }

/**
 * @param instrument adds counters to the prototypes for coverage
 * @param nCcalls C calls in progress
 */
export const compile = (
  text: string,
  chunkname: string,
  version: LuaVersion,
  instrument?: Instrument | null,
  nCcalls = 1,
): Compilation => {
  const attributes = new Map<unknown, Map<number, string>>()
  const record = instrument?.wants(chunkname) ? new ParseRecord() : undefined
  const lua54 = version === '5.4'
  // 5.4 fails at the limit, 5.3 beyond it
  const levels = lua54 ? nCcalls + 1 : nCcalls
  const result = parseLua(
    lua54 ? expandLargeEscapes(text) : text,
    bytes(chunkname),
    lua54 ? attributes : undefined,
    levels,
    record,
  )
  if ('error' in result) {
    const message = binary(result.error)
    return lua54 && TOO_DEEP.test(message)
      ? { error: 'C stack overflow', overflow: true }
      : { error: wording(lua54 ? quoteLargeEscape(message, text) : message, version) }
  }
  const proto = fromFengari(result.proto, attributes, translator)
  const problem = attributes.size > 0 ? checkAttributes(proto) : undefined
  if (problem !== undefined) return { error: problem }
  if (attributes.size > 0) markConstants(proto)
  if (record) instrument!.install({ text, chunkname, proto, parsed: result.proto, spans: record.spans })
  return { proto }
}

const LARGE_ESCAPE = /UTF-8 value too large/

/**
 * Reads the parts of a text that the parser needs: all of them, or those up to the first syntax error.
 *
 * @param nCcalls C calls in progress
 * @throws exceptions of `next`
 */
export const readParts = (next: PartReader, version: LuaVersion, nCcalls: number): string => {
  let text = ''
  let failure: { readonly thrown: unknown } | undefined
  const read: PartReader = () => {
    try {
      const part = next()
      text += part ?? ''
      return part
    } catch (thrown) {
      failure = { thrown }
      return undefined
    }
  }
  const lua54 = version === '5.4'
  const result = parseLua(read, bytes('='), lua54 ? new Map() : undefined, lua54 ? nCcalls + 1 : nCcalls)
  // not an error in 5.4: `compile` replaces these escapes in the whole text
  if (lua54 && 'error' in result && LARGE_ESCAPE.test(binary(result.error))) while (!failure && read());
  if (failure) throw failure.thrown
  return text
}

const TOO_DEEP = /too many JS levels \(limit is 200\) in (main function|function at line \d+) near /

/** Fengari quotes the end of the text by its token name. */
const wording = (message: string, version: LuaVersion): string => {
  const text = message.replace(/near '<eof>'$/, 'near <eof>').replace('too many JS levels', 'too many C levels')
  return version === '5.3'
    ? text
    : text.replace(/<break> at line (\d+) not inside a loop$/, 'break outside loop at line $1')
}

/** Functions of `debug` that need access to variables and lines of running functions. */
const LOOKING_INSIDE: ReadonlySet<unknown> = new Set(['getlocal', 'setlocal', 'sethook'])

/** Whether a source text contains the names of functions that inspect running functions. */
export const looksInside = (proto: Proto): boolean =>
  proto.k.some((each) => LOOKING_INSIDE.has(each)) || proto.p.some(looksInside)

const inspectedForms = new WeakMap<Proto, Proto>()

const inspectedForm = (proto: Proto): Proto => {
  const known = inspectedForms.get(proto) ?? proto.translatedBy(inspectedTranslator)
  inspectedForms.set(proto, known)
  return known
}

/** Pushes a function created from a compiled text; its first upvalue is the table of globals. */
export const pushMain = (L: LuaThread, compiled: Proto): void => {
  const globals = L.l_G.registry.getInt(REGISTRY_GLOBALS)
  L.l_G.inspected ||= looksInside(compiled)
  expectRegisters(L.l_G, compiled.mostRegisters)
  const proto = L.l_G.inspected ? inspectedForm(compiled) : compiled
  const upvalues = proto.upvalues.map((_, i) => new UpValue(i === 0 ? globals : undefined))
  L.stack[L.top++] = new LuaClosure(proto, upvalues)
}
