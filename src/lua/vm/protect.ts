/** Protected calls and coroutines (ldo.c): errors are caught and suspended calls are continued here. */
import { callMany, callUnlessRaised, runContinuation, runUntil, settle, takeRaised, YIELDED } from './call.js'
import { Halt, runtimeError } from './errors.js'
import { LuaError } from './state.js'
import { callWithoutYield } from './native-operations.js'
import { pushResults } from './results.js'
import { checkCStack, MOST_C_CALLS } from './stack-limits.js'
import {
  CLOSING,
  ERRRUN,
  KEPT_RECORDS,
  MOST_FRAMES,
  OK,
  PROTECTED,
  YIELD,
  type Call,
  type Continuation,
  type LuaThread,
} from './state.js'
import { closeAbove, takeAll } from './to-close.js'
import { SUSPENDED, type LuaValue, type Result } from './value.js'

/** Converts an exception of JavaScript code to a Lua error, after the host was notified. */
const asLuaError = (L: LuaThread, error: unknown): LuaError => {
  if (error instanceof LuaError) return error
  if (error instanceof Halt) throw error
  if (error instanceof RangeError && error.message === 'Invalid string length')
    return new LuaError('not enough memory', 4)
  const { atnativeerror } = L.l_G
  if (!atnativeerror) throw error
  const limited = L.nCcalls
  L.nCcalls = Math.min(limited, 100)
  const message = callWithoutYield(L, atnativeerror, [L.l_G.light(error)])
  L.nCcalls = limited
  return new LuaError(message, ERRRUN)
}

/**
 * Calls `f` and catches errors. Returns a status; the results or the error value are on the stack from `at` on. Returns SUSPENDED if the
 * coroutine yields, which it may only if the caller has set a continuation.
 */
export const protectedCall = (
  L: LuaThread,
  f: LuaValue,
  args: readonly LuaValue[],
  { at, wanted, handler, noYield }: { at: number; wanted: number; handler: LuaValue; noYield: boolean },
): number | typeof SUSPENDED => {
  const { ci, limit, nny, nCcalls, measured, allowhook, errorHandler } = L
  L.errorHandler = handler
  let thrown: unknown
  try {
    const value = callUnlessRaised(L, f, args, noYield)
    if (value !== SUSPENDED) {
      pushResults(L, value, at, wanted)
      L.errorHandler = errorHandler
      return OK
    }
    if (L.raised === null) return SUSPENDED
    thrown = takeRaised(L)
  } catch (error) {
    if (error === YIELDED) throw error
    thrown = error
  }
  const caught = (what: unknown): LuaError => {
    // an error that is caught where yields are possible unwinds to lua_resume first (luaD_throw): the C calls below it are gone
    L.nCcalls = noYield ? nCcalls : L.resumedWith
    L.measured = measured
    L.overflowing = false
    L.failed = L.ci
    const error = asLuaError(L, what)
    unwind(L, ci)
    L.limit = limit
    L.nny = nny
    L.allowhook = allowhook
    L.tailArguments = null
    return error
  }
  let error: LuaError | typeof SUSPENDED = caught(thrown)
  if (L.toClose.length > 0) {
    ci.callstatus |= CLOSING
    ci.closed = closed
    error = closeAbove(L, ci, error, { noYield, caught })
    if (error === SUSPENDED) return SUSPENDED
    ci.callstatus &= ~CLOSING
  }
  L.stack[at] = error.value
  L.top = at + 1
  L.errorHandler = errorHandler
  return error.status
}

/** Makes the running native function catch errors of the functions it calls; they are passed to its continuation. */
export const guard = (L: LuaThread, k: Continuation, ctx: unknown, at: number, nresults: number): void => {
  const { ci } = L
  ci.k = k
  ci.ctx = ctx
  ci.resultsAt = at
  ci.nresults = nresults
  ci.oldErrorHandler = L.errorHandler
  ci.oldAllowHook = L.allowhook
  ci.callstatus |= PROTECTED
}

