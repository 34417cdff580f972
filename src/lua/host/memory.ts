/**
 * What a Lua state has in memory, looked at between steps: an estimate that is held against `tune.lua.maxmem`, and against
 * {@link USUAL_LIMIT} where that is not set, where HAProxy would take all that the machine has. A state is looked at again
 * when so much has run that it may have grown by a good part.
 */
import { aliveObjects, markHeap, type HeapSize } from '../stdlib/heap.js'
import type { LuaState } from './state.js'

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
    readonly state: LuaState,
    /** bytes */
    readonly limit: number,
  ) {}

  /** Bytes, when it was last looked at. */
  get bytes(): number {
    return this.#size.bytes
  }

  /** Whether there is more than there may be. A look is taken. */
  get isOver(): boolean {
    return this.look(false).bytes > this.limit
  }

  /** Looks at what is alive, and takes what is dead out of weak tables if `collect` says so. */
  look(collect: boolean): HeapSize {
    const { l_G } = this.state.L
    this.#since = 0
    this.#size = markHeap(l_G, collect ? Infinity : this.limit, collect)
    return this.#size
  }

  /** Tells of objects of the host whether a script still holds them. */
  alive(): (object: object) => boolean {
    return aliveObjects(this.state.L.l_G)
  }

  /** Takes in what a step has run, which is over now. Returns whether there is more than there may be. */
  overAfter(instructions: number): boolean {
    this.#since += instructions
    const { bytes, objects } = this.#size
    const soonest = Math.max(0, this.limit - bytes) / BYTES_PER_INSTRUCTION
    if (this.#since < LEAST_INTERVAL + Math.min(PER_OBJECT * objects, soonest)) return false
    return this.look(false).bytes > this.limit
  }
}

/** @param maxMemory `tune.lua.maxmem`, in bytes; 0: not set */
export const memoryOf = (state: LuaState, maxMemory: number): Memory => {
  const limit = maxMemory || USUAL_LIMIT
  const { l_G } = state.L
  l_G.longestText = Math.min(l_G.longestText, limit)
  return new Memory(state, limit)
}
