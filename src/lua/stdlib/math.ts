/** Random numbers from the simulation's seed instead of the host. */
import { functionTable, type FunctionTable } from '../bind.js'
import { Random } from '../../engine/random.js'
import { lauxlib, lua, type LuaFunction } from '../fengari.js'
import { stateOf, type LuaState } from '../state.js'

const { lua_gettop, lua_pushinteger, lua_pushnumber } = lua
const { luaL_argerror, luaL_checkinteger, luaL_checknumber, luaL_error } = lauxlib

const random: LuaFunction = (L) => {
  const { random } = stateOf(L)
  let low = 1
  let high: number
  switch (lua_gettop(L)) {
    case 0:
      lua_pushnumber(L, random!.float())
      return 1
    case 1:
      high = luaL_checkinteger(L, 1)
      if (high === 0) {
        lua_pushinteger(L, random!.uint32() | 0)
        return 1
      }
      break
    case 2:
      low = luaL_checkinteger(L, 1)
      high = luaL_checkinteger(L, 2)
      break
    default:
      return luaL_error(L, 'wrong number of arguments')
  }
  if (low > high) luaL_argerror(L, 1, 'interval is empty')
  lua_pushinteger(L, random!.integer(low, high))
  return 1
}

/** A given seed starts over; without one there is a new start, as far as the simulation has chance. */
const randomseed: LuaFunction = (L) => {
  const state = stateOf(L)
  const seed = lua_gettop(L) > 0 ? luaL_checknumber(L, 1) : state.random!.uint32()
  state.random = new Random(seed)
  return 0
}

export const MATH_FUNCTIONS: FunctionTable = functionTable({ random, randomseed })

/** Every state has chance of its own. */
export const seedRandom = (state: LuaState): void => {
  state.random = state.host.process.random.stream(`lua/${state.host.process.name}/${state.id}`)
}
