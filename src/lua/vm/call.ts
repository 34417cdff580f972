/**
 * Calls. A Lua function runs as a JavaScript function, and the functions it calls run in JavaScript frames above it. When a coroutine
 * yields, or when there are too many frames, each frame saves its registers in its call record and returns SUSPENDED, down to
 * `callFromNative` or `resume`, which then continues the saved calls, innermost first, without frames between them. Lua functions thus nest
 * as deeply as in PUC Lua, and yielding does not throw an exception.
 */
import { typeError, Operand } from './errors.js'
import type { LuaError } from './state.js'
import { checkCStack, expectArguments, measure, MOST_C_CALLS, stackOverflow } from './stack-limits.js'
import { CLOSING, NEGATED, YIELD, extend, type Call, type LuaThread } from './state.js'
import { MASK_CALL, MASK_RETURN, runHook } from './hook.js'
import {
  FALLBACK,
  LuaClosure,
  NativeClosure,
  SUSPENDED,
  isFalse,
  isFunction,
  type LuaValue,
  type NativeFunction,
  type Result,
} from './value.js'
import { metamethodOf } from './metamethod.js'
import { pushResults } from './results.js'
import { firstRegisters, setAside, sharedRegisters, tailCall } from './set-aside.js'

/** Thrown by native functions that yield through the C API. */
export const YIELDED = Symbol('yielded')

/** Creates the call record of a Lua function. */
export const enter = (L: LuaThread, closure: LuaClosure): Call => {
  const ci = L.ci.next ?? extend(L, stackOverflow)
  L.ci = ci
  ci.func = closure
  ci.pc = 0
  ci.callstatus = 0
  return ci
}

const enterNative = (L: LuaThread, func: LuaValue): Call => {
  const ci = L.ci.next ?? extend(L, stackOverflow)
  L.ci = ci
  ci.func = func
  ci.pc = -1
  ci.callstatus = 0
  ci.k = null
  ci.base = L.top
  return ci
}

/** Calls the function on the stack at `ci.base` with the arguments after it. */
const runNative = (L: LuaThread, ci: Call, f: NativeFunction): Result => {
  if (L.hookmask & MASK_CALL) runHook(L, 'call', -1, { first: 1, count: L.top - ci.base - 1 })
  let n: number
  try {
    n = f(L)
  } catch (error) {
    if (error === YIELDED) return SUSPENDED
    throw error
  }
  return n < 0 ? SUSPENDED : finishNative(L, ci, n)
}

/** Ends the call of a native function that has pushed `n` results. */
const finishNative = (L: LuaThread, ci: Call, n: number): LuaValue => {
  const first = L.top - n
  if (L.hookmask & MASK_RETURN) runHook(L, 'return', -1, { first: first - ci.base, count: n })
  const value = n > 0 ? L.stack[first] : undefined
  if (n > 1) L.ret = L.stack.slice(first, L.top)
  L.nret = n
  L.top = ci.base
  L.ci = ci.previous!
  return value
}

const nativeOf = (L: LuaThread, f: LuaValue): NativeFunction =>
  typeof f === 'function' ? f : f instanceof NativeClosure ? f.f : (typeError(L, f, 'call', Operand.CALLED) as never)

/** Calls a value that is not a Lua function, without arguments. Returns the first result, as do the functions below. */
export const call0 = (L: LuaThread, f: LuaValue): Result => {
  if (!isFunction(f)) return callMany(L, f, [])
  const ci = enterNative(L, f)
  L.stack[L.top++] = f
  return runNative(L, ci, nativeOf(L, f))
}

export const call1 = (L: LuaThread, f: LuaValue, a: LuaValue): Result => {
  if (typeof f === 'function') {
    if (f.direct1 !== undefined && (L.hookmask & (MASK_CALL | MASK_RETURN)) === 0) {
      L.nret = 1
      const value = f.direct1(L, a)
      if (value !== FALLBACK) return value
    }
  } else if (!isFunction(f)) return callMany(L, f, [a])
  const ci = enterNative(L, f)
  const { stack, top } = L
  stack[top] = f
  stack[top + 1] = a
  L.top = top + 2
  return runNative(L, ci, nativeOf(L, f))
}

