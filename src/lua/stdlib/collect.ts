/**
 * `collectgarbage` (lbaselib.c). Instead of a garbage collector, there is a search for reachable objects (heap.ts), which requires the
 * coroutine to be suspended: it is suspended briefly when a task requests a collection where it can yield. Otherwise nothing is collected.
 */
import { functionTable, type FunctionTable } from '../binding/function-table.js'
import { coroutineOf } from '../host/yielding.js'
import { lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import type { CollectorSettings } from './collector-settings.js'
import { libraryStateOf } from './library-state.js'
import { push } from '../vm/api/push.js'
import { optionalInt } from '../vm/arguments.js'
import { work } from '../vm/hook.js'
import { LuaClosure, NativeClosure, type LuaValue } from '../vm/value.js'

const {
  lua_isyieldable,
  lua_pcall,
  lua_pushboolean,
  lua_pushinteger,
  lua_pushnumber,
  lua_pushstring,
  lua_settop,
  lua_yieldk,
  LUA_OK,
} = lua
const { luaL_checkoption } = lauxlib

const OPTIONS = [
  ...(['collect', 'count', 'generational', 'incremental', 'isrunning'] as const),
  ...(['restart', 'setpause', 'setstepmul', 'step', 'stop'] as const),
]
const TEXTS = OPTIONS.map(luaString)

const collectgarbage: LuaFunction = (L) => {
  const { collector } = libraryStateOf(L)
  const option = OPTIONS[luaL_checkoption(L, 1, 'collect', TEXTS)]!
  switch (option) {
    case 'count':
      return looked(L, 'measure', pushCount)
    case 'collect':
      return looked(L, 'collect', finalized(pushZero))
    case 'step':
      optionalInt(L, 2, 0)
      return looked(L, 'collect', finalized(pushTrue))
    case 'generational':
    case 'incremental':
      setParameters(L, collector, option)
      lua_pushstring(L, collector.mode)
      collector.mode = option
      return 1
    case 'isrunning':
      lua_pushboolean(L, collector.running)
      return 1
    case 'setpause':
      lua_pushinteger(L, collector.pause)
      collector.pause = stored(L, optionalInt(L, 2, 0))
      return 1
    case 'setstepmul':
      lua_pushinteger(L, collector.stepMultiplier)
      collector.stepMultiplier = L.l_G.lua54
        ? stored(L, optionalInt(L, 2, 0))
        : Math.max(optionalInt(L, 2, 0), SMALLEST_MULTIPLIER_53)
      return 1
    default:
      collector.running = option === 'restart'
      return pushZero(L)
  }
}

/** Lua 5.3 raises smaller step multipliers to this. */
const SMALLEST_MULTIPLIER_53 = 40

/** Lua 5.4 keeps a parameter of the collector divided by four in a byte (`setgcparam`). */
const stored = (L: lua_State, parameter: number): number =>
  L.l_G.lua54 ? (Math.trunc(parameter / 4) & 0xff) * 4 : parameter

/** Sets the parameters of a mode; 0 leaves one as it is. The others have no effect and cannot be read. */
const setParameters = (L: lua_State, collector: CollectorSettings, mode: CollectorSettings['mode']): void => {
  const first = optionalInt(L, 2, 0)
  const second = optionalInt(L, 3, 0)
  if (mode === 'generational') return
  optionalInt(L, 4, 0)
  if (first !== 0) collector.pause = stored(L, first)
  if (second !== 0) collector.stepMultiplier = stored(L, second)
}

const pushZero = (L: lua_State): number => {
  lua_pushinteger(L, 0)
  return 1
}

const pushTrue = (L: lua_State): number => {
  lua_pushboolean(L, true)
  return 1
}

const pushCount = (L: lua_State): number => {
  lua_pushnumber(L, libraryStateOf(L).memory.bytes / 1024)
  return 1
}

/** Calls the `__gc` metamethods of objects that a collection found dead, latest first; errors are warnings, which are not printed. */
const finalized =
  (result: (L: lua_State) => number): ((L: lua_State) => number) =>
  (L) => {
    const { l_G } = L
    for (let table = l_G.dying.shift(); table !== undefined; table = l_G.dying.shift()) {
      const finalizer = table.metatable?.meta('__gc')
      // values of other types mark a table for finalization without effect
      if (!isCallable(finalizer)) continue
      push(L, finalizer)
      push(L, table)
      if (lua_pcall(L, 1, 0, 0) !== LUA_OK) lua_settop(L, -2)
    }
    return result(L)
  }

/** Requests a search of the heap, for which the coroutine is suspended if possible. */
const looked = (L: lua_State, look: 'collect' | 'measure', result: (L: lua_State) => number): number => {
  const counted = (running: lua_State): number => {
    work(running, libraryStateOf(running).memory.objects)
    return result(running)
  }
  const coroutine = coroutineOf(L)
  if (coroutine?.L !== L || !lua_isyieldable(L)) {
    if (look === 'measure') libraryStateOf(L).memory.measure(false)
    return counted(L)
  }
  coroutine.heapRequest = look
  return lua_yieldk(L, 0, 0, counted)
}

export const COLLECT_FUNCTIONS: FunctionTable = functionTable({ collectgarbage })

const isCallable = (value: LuaValue): boolean =>
  value instanceof LuaClosure || value instanceof NativeClosure || typeof value === 'function'
