/** Where translated code counts: by prototype and instruction, each time what is counted of, a number in the script's counts. */

/** What is counted where control arrives. */
export interface Arrival {
  readonly index: number
  /** its position in the text: a loop that jumps back counts only what is inside of it */
  readonly token: number
}

export interface Counters {
  /** counts of the whole script */
  readonly counts: Float64Array
  /** counts calls */
  entry: number | undefined
  /** before an instruction, unless a loop went back to it */
  readonly arrivals: Map<number, Arrival[]>
  /** when an instruction jumps */
  readonly jumps: Map<number, number[]>
  /** when a test or the end of a loop does not jump */
  readonly falls: Map<number, number[]>
  /** of jumps that go back: the token of the loop or label; what comes after it is counted again */
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

/** The JavaScript of counting; empty texts for a function that is not counted. */
export class Counting {
  constructor(readonly counters: Counters | undefined) {}

  entry(): string {
    const { entry } = this.counters ?? {}
    return entry === undefined ? '' : `Z[${entry}]++;`
  }

  arrive(pc: number): string {
    return increments((this.counters?.arrivals.get(pc) ?? []).map(({ index }) => index))
  }

  /** Before going from an instruction to another. */
  jump(from: number, target: number): string {
    const { jumps, backs, arrivals } = this.counters ?? {}
    const loop = target <= from ? backs?.get(from) : undefined
    const again = loop === undefined ? [] : (arrivals!.get(target) ?? []).filter(({ token }) => token > loop)
    return increments([...(jumps?.get(from) ?? []), ...again.map(({ index }) => index)])
  }

  fall(pc: number): string {
    return increments(this.counters?.falls.get(pc) ?? [])
  }

  /** The case at which the switch continues at `pc` without counting what is counted there. */
  counted(pc: number): number {
    return this.counters?.arrivals.has(pc) ? -2 - pc : pc
  }
}
