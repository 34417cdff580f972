/** Where translated code counts: for each prototype and instruction, the indexes of the counters to increment. */

/** Items that are counted when control reaches an instruction. */
export interface Arrival {
  readonly index: number
  /** its position in the text: a backward jump counts only the items inside of the loop */
  readonly token: number
}

export interface Counters {
  /** counters of the whole script */
  readonly counts: Float64Array
  /** counter of calls */
  entry: number | undefined
  /** incremented before an instruction, unless a loop jumped back to it */
  readonly arrivals: Map<number, Arrival[]>
  /** incremented when an instruction jumps */
  readonly jumps: Map<number, number[]>
  /** incremented when a test or the end of a loop does not jump */
  readonly falls: Map<number, number[]>
  /** for backward jumps: the token of the loop or label; items after it are counted again */
  readonly backs: Map<number, number>
}

export const noCounters = (counts: Float64Array): Counters => ({
  counts,
  entry: undefined,
  arrivals: new Map(),
  jumps: new Map(),
  falls: new Map(),
  backs: new Map(),
})

const increments = (indices: Iterable<number>): string => [...new Set(indices)].map((i) => `Z[${i}]++;`).join('')

/** Generates JavaScript code that counts; empty strings for a function without counters. */
export class Counting {
  constructor(readonly counters: Counters | undefined) {}

  entry(): string {
    const { entry } = this.counters ?? {}
    return entry === undefined ? '' : `Z[${entry}]++;`
  }

  arrive(pc: number): string {
    return increments((this.counters?.arrivals.get(pc) ?? []).map(({ index }) => index))
  }

  /** Code to be executed before control passes from one instruction to another. */
  jump(from: number, target: number): string {
    const { jumps, backs, arrivals } = this.counters ?? {}
    const loop = target <= from ? backs?.get(from) : undefined
    const again = loop === undefined ? [] : (arrivals!.get(target) ?? []).filter(({ token }) => token > loop)
    return increments([...(jumps?.get(from) ?? []), ...again.map(({ index }) => index)])
  }

  fall(pc: number): string {
    return increments(this.counters?.falls.get(pc) ?? [])
  }

  /** The case label at which the switch continues at `pc` without counting the items there. */
  counted(pc: number): number {
    return this.counters?.arrivals.has(pc) ? -2 - pc : pc
  }
}
