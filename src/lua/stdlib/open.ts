/** Opens Lua's standard libraries in a state, with what leads to the host replaced. */
import { setFunctions, type FunctionTable } from '../bind.js'
import { lauxlib, lua, lualib, luaString, type LuaFunction } from '../fengari.js'
import type { LuaState } from '../state.js'
import { COROUTINE_FUNCTIONS } from './coroutine.js'
import { IO_FUNCTIONS } from './io.js'
import { seedRandom, MATH_FUNCTIONS } from './math.js'
import { OS_FUNCTIONS } from './os.js'
import { openPackage } from './package.js'
import { PRINT_FUNCTIONS } from './print.js'

const { lua_createtable, lua_pop } = lua
const { luaL_requiref } = lauxlib

const fresh =
  (functions: FunctionTable): LuaFunction =>
  (L) => {
    lua_createtable(L, 0, 0)
    setFunctions(L, functions)
    return 1
  }

/** A library of fengari with some of its functions replaced. */
const replaced =
  (open: LuaFunction, functions: FunctionTable): LuaFunction =>
  (L) => {
    open(L)
    setFunctions(L, functions)
    return 1
  }

const LIBRARIES: readonly (readonly [Uint8Array, LuaFunction])[] = [
  [luaString('_G'), replaced(lualib.luaopen_base, PRINT_FUNCTIONS)],
  [luaString('coroutine'), replaced(lualib.luaopen_coroutine, COROUTINE_FUNCTIONS)],
  [luaString('table'), lualib.luaopen_table],
  [luaString('os'), fresh(OS_FUNCTIONS)],
  [luaString('io'), fresh(IO_FUNCTIONS)],
  [luaString('string'), lualib.luaopen_string],
  [luaString('math'), replaced(lualib.luaopen_math, MATH_FUNCTIONS)],
  [luaString('utf8'), lualib.luaopen_utf8],
  [luaString('debug'), lualib.luaopen_debug],
]

export const openLibraries = (state: LuaState): void => {
  const { L } = state
  for (const [name, open] of LIBRARIES) {
    luaL_requiref(L, name, open, 1)
    lua_pop(L, 1)
  }
  openPackage(state)
  seedRandom(state)
}
