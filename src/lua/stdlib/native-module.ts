/** The module `hapsim.native`, which the modules of lua/modules use: what Lua code cannot make. */
import { functionTable, setFunctions } from '../binding/function-table.js'
import { pushStringOrNil } from '../binding/results.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction } from '../fengari.js'
import { libraryStateOf } from './library-state.js'

/** Returns the first address of a name, as the resolver of the machine knows it, or nil. */
const resolve: LuaFunction = (L) => {
  const name = jsString(lauxlib.luaL_checkstring(L, 1))
  pushStringOrNil(L, libraryStateOf(L).host.process.network.resolve(name)[0])
  return 1
}

const FUNCTIONS = functionTable({ resolve })

const NULL = luaString('null')

/** Opens the module: its function, and the null pointer as light userdata. */
export const openNative: LuaFunction = (L) => {
  lua.lua_createtable(L, 0, 2)
  setFunctions(L, FUNCTIONS)
  lua.lua_pushstring(L, NULL)
  lua.lua_pushlightuserdata(L, null)
  lua.lua_rawset(L, -3)
  return 1
}
