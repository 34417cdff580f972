/** The global table `filter`: results and functions of filters (`hlua_init_state` in src/hlua.c). */
import { throwNotEmulated } from '../binding/errors.js'
import { functionTable, integerTable, setFunctions, setIntegers } from '../binding/function-table.js'
import { lauxlib, lua, type LuaFunction, type lua_State } from '../fengari.js'
import type { ApiPart } from './api-part.js'

const RESULTS = integerTable({ CONTINUE: 1, WAIT: 0, ERROR: -1, FLT_CFG_FL_HTX: 1 })

/** Sets when the stream wakes up; there is no stream here. */
const wakeTime: LuaFunction = () => 0

const needsFilter =
  (name: string): LuaFunction =>
  (L) => {
    if (lua.lua_gettop(L) !== 2) lauxlib.luaL_error(L, `'${name}' needs 2 arguments`)
    return throwNotEmulated(L, `filter.${name}`)
  }

const FUNCTIONS = functionTable({
  wake_time: wakeTime,
  register_data_filter: needsFilter('register_data_filter'),
  unregister_data_filter: needsFilter('unregister_data_filter'),
})

const pushFilter = (L: lua_State): void => {
  lua.lua_createtable(L, 0, 0)
  setIntegers(L, RESULTS)
  setFunctions(L, FUNCTIONS)
}

export const FILTER: ApiPart = {
  global: { name: 'filter', push: pushFilter },
  notEmulated: ['filter.register_data_filter', 'filter.unregister_data_filter'],
}
