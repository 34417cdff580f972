/** The C API: calls, errors, coroutines, loading (lapi.c, ldo.c). */
import { callFromNative, YIELDED } from '../call.js'
import type { Instrument } from '../coverage/instrument.js'
import { binary, fromUser } from '../bytes.js'
import { throwValue } from '../errors.js'
import { LuaError } from '../state.js'
import { compile, pushMain } from '../parser.js'
import { checkYield, guard, protectedCall, resumeThread, unguard, whyNotResumable } from '../protect.js'
import { ERRRUN, ERRSYNTAX, LuaThread, newState, OK, PROTECTED, YIELD, type Continuation } from '../state.js'
import { pushResults } from '../results.js'
import { SUSPENDED, type NativeFunction } from '../value.js'
import { push } from './push.js'
import { addressOf } from './values.js'

export const lua_newstate = (): LuaThread => newState()
export const lua_close = (): void => undefined
export const lua_gc = (): number => 0
export const lua_status = (L: LuaThread): number => L.status
export const lua_isyieldable = (L: LuaThread): boolean => L.nny === 0
export const lua_atnativeerror = (L: LuaThread, f: NativeFunction | null): NativeFunction | null => {
  const old = L.l_G.atnativeerror
  L.l_G.atnativeerror = f
  return old
}
export const lua_atpanic = (L: LuaThread, f: NativeFunction | null): NativeFunction | null => {
  const old = L.l_G.panic
  L.l_G.panic = f
  return old
}
export const lua_version = (L: LuaThread | null): number => (L === null || L.l_G.lua54 ? 504 : 503)

export const lua_error = (L: LuaThread): never => throwValue(L, L.stack[L.top - 1])

export const lua_callk = (
  L: LuaThread,
  nargs: number,
  nresults: number,
  ctx: unknown,
  k: Continuation | null,
): void => {
  const at = L.top - nargs - 1
  const { stack, ci } = L
  const args = stack.slice(at + 1, L.top)
  const continued = k !== null && L.nny === 0
  if (continued) {
    ci.k = k
    ci.ctx = ctx
    ci.resultsAt = at
    ci.nresults = nresults
  }
  L.top = at
  const value = callFromNative(L, stack[at], args, !continued)
  if (value === SUSPENDED) throw YIELDED
  pushResults(L, value, at, nresults)
}

export const lua_call = (L: LuaThread, nargs: number, nresults: number): void => lua_callk(L, nargs, nresults, 0, null)

export const lua_pcallk = (
  L: LuaThread,
  nargs: number,
  nresults: number,
  handlerIndex: number,
  ctx: unknown,
  k: Continuation | null,
): number => {
  const at = L.top - nargs - 1
  const { stack, ci } = L
  const args = stack.slice(at + 1, L.top)
  const handler = handlerIndex === 0 ? undefined : stack[addressOf(L, handlerIndex)]
  const continued = k !== null && L.nny === 0
  if (continued) guard(L, k, ctx, at, nresults)
  L.top = at
  const status = protectedCall(L, stack[at], args, { at, wanted: nresults, handler, noYield: !continued })
  if (status === SUSPENDED) throw YIELDED
  if (ci.callstatus & PROTECTED) unguard(L, ci)
  return status
}

export const lua_pcall = (L: LuaThread, nargs: number, nresults: number, handlerIndex: number): number =>
  lua_pcallk(L, nargs, nresults, handlerIndex, 0, null)

export const lua_newthread = (L: LuaThread): LuaThread => {
  const thread = new LuaThread(L.l_G)
  thread.hook = L.hook
  thread.hookmask = L.hookmask
  thread.basehookcount = L.basehookcount
  if (L.basehookcount > 0) thread.fuel = L.basehookcount
  push(L, thread)
  return thread
}

export const lua_resume = (L: LuaThread, from: LuaThread | null, nargs: number): number => {
  const problem = whyNotResumable(L)
  if (problem === undefined) return resumeThread(L, from, nargs)
  L.top -= nargs
  push(L, problem)
  return ERRRUN
}

/** Yields the `nresults` values on top of the stack. The code of the native function after the call is not executed. */
export const lua_yieldk = (L: LuaThread, nresults: number, ctx: unknown, k: Continuation | null): number => {
  checkYield(L)
  const { ci } = L
  L.status = YIELD
  if (ci.isLua) return 0
  ci.k = k
  ci.ctx = ctx
  ci.yieldedBase = ci.base
  ci.base = L.top - nresults - 1
  L.yielded = nresults
  throw YIELDED
}

export const lua_yield = (L: LuaThread, nresults: number): number => lua_yieldk(L, nresults, 0, null)

type Reader = (L: LuaThread, data: unknown) => Uint8Array | null

/** Compiles the pieces that `reader` returns; pushes the function, or an error message, and returns the status. */
export const lua_load = (
  L: LuaThread,
  reader: Reader,
  data: unknown,
  chunkname: string | Uint8Array | null,
  mode: string | Uint8Array | null,
): number => {
  let text = ''
  const { top } = L
  try {
    for (let part = reader(L, data); part !== null && part.length > 0; part = reader(L, data)) text += binary(part)
  } catch (error) {
    if (!(error instanceof LuaError)) throw error
    L.top = top
    push(L, error.value)
    return error.status
  }
  L.top = top
  return load(L, text, chunkname ? fromUser(chunkname) : '?', mode ? fromUser(mode) : 'bt')
}

export const load = (L: LuaThread, text: string, chunkname: string, mode: string): number => {
  const binaryChunk = text.startsWith('\x1b')
  if (binaryChunk || !mode.includes('t')) {
    const kind = binaryChunk ? 'binary' : 'text'
    const refused = mode.includes(kind[0]!)
    push(
      L,
      refused
        ? `${chunkname}: hapsim does not support binary chunks`
        : `attempt to load a ${kind} chunk (mode is '${mode}')`,
    )
    return ERRSYNTAX
  }
  const result = compile(text, chunkname, L.l_G.version, L.l_G.instrument as Instrument | null, L.nCcalls)
  if ('error' in result) {
    if (result.overflow) return overflow(L, result.error)
    push(L, result.error)
    return ERRSYNTAX
  }
  pushMain(L, result.proto)
  return OK
}

/** Throws a run-time error, for which the message handler is called, rather than a syntax error. */
const overflow = (L: LuaThread, message: string): number => {
  const { errorHandler: handler, top: at } = L
  if (handler === undefined) {
    push(L, message)
    return ERRRUN
  }
  const status = protectedCall(L, handler, [message], { at, wanted: 1, handler, noYield: true }) as number
  return status === OK ? ERRRUN : status
}

export const lua_dump = (): number => 1
