/**
 * Finds tasks, handlers and commands of scripts that nothing can wake any more.
 *
 * A coroutine that waits for a timer, a connection or a client is not stuck, nor is an idle consumer of a queue. These are stuck:
 * - a coroutine that waits without a timeout and for no queue: `core.wait()` without an alarm;
 * - coroutines that wait for queues to which only stuck ones could push: a deadlock. The queues a coroutine can push to are those that are
 *   reachable from it, in the sense of garbage collection;
 * - a handler that waits, while it handles an event, for a queue that nothing else refers to.
 */
import type { Task } from '../../engine/task.js'
import type { Coroutine, CoroutineState } from './coroutine.js'
import { jsString, lua, luaString, type lua_State } from '../fengari.js'
import { Reach } from '../stdlib/heap.js'
import type { LuaValue } from '../vm/value.js'

const { lua_Debug, lua_getinfo, lua_getstack, lua_pop, lua_rawgeti, LUA_REGISTRYINDEX } = lua

/** A task that is stuck. */
export interface StuckTask {
  /** `Lua task mailers.lua:12`, `Lua event mailers.lua:30` … */
  readonly name: string
  /** the line in which it waits, `mailers.lua:15`; undefined if it is unknown */
  readonly place: string | undefined
  readonly reason: string
}

/** What is inspected of a state. */
type WatchedState = Pick<CoroutineState, 'L' | 'coroutines'>

const NO_TIMEOUT = 'waits without a timeout, and nothing will wake it'
const DEADLOCK = 'waits for a queue that only stuck tasks can push to'
const NO_PRODUCER = 'waits, while handling an event, for a queue that no other code can reach'

/** Returns the stuck tasks of a state. To be called between steps. */
export const stuckTasks = (state: WatchedState): StuckTask[] => {
  const blocked = [...state.coroutines].filter(isBlocked)
  const withoutQueue = blocked.filter((each) => queuesOf(each).length === 0)
  const waiting = unreachable(
    state,
    blocked.filter((each) => queuesOf(each).length > 0),
    withoutQueue,
  )
  const stuck = new Map(withoutQueue.map((each) => [each, NO_TIMEOUT]))
  for (const [coroutine, reason] of deadlocked(state, waiting, withoutQueue)) stuck.set(coroutine, reason)
  return [...stuck].map(([coroutine, reason]) => ({
    name: coroutine.task.name,
    place: placeOf(coroutine.L),
    reason,
  }))
}

/** Where a task waits in Lua; undefined: it does not. To be called between steps. */
export const placeOfTask = ({ coroutines }: WatchedState, task: Task): string | undefined => {
  const waiting = [...coroutines].find((each) => each.running && each.task === task)
  return waiting && placeOf(waiting.L)
}

/** Whether it has yielded and only a script can wake it. */
const isBlocked = ({ running, task, waitLists }: Coroutine): boolean =>
  running && !task.runnable && task.expires === undefined && [...waitLists].every(({ queue }) => queue !== undefined)

const queuesOf = ({ waitLists }: Coroutine): object[] => [...waitLists].map(({ queue }) => queue!)

/** Those of `waiting` whose queues are reachable only from blocked coroutines. */
const unreachable = (
  state: WatchedState,
  waiting: readonly Coroutine[],
  withoutQueue: readonly Coroutine[],
): Coroutine[] => {
  if (waiting.length === 0) return []
  const excluded = [...waiting, ...withoutQueue].flatMap((each) => rootsOf(state, each))
  const reach = new Reach(state.L.l_G, excluded)
  let left = [...waiting]
  for (;;) {
    const woken = left.filter((each) => queuesOf(each).some((queue) => reach.knows(queue)))
    if (woken.length === 0) return left
    left = left.filter((each) => !woken.includes(each))
    for (const each of woken) for (const value of rootsOf(state, each)) reach.add(value)
  }
}

/** Those in a deadlock, and those that wait for them. A consumer whose producers have ended is idle. */
const deadlocked = (
  state: WatchedState,
  waiting: readonly Coroutine[],
  withoutQueue: readonly Coroutine[],
): Map<Coroutine, string> => {
  const all = [...waiting, ...withoutQueue]
  const excluded = all.map(({ L }) => L as object)
  const reaches = new Map(
    all.map((each) => [
      each,
      new Reach(
        state.L.l_G,
        excluded.filter((L) => L !== each.L),
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
    if (others.length === 0 && consumer.handler !== undefined) stuck.set(consumer, NO_PRODUCER)
  // a consumer is idle if there is no producer left, or one of the producers is idle
  for (let changed = true; changed;) {
    changed = false
    for (const [consumer, others] of left) {
      if (stuck.has(consumer)) continue
      const isBlockedProducer = (each: Coroutine) => withoutQueue.includes(each) || left.has(each)
      if (others.length > 0 && others.every(isBlockedProducer)) continue
      left.delete(consumer)
      changed = true
    }
  }
  for (const consumer of left.keys()) if (!stuck.has(consumer)) stuck.set(consumer, DEADLOCK)
  return stuck
}

/** The roots of a coroutine, to be excluded when determining what is reachable without it. */
const rootsOf = ({ L }: WatchedState, coroutine: Coroutine): (LuaValue & object)[] => {
  const held: unknown[] = [coroutine.L]
  if (coroutine.handler !== undefined) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, coroutine.handler)
    held.push(L.stack[L.top - 1])
    lua_pop(L, 1)
  }
  return held as (LuaValue & object)[]
}

const WHAT = luaString('Sl')

/** The position of the innermost Lua function. */
const placeOf = (L: lua_State): string | undefined => {
  const ar = new lua_Debug()
  for (let level = 0; lua_getstack(L, level, ar); level++) {
    lua_getinfo(L, WHAT, ar)
    if (ar.currentline > 0) return `${jsString(ar.short_src!)}:${ar.currentline}`
  }
  return undefined
}
