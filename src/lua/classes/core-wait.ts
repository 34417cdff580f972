/** Waiting in `core`: sleep, msleep, yield, wait, done, set_nice. In the body and in init functions they return immediately. */
import { MILLISECOND, SECOND, type Micros } from '../../engine/clock.js'
import { checkArgumentCount, intArgument } from '../binding/arguments.js'
import { functionTable } from '../binding/function-table.js'
import { lua, type LuaContinuation, type LuaFunction, type lua_State } from '../fengari.js'
import { coroutineOf, yieldUntil } from '../host/yielding.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'

const { lua_error, lua_gettop, lua_pushcfunction } = lua

/**
 * The end of a wait is a tick of HAProxy's clock, a 32-bit number of milliseconds that wraps around: delays of more than half of that
 * range, and negative ones, are in the past (`tick_is_expired`).
 */
const delayOf = (count: number, unit = 1): Micros => Math.max(0, Math.imul(count, unit)) * MILLISECOND

const now = (L: lua_State): Micros => stateOf(L).host.process.clock.now

const continueSleep: LuaContinuation = (L, _status, until) => {
  if (now(L) < until) yieldUntil(L, continueSleep, until, { context: until })
  return 0
}

const sleepFor =
  (name: string, unit: number): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 1, name)
    const until = now(L) + delayOf(intArgument(L, 1), unit)
    return yieldUntil(L, continueSleep, until, { context: until })
  }

const done: LuaFunction = (L) => {
  const coroutine = coroutineOf(L)
  if (!coroutine) return 0
  coroutine.exit()
  // the error value is what is on top of the stack: without arguments, the function itself
  if (lua_gettop(L) === 0) lua_pushcfunction(L, done)
  return lua_error(L)
}

const resume: LuaContinuation = () => 0

const yieldNow: LuaFunction = (L) => yieldUntil(L, resume, undefined, { soon: true })

const wait: LuaFunction = (L) => {
  const until = lua_gettop(L) > 0 ? now(L) + delayOf(intArgument(L, 1)) : undefined
  return yieldUntil(L, resume, until)
}

const setNice: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'set_nice')
  const nice = intArgument(L, 1)
  const coroutine = coroutineOf(L)
  if (coroutine) coroutine.task.nice = Math.min(1024, Math.max(-1024, nice))
  return 0
}

export const CORE_WAIT: ApiPart = {
  coreFunctions: functionTable({
    sleep: sleepFor('sleep', SECOND / MILLISECOND),
    msleep: sleepFor('msleep', 1),
    yield: yieldNow,
    wait,
    done,
    set_nice: setNice,
  }),
}
