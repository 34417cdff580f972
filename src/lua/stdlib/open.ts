/** Opens Lua's standard libraries in a state, with what leads to the host replaced. */
import { setFunctions, type FunctionTable } from '../classes/bind.js'
import { lauxlib, lua, lualib, jsString, luaString, type LuaFunction } from '../fengari.js'
import { stateOf, type LuaState } from '../host/state.js'
import { COLLECT_FUNCTIONS } from './collect.js'
import { DEBUG_FUNCTIONS } from './debug.js'
import { openIo } from './io.js'
import { openBase, openCoroutine, openMath, openString, openTable, openUtf8 } from './lua-libraries.js'
import { randomBits, seedRandom } from './math.js'
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
  [luaString('_G'), replaced(openBase, [...PRINT_FUNCTIONS, ...COLLECT_FUNCTIONS])],
  [luaString('coroutine'), openCoroutine],
  [luaString('table'), openTable],
  [luaString('os'), fresh(OS_FUNCTIONS)],
  [luaString('io'), openIo],
  [luaString('string'), openString],
  [luaString('math'), openMath((L) => randomBits(stateOf(L)))],
  [luaString('utf8'), openUtf8],
  [luaString('debug'), replaced(lualib.luaopen_debug, DEBUG_FUNCTIONS)],
]

/** What HAProxy's own parts need, whatever `tune.lua.openlibs` says. */
const ALWAYS: ReadonlySet<string> = new Set(['_G', 'coroutine'])

export const openLibraries = (state: LuaState): void => {
  const { L } = state
  seedRandom(state)
  const { openLibs } = state.host.configuration
  const wanted = (name: string) => openLibs === undefined || ALWAYS.has(name) || openLibs.includes(name)
  for (const [name, open] of LIBRARIES) {
    if (!wanted(jsString(name))) continue
    luaL_requiref(L, name, open, 1)
    lua_pop(L, 1)
  }
  if (wanted('package')) openPackage(state)
}
