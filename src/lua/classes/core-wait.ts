/** `core`'s waiting: sleep, msleep, yield, wait, done, set_nice. Where nothing can wait they return at once. */
import { MILLISECOND, SECOND, type Micros } from '../../engine/clock.js'
import { checkArguments, functionTable, type FunctionTable } from './bind.js'
import { coroutineOf, yieldUntil } from '../host/coroutine.js'
import { lauxlib, lua, type LuaContinuation, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/state.js'

const { lua_error, lua_gettop, lua_pushcfunction } = lua
const { luaL_checkinteger } = lauxlib

/**
 * The end of a wait is a date of HAProxy's clock, 32 bits of milliseconds that wrap: more than half of that ahead, as is any
 * negative number, is past (`tick_is_expired`).
 */
const delayOf = (count: number, unit = 1): Micros => Math.max(0, Math.imul(count, unit)) * MILLISECOND

const now = (L: lua_State): Micros => stateOf(L).host.process.clock.now

const sleepOn: LuaContinuation = (L, _status, until) => {
  if (now(L) < until) yieldUntil(L, sleepOn, until, { context: until })
  return 0
}

const sleepFor =
  (name: string, unit: number): LuaFunction =>
  (L) => {
    checkArguments(L, 1, name)
    const until = now(L) + delayOf(luaL_checkinteger(L, 1), unit)
    return yieldUntil(L, sleepOn, until, { context: until })
  }

const done: LuaFunction = (L) => {
  const coroutine = coroutineOf(L)
  if (!coroutine) return 0
  coroutine.exit()
  // what is thrown is whatever is on top, which without arguments is the function itself
  if (lua_gettop(L) === 0) lua_pushcfunction(L, done)
  return lua_error(L)
}

const goOn: LuaContinuation = () => 0

const yieldNow: LuaFunction = (L) => yieldUntil(L, goOn, undefined, { soon: true })

const wait: LuaFunction = (L) => {
  const until = lua_gettop(L) > 0 ? now(L) + delayOf(luaL_checkinteger(L, 1)) : undefined
  return yieldUntil(L, goOn, until)
}

const setNice: LuaFunction = (L) => {
  checkArguments(L, 1, 'set_nice')
  const nice = luaL_checkinteger(L, 1)
  const coroutine = coroutineOf(L)
  if (coroutine) coroutine.task.nice = Math.min(1024, Math.max(-1024, nice))
  return 0
}

export const WAIT_FUNCTIONS: FunctionTable = functionTable({
  sleep: sleepFor('sleep', SECOND / MILLISECOND),
  msleep: sleepFor('msleep', 1),
  yield: yieldNow,
  wait,
  done,
  set_nice: setNice,
})