export const unguard = (L: LuaThread, ci: Call): void => {
  ci.callstatus &= ~PROTECTED
  L.errorHandler = ci.oldErrorHandler
}

/** Returns why a coroutine cannot be resumed; undefined if it can. */
export const whyNotResumable = (L: LuaThread): string | undefined => {
  if (L.status === OK) return L.ci !== L.base_ci ? 'cannot resume non-suspended coroutine' : undefined
  return L.status === YIELD ? undefined : 'cannot resume dead coroutine'
}

/** Starts or resumes a coroutine that can be resumed. Returns its status; the results are on top of its stack. */
export const resumeThread = (L: LuaThread, from: LuaThread | null, nargs: number): number => {
  L.nCcalls = from ? from.nCcalls : 0
  if (L.nCcalls >= MOST_C_CALLS) {
    L.top -= nargs
    L.stack[L.top++] = 'C stack overflow'
    return ERRRUN
  }
  L.resumedWith = ++L.nCcalls
  L.l_G.inspector?.resumed(L, from)
  const { nny } = L
  L.nny = 0
  const frames = from ? Math.max(from.limit - from.ci.level - 4, 1) : 180
  const begun = L.status === YIELD
  let status = OK
  for (let failed: { readonly ci: Call; readonly error: LuaError } | undefined; ;) {
    try {
      const value = failed
        ? recover(L, failed.ci, failed.error, frames)
        : begun
          ? continueYielded(L, nargs, frames)
          : begin(L, nargs, frames)
      if (value === SUSPENDED) status = YIELD
      else finish(L, value)
      break
    } catch (thrown) {
      if (thrown instanceof Halt) {
        L.status = ERRRUN
        throw thrown
      }
      const error = asLuaError(L, thrown)
      const ci = recoverable(L)
      if (!ci) {
        L.status = error.status
        L.base_ci.failure = error
        L.stack[L.top++] = error.value
        status = error.status
        break
      }
      failed = { ci, error }
    }
  }
  L.nny = nny
  return status
}

const begin = (L: LuaThread, nargs: number, frames: number): Result => {
  const first = L.top - nargs
  const f = L.stack[first - 1]
  const args = L.stack.slice(first, L.top)
  L.top = first - 1
  L.limit = L.ci.level + frames
  L.unrolled = 0
  if (L.nCcalls >= MOST_C_CALLS) checkCStack(L)
  let value = callMany(L, f, args)
  if (value === SUSPENDED) value = settle(L)
  return value === SUSPENDED ? runUntil(L, L.base_ci, frames, undefined) : value
}

/** Pushes the results of the coroutine's function onto its stack. */
const finish = (L: LuaThread, value: LuaValue): void => {
  L.status = OK
  pushResults(L, value, L.top, -1)
}

const continueYielded = (L: LuaThread, nargs: number, frames: number): Result => {
  const { ci } = L
  L.status = OK
  L.unrolled = ci.level
  const first = L.top - nargs
  if (ci.isLua) {
    // a hook yielded: the values on the stack are not results
    L.top = ci.base + 1
    return runUntil(L, L.base_ci, frames, undefined)
  }
  ci.base = ci.yieldedBase
  if (ci.k === null) {
    const value = nargs > 0 ? L.stack[first] : undefined
    if (nargs > 1) L.ret = L.stack.slice(first, L.top)
    L.nret = nargs
    L.top = ci.base
    L.ci = ci.previous!
    return runUntil(L, L.base_ci, frames, value)
  }
  return runUntil(L, L.base_ci, frames, runContinuation(L, ci, YIELD))
}

const recoverable = (L: LuaThread): Call | undefined => {
  for (let ci: Call | null = L.ci; ci !== null; ci = ci.previous) if (ci.callstatus & PROTECTED) return ci
  return undefined
}

