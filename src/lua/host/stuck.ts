/**
 * Tasks, handlers and commands of scripts that nothing can wake any more.
 *
 * One that waits for a date, a connection or a client is not stuck, nor is a consumer of a queue that waits for work. Stuck are
 * - a wait without a limit outside of any queue: `core.wait()` with no alarm set;
 * - waits for queues that only stuck ones could push to: two tasks that each wait for what the other has. The queues that a
 *   task can push to are those its coroutine leads to, which is found as the garbage collector finds it;
 * - a handler that waits, in the middle of an event, for a queue that nobody else has.
 */
import type { Coroutine, CoroutineState } from './coroutine.js'
import { jsString, lua, luaString, type lua_State } from '../fengari.js'
import { Reach } from '../stdlib/heap.js'
import type { LuaValue } from '../vm/value.js'

const { lua_Debug, lua_getinfo, lua_getstack, lua_pop, lua_rawgeti, LUA_REGISTRYINDEX } = lua

export interface StuckTask {
  /** `Lua task mailers.lua:12`, `Lua event mailers.lua:30` … */
  readonly name: string
  /** where it waits, `mailers.lua:15`; undefined where no line is known */
  readonly place: string | undefined
  readonly reason: string
}

/** What is inspected of a state. */
type WatchedState = Pick<CoroutineState, 'L' | 'coroutines'>

const NO_ALARM = 'waits without a limit, and nothing wakes it'
const CIRCLE = 'waits for a queue that only stuck tasks can push to'
const NOBODY = 'waits, within an event, for a queue that nothing else has'

/** Looks at a state between steps. */
export const stuckTasks = (state: WatchedState): StuckTask[] => {
  const blocked = [...state.coroutines].filter(isBlocked)
  const hopeless = blocked.filter((each) => queuesOf(each).length === 0)
  const waiting = unreachable(
    state,
    blocked.filter((each) => queuesOf(each).length > 0),
    hopeless,
  )
  const stuck = new Map(hopeless.map((each) => [each, NO_ALARM]))
  for (const [coroutine, reason] of deadlocked(state, waiting, hopeless)) stuck.set(coroutine, reason)
  return [...stuck].map(([coroutine, reason]) => ({
    name: coroutine.task.name,
    place: placeOf(coroutine.L),
    reason,
  }))
}

/** Whether it has yielded, and only scripts can wake it. */
const isBlocked = ({ running, task, waitsIn }: Coroutine): boolean =>
  running && !task.runnable && task.expires === undefined && [...waitsIn].every(({ queue }) => queue !== undefined)

const queuesOf = ({ waitsIn }: Coroutine): object[] => [...waitsIn].map(({ queue }) => queue!)

/** Those of `waiting` whose queues can be reached from nothing but coroutines that are blocked themselves. */
const unreachable = (
  state: WatchedState,
  waiting: readonly Coroutine[],
  hopeless: readonly Coroutine[],
): Coroutine[] => {
  if (waiting.length === 0) return []
  const barred = [...waiting, ...hopeless].flatMap((each) => heldBy(state, each))
  const reach = new Reach(state.L.l_G, barred)
  let left = [...waiting]
  for (;;) {
    const woken = left.filter((each) => queuesOf(each).some((queue) => reach.knows(queue)))
    if (woken.length === 0) return left
    left = left.filter((each) => !woken.includes(each))
    for (const each of woken) for (const value of heldBy(state, each)) reach.add(value)
  }
}

/** Those that wait for one another, and those that wait for them. A consumer whose producers have ended is at rest. */
const deadlocked = (
  state: WatchedState,
  waiting: readonly Coroutine[],
  hopeless: readonly Coroutine[],
): Map<Coroutine, string> => {
  const all = [...waiting, ...hopeless]
  const barred = all.map(({ L }) => L as object)
  const reaches = new Map(
    all.map((each) => [
      each,
      new Reach(
        state.L.l_G,
        barred.filter((L) => L !== each.L),
        each.L as unknown as LuaValue,
      ),
    ]),
  )
  const producers = (consumer: Coroutine): Coroutine[] => {
    const queues = queuesOf(consumer)
    return all.filter(
      (each) =>
        each !== consumer &&
        queues.some((queue) => reaches.get(each)!.knows(queue)) &&
        !queuesOf(each).some((queue) => queues.includes(queue)),
    )
  }
  const left = new Map(waiting.map((each) => [each, producers(each)]))
  const stuck = new Map<Coroutine, string>()
  for (const [consumer, others] of left)
    if (others.length === 0 && consumer.handler !== undefined) stuck.set(consumer, NOBODY)
  // a consumer is at rest when nobody is left to push, or whoever could is at rest
  for (let changed = true; changed;) {
    changed = false
    for (const [consumer, others] of left) {
      if (stuck.has(consumer)) continue
      const isWaitedFor = (each: Coroutine) => hopeless.includes(each) || left.has(each)
      if (others.length > 0 && others.every(isWaitedFor)) continue
      left.delete(consumer)
      changed = true
    }
  }
  for (const consumer of left.keys()) if (!stuck.has(consumer)) stuck.set(consumer, CIRCLE)
  return stuck
}

/** What of a coroutine is to be left out when it is asked what can be reached without it. */
const heldBy = ({ L }: WatchedState, coroutine: Coroutine): (LuaValue & object)[] => {
  const held: unknown[] = [coroutine.L]
  if (coroutine.handler !== undefined) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, coroutine.handler)
    held.push(L.stack[L.top - 1])
    lua_pop(L, 1)
  }
  return held as (LuaValue & object)[]
}

const WHAT = luaString('Sl')

/** The innermost line that is the script's. */
const placeOf = (L: lua_State): string | undefined => {
  const ar = new lua_Debug()
  for (let level = 0; lua_getstack(L, level, ar); level++) {
    lua_getinfo(L, WHAT, ar)
    if (ar.currentline > 0) return `${jsString(ar.short_src!)}:${ar.currentline}`
  }
  return undefined
}