export const call2 = (L: LuaThread, f: LuaValue, a: LuaValue, b: LuaValue): Result => {
  if (typeof f === 'function') {
    if (f.direct2 !== undefined && (L.hookmask & (MASK_CALL | MASK_RETURN)) === 0) {
      L.nret = 1
      const value = f.direct2(L, a, b)
      if (value !== FALLBACK) return value
    }
  } else if (!isFunction(f)) return callMany(L, f, [a, b])
  const ci = enterNative(L, f)
  const { stack, top } = L
  stack[top] = f
  stack[top + 1] = a
  stack[top + 2] = b
  L.top = top + 3
  return runNative(L, ci, nativeOf(L, f))
}

export const call3 = (L: LuaThread, f: LuaValue, a: LuaValue, b: LuaValue, c: LuaValue): Result => {
  if (typeof f === 'function') {
    if (f.direct3 !== undefined && (L.hookmask & (MASK_CALL | MASK_RETURN)) === 0) {
      L.nret = 1
      const value = f.direct3(L, a, b, c)
      if (value !== FALLBACK) return value
    }
  } else if (!isFunction(f)) return callMany(L, f, [a, b, c])
  const ci = enterNative(L, f)
  const { stack, top } = L
  stack[top] = f
  stack[top + 1] = a
  stack[top + 2] = b
  stack[top + 3] = c
  L.top = top + 4
  return runNative(L, ci, nativeOf(L, f))
}

/** Calls a value of any type. */
export const callMany = (L: LuaThread, f: LuaValue, args: readonly LuaValue[]): Result => {
  if (f instanceof LuaClosure) {
    switch (args.length) {
      case 0:
        return f.run(L, f)
      case 1:
        return f.run(L, f, args[0])
      case 2:
        return f.run(L, f, args[0], args[1])
      case 3:
        return f.run(L, f, args[0], args[1], args[2])
    }
    return callWithMany(L, f, args)
  }
  if (!isFunction(f)) return callThrough(L, f, args)
  if (args.length === 1) return call1(L, f, args[0])
  if (args.length === 2) return call2(L, f, args[0], args[1])
  const ci = enterNative(L, f)
  const { stack } = L
  let { top } = L
  stack[top++] = f
  for (let i = 0; i < args.length; i++) stack[top++] = args[i]
  L.top = top
  if (args.length > FEW_ARGUMENTS) L.fuel -= args.length
  return runNative(L, ci, nativeOf(L, f))
}

/** The number of arguments that are passed within the cost of the call instruction. */
const FEW_ARGUMENTS = 32

/** Arguments use JavaScript's stack: this number of them counts as one frame. */
const ARGUMENTS_PER_FRAME = 16
/** With more arguments, they are not passed on JavaScript's stack. */
const MOST_SPREAD_ARGUMENTS = 8192

const callWithMany = (L: LuaThread, closure: LuaClosure, args: readonly LuaValue[]): Result => {
  if (args.length > FEW_ARGUMENTS) L.fuel -= args.length
  expectArguments(L.l_G, args.length)
  if (args.length > MOST_SPREAD_ARGUMENTS) return startAside(L, closure, args)
  const { limit } = L
  L.limit -= Math.floor(args.length / ARGUMENTS_PER_FRAME)
  const value = closure.run(L, closure, ...args)
  L.limit = limit
  return value
}

/** Creates the call record of a Lua function that is suspended before its first instruction. */
const startAside = (L: LuaThread, closure: LuaClosure, args: readonly LuaValue[]): Result => {
  const { p } = closure
  const registers = firstRegisters(p, args, sharedRegisters(p))
  return setAside(L, enter(L, closure), registers, p.is_vararg ? args.slice(p.numparams) : null, -1)
}

/** Longer chains of `__call` are treated as endless. */
const LONGEST_CHAIN = 100

/**
 * Returns the function to be called instead of a value that is not a function, with the arguments that its `__call` metamethods add
 * (`luaD_tryfuncTM`). In 5.3, `__call` must be a function.
 */