const recover = (L: LuaThread, ci: Call, error: LuaError, frames: number): Result => {
  putBack(L, ci)
  L.limit = ci.level + frames
  ci.callstatus |= CLOSING
  ci.closed = closed
  ci.failure = error
  return runUntil(L, L.base_ci, frames, closed(L, ci))
}

/**
 * Makes `ci` the running call. The records of the calls above it are used for later calls, unless there are many, or one is marked as a tail
 * call: later calls of the same function would be taken for tail calls.
 */
const unwind = (L: LuaThread, ci: Call): void => {
  if (L.ci.level > ci.level + KEPT_RECORDS) ci.next = null
  else
    for (let each: Call | null = L.ci; each && each !== ci; each = each.previous)
      if (each.tailOf !== undefined) {
        ci.next = null
        break
      }
  L.ci = ci
}

/** Makes a protected call the running one again. */
const putBack = (L: LuaThread, ci: Call): void => {
  unwind(L, ci)
  L.nny = 0
  L.nCcalls = L.resumedWith
  L.unrolled = ci.level - 1
  if (L.measured && L.measured.level > ci.level) L.measured = ci
  L.overflowing = false
  L.tailArguments = null
  L.status = OK
  L.allowhook = ci.oldAllowHook
}

/** Continues to close variables above a protected call that failed, and then the call itself. */
const closed = (L: LuaThread, ci: Call): Result => {
  const { limit } = L
  const caught = (thrown: unknown): LuaError => {
    const error = asLuaError(L, thrown)
    putBack(L, ci)
    L.limit = limit
    return error
  }
  const error = closeAbove(L, ci, ci.failure!, { noYield: false, caught })
  if (error === SUSPENDED) return SUSPENDED
  ci.callstatus &= ~CLOSING
  unguard(L, ci)
  L.stack[ci.resultsAt] = error.value
  L.top = ci.resultsAt + 1
  const value = runContinuation(L, ci, error.status)
  return value === SUSPENDED ? settle(L) : value
}

/**
 * Closes a coroutine that is suspended or dead, with its variables to be closed (`lua_closethread`).
 *
 * @returns the error that it died of, or that a `__close` raised; undefined without an error
 */
export const closeThread = (L: LuaThread, from: LuaThread): LuaError | undefined => {
  const { base_ci } = L
  const reset = (): void => {
    L.status = OK
    L.ci = base_ci
    L.tailArguments = null
    L.nny = 1
    L.nCcalls = from.nCcalls
    L.unrolled = 0
    L.measured = null
    L.overflowing = false
    L.limit = Math.max(from.limit - from.ci.level - 4, 1)
  }
  const caught = (thrown: unknown): LuaError => {
    const error = asLuaError(L, thrown)
    reset()
    return error
  }
  const ended = base_ci.failure
  base_ci.pending = takeAll(L)
  reset()
  L.errorHandler = undefined
  const error = closeAbove(L, base_ci, ended, { noYield: true, caught }) as LuaError | undefined
  L.nny = 0
  L.top = 1
  return error
}

/** Resets the main coroutine after a {@link Halt}: no call remains, and no variable is closed. */
export const abandon = (L: LuaThread): void => {
  L.status = OK
  L.ci = L.base_ci
  L.base_ci.next = null
  L.top = 1
  L.nny = 1
  L.nCcalls = 0
  L.unrolled = 0
  L.measured = null
  L.overflowing = false
  L.limit = MOST_FRAMES
  L.allowhook = true
  L.tailArguments = null
  L.errorHandler = undefined
  L.failed = null
  L.toClose.length = 0
}

/** Throws unless the running coroutine can yield. */
export const checkYield = (L: LuaThread): void => {
  if (L.nny === 0) return
  if (L !== L.l_G.mainthread) runtimeError(L, 'attempt to yield across a C-call boundary')
  runtimeError(L, 'attempt to yield from outside a coroutine')
}
