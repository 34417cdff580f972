/**
 * Limits the run time of bodies and init functions. It is real time, measured by the caller. HAProxy has no such limit: it waits for a
 * script for as long as it runs.
 */
import { countStepInstructions } from './hook.js'
import { traceback } from './errors.js'
import { lua, type LuaHook, type lua_State } from '../fengari.js'
import type { Memory } from './memory.js'
import { Halt } from '../vm/errors.js'
import { abandon } from '../vm/protect.js'

const { lua_sethook, LUA_MASKCOUNT } = lua

/** The limit with the clock that measures it. */
export interface StartLimit {
  /** for one body or init function */
  readonly milliseconds: number
  /** returns the real time, in milliseconds */
  readonly now: () => number
}

/** Instructions between two checks. */
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

  /** Counts instructions that have run in `L`. Throws a {@link Halt} when the limit is exceeded. */
  countInstructions(L: lua_State, instructions: number): void {
    const { limit, memory } = this
    memory.countInstructions(instructions)
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
 * Runs Lua code in the main coroutine under the limit.
 *
 * @returns the result of `run`, or the {@link Halt} that has ended it
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

/** Coroutines that a script creates while HAProxy starts keep the hook, and a task may resume them later. */
const hook: LuaHook = (L) => {
  if (stateOf(L).running) countStepInstructions(L)
  else countStartInstructions(L)
}

/** Counts the instructions that have run since the last call of the hook, which may be a script's own. */
export const countStartInstructions = (L: lua_State): void => {
  const instructions = L.basehookcount + L.worked
  L.worked = 0
  stateOf(L).startWatch?.countInstructions(L, instructions)
}

/** Whether a hook is the one of the limit, which scripts do not see. */
export const isStartHook = (installed: LuaHook): boolean => installed === hook
