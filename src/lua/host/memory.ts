/**
 * What a Lua state has in memory, looked at between steps: an estimate that is held against `tune.lua.maxmem`, and against
 * {@link USUAL_LIMIT} where that is not set, where HAProxy would take all that the machine has. A state is looked at again
 * when so much has run that it may have grown by a good part.
 */
import { aliveObjects, markHeap, type HeapSize } from '../stdlib/heap.js'
import type { lua_State } from '../fengari.js'
import { tickSoon } from '../vm/hook.js'
import { notEnoughMemory } from '../vm/operations.js'
import type { GlobalState } from '../vm/state.js'

/** What the simulated machine has for each state, in bytes. */
const USUAL_LIMIT = 128 * 1024 * 1024

/** Instructions between two looks: at least, and for each object that is alive; sooner where the limit may be reached. */
const LEAST_INTERVAL = 200_000
const PER_OBJECT = 8
/** What an instruction adds to memory, roughly, where a script does nothing but that. */
const BYTES_PER_INSTRUCTION = 16

export class Memory {
  #size: HeapSize = { bytes: 0, objects: 0 }
  #since = 0

  constructor(
    readonly global: GlobalState,
    /** bytes */
    readonly limit: number,
  ) {}

  /** Bytes, when it was last looked at. */
  get bytes(): number {
    return this.#size.bytes
  }

  /** How many objects there were then. */
  get objects(): number {
    return this.#size.objects
  }

  /** Whether there is more than there may be. A look is taken. */
  get isOver(): boolean {
    return this.look(false).bytes > this.limit
  }

  /** Looks at what is alive, and takes what is dead out of weak tables if `collect` says so. */
  look(collect: boolean): HeapSize {
    this.#since = 0
    this.#size = markHeap(this.global, collect ? Infinity : this.limit, collect)
    return this.#size
  }

  /** Tells of objects of the host whether a script still holds them. */
  alive(): (object: object) => boolean {
    return aliveObjects(this.global)
  }

  /** Whether there is more than there may be, now that a step is over. */
  overAfterStep(): boolean {
    return this.#isDue && this.isOver
  }

  /** Counts instructions that have run. */
  spend(instructions: number): void {
    this.#since += instructions
  }

  /**
   * Takes a look, if one is due, while `L` runs. Throws Lua's error when there is more in memory than there may be. Variables
   * of the function that runs are seen, those of its callers are not: they are variables of JavaScript.
   */
  check(L: lua_State): void {
    if (!this.#isDue) return
    // its caller's variables are of interest: the look is taken when that runs
    if (!L.ci.isLua) return tickSoon(L)
    if (this.isOver) notEnoughMemory(L)
  }

  /** Whether so much has run since the last look that another one is worth its while. */
  get #isDue(): boolean {
    const { bytes, objects } = this.#size
    const soonest = Math.max(0, this.limit - bytes) / BYTES_PER_INSTRUCTION
    return this.#since >= LEAST_INTERVAL + Math.min(PER_OBJECT * objects, soonest)
  }
}

/** @param maxMemory `tune.lua.maxmem`, in bytes; 0: not set */
export const memoryOf = (global: GlobalState, maxMemory: number): Memory => {
  const limit = maxMemory || USUAL_LIMIT
  global.longestText = Math.min(global.longestText, limit)
  return new Memory(global, limit)
}
