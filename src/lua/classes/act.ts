/** The tables `act` and `filter`: what actions and filters return. Calling them needs a client's traffic. */
import { functionTable, setFunctions, setIntegers, type FunctionTable } from './bind.js'
import { lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { notEmulated } from './not-yet.js'

const { lua_createtable } = lua

const constants = (values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([name, value]) => [luaString(name), value] as const)

const ACT = constants({ CONTINUE: 0, STOP: 1, YIELD: 2, ERROR: 3, DONE: 4, DENY: 5, ABORT: 6, INVALID: 7 })
const FILTER = constants({ CONTINUE: 1, WAIT: 0, ERROR: -1, FLT_CFG_FL_HTX: 1 })

/** Without a stream there is nothing whose wake-up time could be set. */
const wakeTime: LuaFunction = () => 0

const needsFilter =
  (name: string): LuaFunction =>
  (L) => {
    if (lua.lua_gettop(L) !== 2) lauxlib.luaL_error(L, `'${name}' needs 2 arguments`)
    return notEmulated(L, `filter.${name}`)
  }

const ACT_FUNCTIONS: FunctionTable = functionTable({ wake_time: wakeTime })
const FILTER_FUNCTIONS: FunctionTable = functionTable({
  wake_time: wakeTime,
  register_data_filter: needsFilter('register_data_filter'),
  unregister_data_filter: needsFilter('unregister_data_filter'),
})

export const pushAct = (L: lua_State): void => {
  lua_createtable(L, 0, 0)
  setIntegers(L, ACT)
  setFunctions(L, ACT_FUNCTIONS)
}

export const pushFilter = (L: lua_State): void => {
  lua_createtable(L, 0, 0)
  setIntegers(L, FILTER)
  setFunctions(L, FILTER_FUNCTIONS)
}