const callTarget = (
  L: LuaThread,
  f: LuaValue,
  args: readonly LuaValue[],
): { readonly target: LuaValue; readonly all: readonly LuaValue[] } => {
  const { lua54 } = L.l_G
  let [target, all] = [f, args]
  for (let i = 0; !isFunction(target); i++) {
    const method = metamethodOf(L, target, '__call')
    if (method === undefined || i > LONGEST_CHAIN || !(lua54 || isFunction(method)))
      return typeError(L, target, 'call', Operand.CALLED)
    all = [target, ...all]
    target = method
  }
  return { target, all }
}

const callThrough = (L: LuaThread, f: LuaValue, args: readonly LuaValue[]): Result => {
  const { target, all } = callTarget(L, f, args)
  return callMany(L, target, all)
}

/** Performs a tail call of a value that is not a function, if its `__call` is a Lua function. */
export const tailCallThrough = (L: LuaThread, f: LuaValue, args: LuaValue[]): boolean => {
  if (isFunction(f)) return false
  const { target, all } = callTarget(L, f, args)
  if (!(target instanceof LuaClosure)) return false
  tailCall(L, target, all as LuaValue[])
  return true
}

/** Calls a metamethod or an iterator with two arguments, which counts as a C call. */
export const callMeta2 = (L: LuaThread, f: LuaValue, a: LuaValue, b: LuaValue): Result => {
  const { nCcalls } = L
  L.nCcalls = nCcalls + 1
  if (nCcalls + 1 >= MOST_C_CALLS) checkCStack(L)
  let value = f instanceof LuaClosure ? f.run(L, f, a, b) : call2(L, f, a, b)
  if (value === SUSPENDED) value = settle(L)
  if (L.nCcalls > nCcalls) L.nCcalls = nCcalls
  return value
}

/** Calls a metamethod with any number of arguments. */
export const callMeta = (L: LuaThread, f: LuaValue, args: readonly LuaValue[]): Result => {
  const { nCcalls } = L
  L.nCcalls = nCcalls + 1
  if (nCcalls + 1 >= MOST_C_CALLS) checkCStack(L)
  let value = callMany(L, f, args)
  if (value === SUSPENDED) value = settle(L)
  if (L.nCcalls > nCcalls) L.nCcalls = nCcalls
  return value
}

/** Performs the tail call that a suspended function requests; returns SUSPENDED if the function is suspended for another reason. */
export const settle = (L: LuaThread): Result => {
  while (L.tailArguments !== null) {
    const { tailFunction, tailArguments } = L
    L.tailArguments = null
    const ci = L.ci.next ?? extend(L, stackOverflow)
    ci.tailOf = tailFunction
    const value = callMany(L, tailFunction, tailArguments)
    if (value !== SUSPENDED) {
      ci.tailOf = undefined
      return value
    }
  }
  return SUSPENDED
}

/**
 * Runs code for a native function that may leave suspended calls, and finishes these. Returns SUSPENDED only if they yield, which `noYield`
 * prohibits.
 */
export const finishFromNative = (
  L: LuaThread,
  noYield: boolean,
  operate: (L: LuaThread, a: LuaValue, b: LuaValue, c: LuaValue) => Result,
  a: LuaValue,
  b: LuaValue,
  c: LuaValue,
): Result => {
  const { ci, limit, nCcalls } = L
  if (noYield) L.nny++
  if (ci.level >= limit) L.limit = ci.level + 1
  let value = operate(L, a, b, c)
  if (value === SUSPENDED) value = runUntil(L, ci, limit - ci.level, undefined)
  L.limit = limit
  if (noYield) L.nny--
  L.nCcalls = nCcalls
  return ci.callstatus & NEGATED ? negated(ci, value) : value
}

/**
 * Calls `f` from a native function and returns its first result. Returns SUSPENDED only if it yields, which `noYield` prohibits, or raises
 * an error, which is then in `L.raised`.
 */
