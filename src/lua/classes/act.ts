/** The global table `act`: results of actions (`hlua_init_state` in src/hlua.c). */
import { functionTable, integerTable, setFunctions, setIntegers } from '../binding/function-table.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'
import type { ApiPart } from './api-part.js'

const RESULTS = integerTable({ CONTINUE: 0, STOP: 1, YIELD: 2, ERROR: 3, DONE: 4, DENY: 5, ABORT: 6, INVALID: 7 })

/** Sets when the stream wakes up; there is no stream here. */
const wakeTime: LuaFunction = () => 0

const FUNCTIONS = functionTable({ wake_time: wakeTime })

const pushAct = (L: lua_State): void => {
  lua.lua_createtable(L, 0, 0)
  setIntegers(L, RESULTS)
  setFunctions(L, FUNCTIONS)
}

export const ACT: ApiPart = { global: { name: 'act', push: pushAct } }
