/** The coroutine that runs a function written in TypeScript, and how such a function yields (`hlua_gethlua` and `hlua_yieldk` in src/hlua.c). */
import type { Micros } from '../../engine/clock.js'
import { lua, type LuaContinuation, type lua_State } from '../fengari.js'
import type { Coroutine } from './coroutine.js'
import type { WaitList } from './wait-list.js'

const { lua_yieldk } = lua

/** The coroutine that runs `L`; undefined in bodies and init functions. */
export const coroutineOf = (L: lua_State): Coroutine | undefined => L.hapsim as Coroutine | undefined

/**
 * Yields and continues with `resume` when the task runs again; values on the stack are kept. Does nothing in bodies and init functions.
 *
 * @param wakeAt when to run again at the latest; undefined: only when woken
 * @param options.soon run again immediately
 * @param options.context a number to pass to `resume`
 */
export const yieldUntil = (
  L: lua_State,
  resume: LuaContinuation,
  wakeAt: Micros | undefined,
  { soon = false, context = 0 }: { readonly soon?: boolean; readonly context?: number } = {},
): number => {
  const coroutine = coroutineOf(L)
  if (!coroutine) return 0
  coroutine.wakeAt = wakeAt
  if (soon) coroutine.wakeImmediately()
  return lua_yieldk(L, 0, context, resume)
}

/** Yields until `list` is woken, and continues with `resume`; like {@link yieldUntil} otherwise. */
export const yieldFor = (
  L: lua_State,
  list: WaitList,
  resume: LuaContinuation,
  { wakeAt, context = 0 }: { readonly wakeAt?: Micros | undefined; readonly context?: number } = {},
): number => {
  coroutineOf(L)?.waitIn(list)
  return yieldUntil(L, resume, wakeAt, { context })
}
