/** The library coroutine (lcorolib.c). Resuming and yielding use neither exceptions nor the C API. */
import { argument, argumentCount, give, throwArgument, throwArgumentError, throwError, where } from '../vm/arguments.js'
import { throwValue } from '../vm/errors.js'
import { checkYield, closeThread, resumeThread, whyNotResumable } from '../vm/protect.js'
import { LuaThread, NATIVE_SUSPENDED, OK, YIELD } from '../vm/state.js'
import { isFunction, type LuaValue, type NativeFunction } from '../vm/value.js'

/** The cost of creating a coroutine. */
const INSTRUCTIONS_PER_COROUTINE = 100

const newThread = (L: LuaThread, f: LuaValue): LuaThread => {
  L.fuel -= INSTRUCTIONS_PER_COROUTINE
  const thread = new LuaThread(L.l_G)
  thread.hook = L.hook
  thread.hookmask = L.hookmask
  thread.basehookcount = L.basehookcount
  thread.fuel = L.basehookcount > 0 ? L.basehookcount : L.fuel
  thread.stack[thread.top++] = f
  return thread
}

const create: NativeFunction = (L) => {
  const f = argument(L, 1)
  if (!isFunction(f)) return throwArgument(L, 1, 'function')
  return give(L, newThread(L, f))
}

/**
 * HAProxy's `coroutine.create` (`hlua_coroutine_create`): the coroutine belongs to the task that creates it. The type of its argument is
 * not checked; without an argument, the coroutine itself is called.
 */
export const createInTask: NativeFunction = (L) => {
  const thread = newThread(L, argument(L, 1))
  if (argumentCount(L) === 0) thread.stack[1] = thread
  thread.hapsim = L.hapsim
  return give(L, thread)
}

/** Returns why a coroutine cannot be resumed; undefined if it can. */
const obstacle = (thread: LuaThread): string | undefined =>
  whyNotResumable(thread) ?? (thread.status === OK && thread.top === 1 ? 'cannot resume dead coroutine' : undefined)

/** Resumes with the arguments from `first` on. Returns the number of results, which are on top of `thread`'s stack, or -1 for an error. */
const resumeWith = (L: LuaThread, thread: LuaThread, first: number): number => {
  const from = L.ci.base + first
  const count = Math.max(L.top - from, 0)
  for (let i = 0; i < count; i++) thread.stack[thread.top++] = L.stack[from + i]
  const status = resumeThread(thread, L, count)
  if (status === YIELD) return thread.yielded
  return status === OK ? thread.top - thread.ci.base - 1 : -1
}

const take = (L: LuaThread, thread: LuaThread, count: number): void => {
  thread.top -= count
  for (let i = 0; i < count; i++) L.stack[L.top++] = thread.stack[thread.top + i]
}

const checkThread = (L: LuaThread): LuaThread => {
  const thread = argument(L, 1)
  return thread instanceof LuaThread
    ? thread
    : L.l_G.lua54
      ? throwArgument(L, 1, 'thread')
      : throwArgumentError(L, 1, 'thread expected')
}

const resume: NativeFunction = (L) => {
  const thread = checkThread(L)
  const problem = obstacle(thread)
  if (problem !== undefined) {
    give(L, false)
    return 1 + give(L, problem)
  }
  const count = resumeWith(L, thread, 2)
  if (count < 0) {
    give(L, false)
    take(L, thread, 1)
    return 2
  }
  give(L, true)
  take(L, thread, count)
  return count + 1
}

/** Functions that catch errors of coroutines. */
export const RESUMING: ReadonlySet<unknown> = new Set([resume])

const wrap: NativeFunction = (L) => {
  const f = argument(L, 1)
  if (!isFunction(f)) return throwArgument(L, 1, 'function')
  const thread = newThread(L, f)
  const next: NativeFunction = (running) => {
    const problem = obstacle(thread)
    if (problem !== undefined) return throwValue(running, where(running, 1) + problem)
    const count = resumeWith(running, thread, 1)
    if (count < 0) {
      const failed = thread.status !== OK && thread.status !== YIELD
      const value = failed ? closeThread(thread, running)!.value : thread.stack[--thread.top]
      // the position of the caller precedes a message
      return throwValue(running, typeof value === 'string' ? where(running, 1) + value : value)
    }
    take(running, thread, count)
    return count
  }
  next.holds = thread
  return give(L, next)
}

const yieldValues: NativeFunction = (L) => {
  checkYield(L)
  L.status = YIELD
  const { ci } = L
  ci.k = null
  ci.yieldedBase = ci.base
  L.yielded = argumentCount(L)
  return NATIVE_SUSPENDED
}

const statusOf = (L: LuaThread, thread: LuaThread): string => {
  if (L === thread) return 'running'
  if (thread.status === YIELD) return 'suspended'
  if (thread.status !== OK) return 'dead'
  if (thread.ci !== thread.base_ci) return 'normal'
  return thread.top === 1 ? 'dead' : 'suspended'
}

const status: NativeFunction = (L) => give(L, statusOf(L, checkThread(L)))

const isyieldable: NativeFunction = (L) => {
  const thread = L.l_G.lua54 && argumentCount(L) > 0 ? checkThread(L) : L
  return give(L, thread.nny === 0)
}

const running: NativeFunction = (L) => {
  give(L, L)
  give(L, L.l_G.mainthread === L)
  return 2
}

/** `coroutine.close`. */
const close: NativeFunction = (L) => {
  const thread = checkThread(L)
  const state = statusOf(L, thread)
  if (state !== 'suspended' && state !== 'dead') return throwError(L, `cannot close a ${state} coroutine`)
  const error = closeThread(thread, L)
  if (!error) return give(L, true)
  give(L, false)
  give(L, error.value)
  return 2
}

export const coroutineFunctions = (lua54: boolean): Readonly<Record<string, NativeFunction>> => ({
  create,
  isyieldable,
  resume,
  running,
  status,
  wrap,
  yield: yieldValues,
  ...(lua54 ? { close } : {}),
})
