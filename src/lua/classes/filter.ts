/** The global table `filter`: results and functions of filters (`hlua_init_state` in src/hlua.c). */
import type { Channel } from '../../haproxy/streams/channel.js'
import { checkArgumentCount } from '../binding/arguments.js'
import { functionTable, integerTable, setFunctions, setIntegers } from '../binding/function-table.js'
import type { ChannelView } from '../calls/channel-view.js'
import { FILTER_FIELD, LuaFilter } from '../calls/lua-filter.js'
import { lauxlib, lua, type LuaFunction, type lua_State } from '../fengari.js'
import { wakeTime } from './act.js'
import type { ApiPart } from './api-part.js'
import { CHANNEL } from './channel.js'

const { lua_getfield, lua_pop, lua_touserdata, LUA_TLIGHTUSERDATA, LUA_TTABLE } = lua
const { luaL_argerror, luaL_checktype } = lauxlib

const RESULTS = integerTable({ CONTINUE: 1, WAIT: 0, ERROR: -1, FLT_CFG_FL_HTX: 1 })

/** The filter of the object at argument 1, and the channel at argument 2. */
const filterArguments = (L: lua_State, name: string): { readonly filter: LuaFilter; readonly channel: Channel } => {
  checkArgumentCount(L, 2, name)
  luaL_checktype(L, 1, LUA_TTABLE)
  const { channel } = CHANNEL.class!.check(L, 2) as ChannelView
  lua_getfield(L, 1, FILTER_FIELD)
  luaL_checktype(L, -1, LUA_TLIGHTUSERDATA)
  const filter = lua_touserdata(L, -1)
  lua_pop(L, 1)
  if (!(filter instanceof LuaFilter)) return luaL_argerror(L, 1, '(null)')
  return { filter, channel }
}

const registerDataFilter: LuaFunction = (L) => {
  const { filter, channel } = filterArguments(L, 'register_data_filter')
  filter.registerFor(channel)
  return 1
}

const unregisterDataFilter: LuaFunction = (L) => {
  const { filter, channel } = filterArguments(L, 'unregister_data_filter')
  filter.unregisterFor(channel)
  return 1
}

const FUNCTIONS = functionTable({
  wake_time: wakeTime,
  register_data_filter: registerDataFilter,
  unregister_data_filter: unregisterDataFilter,
})

const pushFilter = (L: lua_State): void => {
  lua.lua_createtable(L, 0, 0)
  setIntegers(L, RESULTS)
  setFunctions(L, FUNCTIONS)
}

export const FILTER: ApiPart = { global: { name: 'filter', push: pushFilter } }
