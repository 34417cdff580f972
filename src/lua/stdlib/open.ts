/** Opens Lua's standard libraries in a state, with replacements for functions that access the host. */
import { functionTable, setFunctions, type FunctionTable } from '../binding/function-table.js'
import { lauxlib, lua, jsString, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { libraryStateOf, type LibraryState } from './library-state.js'
import { COLLECT_FUNCTIONS } from './collect.js'
import { DEBUG_FUNCTIONS } from './debug.js'
import { openIo } from './io.js'
import { createInTask } from './lua-coroutine.js'
import { openBase, openBit32, openCoroutine, openMath, openString, openTable, openUtf8 } from './lua-libraries.js'
import { randomBits, seedRandom } from './math.js'
import { OS_FUNCTIONS } from './os.js'
import { openPackage } from './package.js'
import { PRINT_FUNCTIONS } from './print.js'

const { lua_createtable, lua_pop, lua_pushnil, lua_setfield } = lua
const { luaL_requiref } = lauxlib

const fresh =
  (functions: FunctionTable): LuaFunction =>
  (L) => {
    lua_createtable(L, 0, 0)
    setFunctions(L, functions)
    return 1
  }

/** A library with some functions replaced. */
const replaced =
  (open: LuaFunction, functions: FunctionTable): LuaFunction =>
  (L) => {
    open(L)
    setFunctions(L, functions)
    return 1
  }

/** Names of 5.4 in function tables that both versions share. */
const ONLY_54: Readonly<Record<string, readonly Uint8Array[]>> = {
  _G: [luaString('warn')],
  debug: [luaString('setcstacklimit')],
}

const LIBRARIES: readonly (readonly [Uint8Array, LuaFunction])[] = [
  [luaString('_G'), replaced(openBase, [...PRINT_FUNCTIONS, ...COLLECT_FUNCTIONS])],
  [luaString('coroutine'), replaced(openCoroutine, functionTable({ create: createInTask }))],
  [luaString('table'), openTable],
  [luaString('os'), fresh(OS_FUNCTIONS)],
  [luaString('io'), openIo],
  [luaString('string'), openString],
  [luaString('math'), openMath((L) => randomBits(libraryStateOf(L)))],
  [luaString('utf8'), openUtf8],
  [luaString('debug'), fresh(DEBUG_FUNCTIONS)],
]

const BIT32 = [luaString('bit32'), openBit32] as const

const removeNames = (L: lua_State, names: readonly Uint8Array[]): void => {
  for (const name of names) {
    lua_pushnil(L)
    lua_setfield(L, -2, name)
  }
}

/** The libraries that HAProxy's own code needs, regardless of `tune.lua.openlibs`. */
const ALWAYS: ReadonlySet<string> = new Set(['_G', 'coroutine'])

export const openLibraries = (state: LibraryState): void => {
  const { L } = state
  seedRandom(state)
  const { openLibs } = state.host.configuration
  const wanted = (name: string) => openLibs === undefined || ALWAYS.has(name) || openLibs.includes(name)
  const libraries = L.l_G.lua54 ? LIBRARIES : [...LIBRARIES, BIT32]
  for (const [name, open] of libraries) {
    if (!wanted(jsString(name))) continue
    luaL_requiref(L, name, open, 1)
    if (!L.l_G.lua54) removeNames(L, ONLY_54[jsString(name)] ?? [])
    lua_pop(L, 1)
  }
  if (wanted('package')) openPackage(state)
}
