/** Stepping: decides where a step ends. */
import type { Call, LuaThread } from '../lua/vm/state.js'
import { hasEnded } from './world.js'

/** A step in progress. */
export class Step {
  #L: LuaThread
  #level: number
  #anywhere: boolean

  /**
   * @param kind `in`: ends at the next line of any function; `over`: of this function or a caller; `out`: of a caller
   * @param parentOf returns the coroutine that has resumed another one
   */
  constructor(
    kind: 'in' | 'over' | 'out',
    L: LuaThread,
    readonly parentOf: (L: LuaThread) => LuaThread | null,
  ) {
    this.#L = L
    this.#level = L.ci.level - (kind === 'out' ? 1 : 0)
    this.#anywhere = kind === 'in'
  }

  /** Whether it ends at the current line. */
  endsAt(L: LuaThread, ci: Call): boolean {
    if (this.#anywhere) return true
    // after the end of a coroutine, stepping continues in the one that resumed it; after the end of a task, anywhere
    while (hasEnded(this.#L)) {
      const parent = this.parentOf(this.#L)
      if (parent === null || hasEnded(parent)) return true
      this.#L = parent
      this.#level = parent.ci.level
    }
    return L === this.#L && ci.level <= this.#level
  }
}
