/**
 * The limit on the time that the body and the init functions of a script may take while HAProxy starts. It is a time of the
 * host, which the caller measures, and belongs to hapsim: HAProxy lets a script run there for as long as it wants.
 */
import { spendWithin } from './coroutine.js'
import { traceback } from './errors.js'
import { lua, type LuaHook, type lua_State } from '../fengari.js'
import type { Memory } from './memory.js'
import { Halt } from '../vm/errors.js'
import { abandon } from '../vm/protect.js'

const { lua_sethook, LUA_MASKCOUNT } = lua

export interface StartLimit {
  /** what a body or an init function may take */
  readonly milliseconds: number
  /** the host's time, in milliseconds */
  readonly now: () => number
}

/** Instructions between two looks at the time. */
const INTERVAL = 10_000

/** What the limit uses of the state. */
export interface StartState {
  readonly L: lua_State
  readonly host: { readonly startLimit: StartLimit | undefined }
  readonly memory: Memory
  readonly running: object | undefined
  /** watches the body or the init function that runs */
  startWatch: StartWatch | undefined
}

const stateOf = (L: lua_State): StartState => L.l_G.hapsim as StartState

/** Watches one body or init function. */
class StartWatch {
  readonly #begun: number

  constructor(
    readonly memory: Memory,
    readonly limit: StartLimit | undefined,
  ) {
    this.#begun = limit?.now() ?? 0
  }

  /** Counts instructions that have run in `L`. Throws {@link Halt} when the time is over. */
  spend(L: lua_State, instructions: number): void {
    const { limit, memory } = this
    memory.spend(instructions)
    memory.check(L)
    if (!limit) return
    const passed = limit.now() - this.#begun
    if (passed <= limit.milliseconds) return
    const [took, allowed] = [seconds(passed), seconds(limit.milliseconds)]
    throw new Halt(`still running after ${took} (--start-limit ${allowed}): ${traceback(L)}`)
  }
}

const seconds = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)}ms` : `${Math.round(milliseconds / 100) / 10}s`

export type { StartWatch }

/**
 * Runs Lua in the main coroutine under the limit.
 *
 * @returns what `run` returns, or why it was ended
 */
export const withStartLimit = (state: StartState, run: () => number): number | Halt => {
  const { L, host } = state
  state.startWatch = new StartWatch(state.memory, host.startLimit)
  lua_sethook(L, hook, LUA_MASKCOUNT, INTERVAL)
  try {
    return run()
  } catch (thrown) {
    if (!(thrown instanceof Halt)) throw thrown
    abandon(L)
    return thrown
  } finally {
    lua_sethook(L, null, 0, 0)
    state.startWatch = undefined
  }
}

/** Coroutines that a script makes while HAProxy starts keep the hook, and may be resumed by a task. */
const hook: LuaHook = (L) => {
  if (stateOf(L).running) spendWithin(L)
  else spendAtStart(L)
}

/** Counts what has run since the hook was last called, be it hapsim's or a script's. */
export const spendAtStart = (L: lua_State): void => {
  const instructions = L.basehookcount + L.worked
  L.worked = 0
  stateOf(L).startWatch?.spend(L, instructions)
}

/** Whether a hook is hapsim's own, which scripts do not see. */
export const isStartHook = (installed: LuaHook): boolean => installed === hook
