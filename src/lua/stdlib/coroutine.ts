/** `coroutine.create` as HAProxy has it: what runs in the new coroutine belongs to the same task (`hlua_coroutine_create`). */
import { functionTable, type FunctionTable } from '../bind.js'
import { lauxlib, lua, type LuaFunction } from '../fengari.js'

const { lua_newthread, lua_pushvalue, lua_xmove, LUA_TFUNCTION } = lua

const create: LuaFunction = (L) => {
  lauxlib.luaL_checktype(L, 1, LUA_TFUNCTION)
  const thread = lua_newthread(L)
  thread.hapsim = L.hapsim
  lua_pushvalue(L, 1)
  lua_xmove(L, thread, 1)
  return 1
}

export const COROUTINE_FUNCTIONS: FunctionTable = functionTable({ create })
