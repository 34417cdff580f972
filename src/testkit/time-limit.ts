/** The real-time limit of a test: aborts Lua code and simulations that exceed it. */
import { lua, luaString, type lua_State } from '../lua/fengari.js'
import type { Problem } from './problem.js'

const { lua_error, lua_isyieldable, lua_pushstring, lua_sethook, lua_yield, LUA_MASKCOUNT } = lua

/** Instructions between two checks of the clock. */
const INSTRUCTIONS_PER_CHECK = 100_000
/** Steps of a simulation between two checks of the clock. */
const STEPS_PER_CHECK = 512

export class TimeLimit {
  #deadline = Infinity
  #limit = 0
  #steps = 0

  /** @param clock the host's clock in milliseconds */
  constructor(readonly clock: () => number) {}

  /** Starts a limit of `limit` milliseconds for `coroutine` and code it calls in `L`. */
  begin(L: lua_State, coroutine: lua_State, limit: number): void {
    this.#limit = limit
    this.#deadline = this.clock() + limit
    for (const each of [L, coroutine])
      lua_sethook(each, (running) => this.#check(running, coroutine), LUA_MASKCOUNT, INSTRUCTIONS_PER_CHECK)
  }

  /** Ends the limit; returns the problem if it was exceeded. */
  end(): Problem | undefined {
    const isLate = this.#isExceeded
    this.#deadline = Infinity
    return isLate ? this.#problem : undefined
  }

  /** Is called after every step of a simulation. Throws if the limit is exceeded. */
  readonly interrupt = (): void => {
    if (++this.#steps % STEPS_PER_CHECK === 0 && this.#isExceeded) throw new Error(this.#problem.message)
  }

  get #isExceeded(): boolean {
    return this.clock() > this.#deadline
  }

  get #problem(): Problem {
    return { kind: 'timeout', message: `timed out after ${this.#limit / 1000} s` }
  }

  /** Suspends the test's coroutine, which no pcall can catch. */
  #check(L: lua_State, coroutine: lua_State): void {
    if (!this.#isExceeded) return
    if (L === coroutine && lua_isyieldable(L)) {
      lua_yield(L, 0)
      return
    }
    lua_pushstring(L, luaString(this.#problem.message))
    lua_error(L)
  }
}
