/**
 * The memory of a Lua state, estimated by scanning its heap and limited by `tune.lua.maxmem`. Without that setting HAProxy has no limit, and
 * {@link DEFAULT_LIMIT} applies. The heap is scanned again once enough instructions have run to increase its size considerably.
 */
import { aliveObjects, markHeap, type HeapSize } from '../stdlib/heap.js'
import type { lua_State } from '../fengari.js'
import { tickSoon } from '../vm/hook.js'
import { notEnoughMemory } from '../vm/operations.js'
import type { GlobalState } from '../vm/state.js'

/** The memory of the simulated machine for each state, in bytes. */
const DEFAULT_LIMIT = 128 * 1024 * 1024

/** Instructions between two scans: the minimum, and the addition for each live object. Near the limit, scans are more frequent. */
const MIN_INTERVAL = 200_000
const INTERVAL_PER_OBJECT = 8
/** Bytes that an instruction of an allocating script allocates, roughly. */
const BYTES_PER_INSTRUCTION = 16

/** The memory of a state. */
export class Memory {
  #size: HeapSize = { bytes: 0, objects: 0 }
  #instructions = 0

  constructor(
    readonly global: GlobalState,
    /** in bytes */
    readonly limit: number,
  ) {}

  /** Bytes in use at the last scan. */
  get bytes(): number {
    return this.#size.bytes
  }

  /** Live objects at the last scan. */
  get objects(): number {
    return this.#size.objects
  }

  /** Scans the heap; whether it exceeds the limit. */
  get exceedsLimit(): boolean {
    return this.measure(false).bytes > this.limit
  }

  /** Scans the heap. With `collect`, dead objects are removed from weak tables. */
  measure(collect: boolean): HeapSize {
    this.#instructions = 0
    this.#size = markHeap(this.global, collect ? Infinity : this.limit, collect)
    return this.#size
  }

  /** Returns a predicate: whether a script still refers to an object of the host. */
  alive(): (object: object) => boolean {
    return aliveObjects(this.global)
  }

  /** Whether the heap exceeds the limit after a step; it is scanned if a scan is due. */
  exceedsLimitAfterStep(): boolean {
    return this.#isDue && this.exceedsLimit
  }

  /** Counts instructions that have run. */
  countInstructions(instructions: number): void {
    this.#instructions += instructions
  }

  /**
   * Scans the heap while `L` runs, if a scan is due. Throws Lua's error if the limit is exceeded. Local variables of the running function
   * are seen, those of its callers are not, as they are variables of JavaScript.
   */
  check(L: lua_State): void {
    if (!this.#isDue) return
    // a native function has no variables: scan when its caller continues
    if (!L.ci.isLua) return tickSoon(L)
    if (this.exceedsLimit) notEnoughMemory(L)
  }

  /** Whether the heap may have grown enough since the last scan to justify another one. */
  get #isDue(): boolean {
    const { bytes, objects } = this.#size
    const soonest = Math.max(0, this.limit - bytes) / BYTES_PER_INSTRUCTION
    return this.#instructions >= MIN_INTERVAL + Math.min(INTERVAL_PER_OBJECT * objects, soonest)
  }
}

/** Creates the memory of a state. @param maxMemory `tune.lua.maxmem`, in bytes; 0: not set */
export const memoryOf = (global: GlobalState, maxMemory: number): Memory => {
  const limit = maxMemory || DEFAULT_LIMIT
  global.longestText = Math.min(global.longestText, limit)
  return new Memory(global, limit)
}