export const callUnlessRaised = (L: LuaThread, f: LuaValue, args: readonly LuaValue[], noYield: boolean): Result => {
  const { ci, limit, nCcalls } = L
  if (noYield) L.nny++
  if (ci.level >= limit) L.limit = ci.level + 1
  L.nCcalls = nCcalls + 1
  if (nCcalls + 1 >= MOST_C_CALLS) checkCStack(L)
  let value = callMany(L, f, args)
  if (value === SUSPENDED) value = settle(L)
  if (value === SUSPENDED) value = continueAbove(L, ci, limit - ci.level, undefined)
  L.limit = limit
  if (noYield) L.nny--
  if (L.nCcalls > nCcalls) L.nCcalls = nCcalls
  return value
}

/** Like {@link callFromNative}, but throws the raised error. */
export const callFromNative = (L: LuaThread, f: LuaValue, args: readonly LuaValue[], noYield: boolean): Result => {
  const value = callUnlessRaised(L, f, args, noYield)
  if (value === SUSPENDED && L.raised !== null) throw takeRaised(L)
  return value
}

/** Like {@link callFromNative} with two arguments; it cannot yield. */
export const call2FromNative = (L: LuaThread, f: LuaValue, a: LuaValue, b: LuaValue): LuaValue => {
  const { ci, limit, nCcalls } = L
  L.nny++
  if (ci.level >= limit) L.limit = ci.level + 1
  L.nCcalls = nCcalls + 1
  if (nCcalls + 1 >= MOST_C_CALLS) checkCStack(L)
  let value = f instanceof LuaClosure ? f.run(L, f, a, b) : call2(L, f, a, b)
  if (value === SUSPENDED) value = settle(L)
  if (value === SUSPENDED) value = runUntil(L, ci, limit - ci.level, undefined)
  L.limit = limit
  L.nny--
  L.nCcalls = nCcalls
  return value as LuaValue
}

/**
 * Continues the suspended calls above `stop` until they are done or the coroutine yields.
 *
 * @param frames the number of JavaScript frames that may be used
 * @param value the result that the innermost call waits for
 */
export const runUntil = (L: LuaThread, stop: Call, frames: number, value: Result): Result => {
  const result = continueAbove(L, stop, frames, value)
  if (result === SUSPENDED && L.raised !== null) throw takeRaised(L)
  return result
}

/** Like {@link finish}, but also returns SUSPENDED if an error has been raised. */
const continueAbove = (L: LuaThread, stop: Call, frames: number, value: Result): Result => {
  const { measured } = L
  let result = value
  // whether a call above the one to be continued returned without being suspended
  let returned = false
  while (L.ci !== stop) {
    if (L.status === YIELD || L.raised !== null) return SUSPENDED
    const { ci } = L
    const { level } = ci
    if (level < L.l_G.roomFor) L.measured = null
    else measure(L, stop)
    L.limit = level + Math.max(frames, 1)
    if (level > L.unrolled) {
      if (!returned || L.nCcalls > ci.nCcalls) L.nCcalls = ci.nCcalls
    } else {
      L.unrolled = level - 1
      L.nCcalls = L.resumedWith
    }
    if (ci.callstatus & NEGATED) result = negated(ci, result)
    if (ci.isLua) result = (ci.func as LuaClosure).p.resume(L, ci, result)
    else result = continueNative(L, ci, result as LuaValue)
    if (result === SUSPENDED) result = settle(L)
    else ci.tailOf = undefined
    returned = result !== SUSPENDED
  }
  L.measured = measured
  return result
}

export const takeRaised = (L: LuaThread): LuaError => {
  const error = L.raised!
  L.raised = null
  return error
}

const negated = (ci: Call, result: Result): boolean => {
  ci.callstatus &= ~NEGATED
  return isFalse(result)
}

/** Passes the results of a call to the native function that was suspended in it, and calls its continuation. */
const continueNative = (L: LuaThread, ci: Call, value: LuaValue): Result => {
  if (ci.callstatus & CLOSING) return ci.closed!(L, ci)
  pushResults(L, value, ci.resultsAt, ci.nresults)
  return runContinuation(L, ci, YIELD)
}

export const runContinuation = (L: LuaThread, ci: Call, status: number): Result => {
  const { k } = ci
  let n: number
  try {
    n = k!(L, status, ci.ctx)
  } catch (error) {
    if (error === YIELDED) return SUSPENDED
    throw error
  }
  return n < 0 ? SUSPENDED : finishNative(L, ci, n)
}
