/** The global table `act`: results of actions (`hlua_init_state` in src/hlua.c). */
import { MILLISECOND } from '../../engine/clock.js'
import { checkArgumentCount, intArgument } from '../binding/arguments.js'
import { functionTable, integerTable, setFunctions, setIntegers } from '../binding/function-table.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'
import { coroutineOf } from '../host/yielding.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'

const RESULTS = integerTable({ CONTINUE: 0, STOP: 1, YIELD: 2, ERROR: 3, DONE: 4, DENY: 5, ABORT: 6, INVALID: 7 })

/** Sets when the action, or the callback of a filter, is called again at the latest. */
export const wakeTime: LuaFunction = (L) => {
  const coroutine = coroutineOf(L)
  if (!coroutine) return 0
  checkArgumentCount(L, 1, 'wake_time')
  const delay = intArgument(L, 1)
  coroutine.wakeAt = stateOf(L).host.process.clock.now + Math.max(0, delay) * MILLISECOND
  return 0
}

const FUNCTIONS = functionTable({ wake_time: wakeTime })

const pushAct = (L: lua_State): void => {
  lua.lua_createtable(L, 0, 0)
  setIntegers(L, RESULTS)
  setFunctions(L, FUNCTIONS)
}

export const ACT: ApiPart = { global: { name: 'act', push: pushAct } }
