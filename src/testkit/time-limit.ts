/** How long a test may take on the host's clock: what runs for longer is ended where it stands. */
import { lua, luaString, type lua_State } from '../lua/fengari.js'
import type { Simulation } from '../sim/index.js'
import type { Problem } from './problem.js'

const { lua_error, lua_isyieldable, lua_pushstring, lua_sethook, lua_yield, LUA_MASKCOUNT } = lua

/** Instructions between two looks at the clock. */
const LOOK = 100_000
/** Steps of a simulation between two looks at the clock. */
const STEPS = 512

export class TimeLimit {
  #deadline = Infinity
  #limit = 0

  /** @param clock the host's, in milliseconds */
  constructor(readonly clock: () => number) {}

  /** From now on `coroutine`, and what it calls in `L`, may run for `limit` milliseconds. */
  begin(L: lua_State, coroutine: lua_State, limit: number): void {
    this.#limit = limit
    this.#deadline = this.clock() + limit
    for (const each of [L, coroutine])
      lua_sethook(each, (running) => this.#look(running, coroutine), LUA_MASKCOUNT, LOOK)
  }

  /** It is over; returns what is to be said when that was too late. */
  end(): Problem | undefined {
    const isLate = this.#isLate
    this.#deadline = Infinity
    return isLate ? this.#problem : undefined
  }

  /** Lets time pass in a simulation, unless that takes the host too long: throws then. */
  advance(simulation: Simulation, duration: string | number): void {
    let steps = 0
    simulation.runUntil(() => {
      if (++steps % STEPS === 0 && this.#isLate) throw new Error(this.#problem.message)
      return false
    }, duration)
  }

  get #isLate(): boolean {
    return this.clock() > this.#deadline
  }

  get #problem(): Problem {
    return { kind: 'timeout', message: `no end after ${this.#limit / 1000} s` }
  }

  /** Sets aside the coroutine of the test where it stands, so that no pcall can catch that. */
  #look(L: lua_State, coroutine: lua_State): void {
    if (!this.#isLate) return
    if (L === coroutine && lua_isyieldable(L)) {
      lua_yield(L, 0)
      return
    }
    lua_pushstring(L, luaString(this.#problem.message))
    lua_error(L)
  }
}
