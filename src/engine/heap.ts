/**
 * What is due when: a binary heap of timed entries that know their own place in it, so that a timer is moved or
 * cancelled in O(log n) without a search. Entries due at one instant leave in the order in which they were set.
 */
import type { Micros } from './clock.js'

/** One thing that will happen. Owned by whoever set it; re-used when it is set again. */
export class Timed {
  at: Micros = 0
  /** @internal place in the heap, -1 when not in it */
  index = -1
  /** @internal tie-breaker among equal times */
  sequence = 0

  constructor(readonly fire: () => void) {}

  get pending(): boolean {
    return this.index >= 0
  }
}

const before = (a: Timed, b: Timed): boolean => a.at < b.at || (a.at === b.at && a.sequence < b.sequence)

export class TimedHeap {
  readonly #entries: Timed[] = []
  #sequence = 0

  get size(): number {
    return this.#entries.length
  }

  /** The entry that is due first, left in place. */
  peek(): Timed | undefined {
    return this.#entries[0]
  }

  /** Takes out all that is due at the instant of the first, in order; they are not pending then. */
  takeFirsts(): Timed[] {
    const first = this.#entries[0]
    const taken: Timed[] = []
    for (let entry = first; entry !== undefined && entry.at === first!.at; entry = this.#entries[0]) {
      this.remove(entry)
      taken.push(entry)
    }
    return taken
  }

  /** Puts back what was taken out, at its old place. */
  putBack(entry: Timed): void {
    entry.index = this.#entries.length
    this.#entries.push(entry)
    this.#up(entry)
  }

  /** Whether several entries are due at the instant of the first. */
  get isTied(): boolean {
    const [first, left, right] = this.#entries
    return first !== undefined && (left?.at === first.at || right?.at === first.at)
  }

  /** Sets `entry` for `at`; one that is pending already is moved, and comes after the others due at that instant. */
  set(entry: Timed, at: Micros): void {
    entry.at = at
    entry.sequence = this.#sequence++
    if (entry.index < 0) {
      entry.index = this.#entries.length
      this.#entries.push(entry)
      this.#up(entry)
    } else {
      this.#up(entry)
      this.#down(entry)
    }
  }

  /** Takes `entry` out; nothing happens when it is not pending. */
  remove(entry: Timed): void {
    const hole = entry.index
    if (hole < 0) return
    entry.index = -1
    const last = this.#entries.pop()!
    if (last === entry) return
    this.#place(last, hole)
    this.#up(last)
    this.#down(last)
  }

  #place(entry: Timed, index: number): void {
    this.#entries[index] = entry
    entry.index = index
  }

  #up(entry: Timed): void {
    let index = entry.index
    while (index > 0) {
      const parent = this.#entries[(index - 1) >> 1]!
      if (!before(entry, parent)) break
      const to = parent.index
      this.#place(parent, index)
      index = to
    }
    this.#place(entry, index)
  }

  #down(entry: Timed): void {
    const entries = this.#entries
    let index = entry.index
    for (;;) {
      let child = entries[2 * index + 1]
      if (child === undefined) break
      const right = entries[2 * index + 2]
      if (right !== undefined && before(right, child)) child = right
      if (!before(child, entry)) break
      const to = child.index
      this.#place(child, index)
      index = to
    }
    this.#place(entry, index)
  }
}
