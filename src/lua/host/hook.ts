/** The hook under which coroutines run (`hlua_hook` in src/hlua.c). It counts their instructions. */
import type { Micros } from '../../engine/clock.js'
import { lua, luaString, type LuaHook, type lua_State } from '../fengari.js'
import type { Memory } from './memory.js'

const {
  lua_error,
  lua_gethookmask,
  lua_isyieldable,
  lua_pushstring,
  lua_sethook,
  lua_yieldk,
  LUA_HOOKCOUNT,
  LUA_MASKCOUNT,
  LUA_MASKRET,
} = lua

/** What the hook uses of the coroutine that runs. */
interface HookedCoroutine {
  readonly L: lua_State
  readonly state: {
    readonly id: number
    readonly memory: Memory
    readonly host: { instructionsPerYield(state: number): number }
  }
  wakeAt: Micros | undefined
  countInstructions(L: lua_State): void
  wakeImmediately(): void
  traceForcedYield(): void
  timeout(): string | undefined
}

/** What it uses of the state. */
interface HookedState {
  readonly running: HookedCoroutine | undefined
  readonly memory: Memory
}

/** Called at intervals of instructions: yields if possible and otherwise checks the timeouts. */
export const hook: LuaHook = (L, ar) => {
  const coroutine = L.hapsim as HookedCoroutine | undefined
  if (!coroutine) {
    countStepInstructions(L)
    return
  }
  coroutine.countInstructions(L)
  if (coroutine.L === L) {
    if (lua_gethookmask(L) & LUA_MASKRET) {
      lua_sethook(L, hook, LUA_MASKCOUNT, 1)
      return
    }
    if (lua_isyieldable(L)) {
      coroutine.wakeAt = undefined
      coroutine.wakeImmediately()
      coroutine.traceForcedYield()
      lua_yieldk(L, 0, 0, null)
      return
    }
  }
  // a C function is not interrupted: HAProxy's hook runs between Lua instructions
  const timeout = ar.event === LUA_HOOKCOUNT && !L.ci.isLua ? undefined : coroutine.timeout()
  if (timeout) {
    lua_pushstring(L, luaString(timeout))
    lua_error(L)
  }
  const { state } = coroutine
  lua_sethook(coroutine.L, hook, LUA_MASKRET | LUA_MASKCOUNT, state.host.instructionsPerYield(state.id))
  state.memory.check(L)
}

/** Counts the instructions of a step that run in a coroutine of the script's own, or under a script's hook. */
export const countStepInstructions = (L: lua_State): void => {
  const { running, memory } = L.l_G.hapsim as HookedState
  if (!running) return
  running.countInstructions(L)
  memory.check(L)
}
