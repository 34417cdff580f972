/** Where a step ends. */
import type { Call, LuaThread } from '../lua/vm/state.js'
import { isOver } from './world.js'

export class Step {
  #L: LuaThread
  #level: number
  #anywhere: boolean

  /**
   * @param kind `in`: at the next line of Lua that runs, whoever runs it; `over`: of this function or a caller; `out`: of a caller
   * @param parentOf who went on with a coroutine
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

  endsAt(L: LuaThread, ci: Call): boolean {
    if (this.#anywhere) return true
    // a coroutine that has ended gives way to the one that went on with it, and a task to whatever comes next
    while (isOver(this.#L)) {
      const parent = this.parentOf(this.#L)
      if (parent === null || isOver(parent)) return true
      this.#L = parent
      this.#level = parent.ci.level
    }
    return L === this.#L && ci.level <= this.#level
  }
}
