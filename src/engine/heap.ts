/**
 * The timer queue: a binary heap whose entries know their index, so that a timer is rescheduled or cancelled in O(log n)
 * without a search. Entries with the same deadline expire in the order in which they were set.
 */
import type { Micros } from './clock.js'

/** A timer: calls `fire` at its deadline. Owned by the code that sets it, and reusable. */
export class Timer {
  at: Micros = 0
  /** @internal index in the heap, -1 if not queued */
  index = -1
  /** @internal tie-breaker among equal times */
  sequence = 0

  constructor(readonly fire: () => void) {}

  get pending(): boolean {
    return this.index >= 0
  }
}

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.sequence < b.sequence)

/** Pending timers, ordered by deadline and then by the order in which they were set. */
export class TimerHeap {
  readonly #entries: Timer[] = []
  #sequence = 0

  get size(): number {
    return this.#entries.length
  }

  /** The entry with the earliest deadline, without removing it. */
  peek(): Timer | undefined {
    return this.#entries[0]
  }

  /** Removes and returns all entries with the earliest deadline, in order. */
  takeTied(): Timer[] {
    const first = this.#entries[0]
    const taken: Timer[] = []
    for (let entry = first; entry !== undefined && entry.at === first!.at; entry = this.#entries[0]) {
      this.remove(entry)
      taken.push(entry)
    }
    return taken
  }

  /** Reinserts an entry returned by {@link takeTied}, keeping its deadline and order. */
  putBack(entry: Timer): void {
    entry.index = this.#entries.length
    this.#entries.push(entry)
    this.#up(entry)
  }

  /** Whether several entries share the earliest deadline. */
  get hasTie(): boolean {
    const [first, left, right] = this.#entries
    return first !== undefined && (left?.at === first.at || right?.at === first.at)
  }

  /** Schedules `entry` at `at`, or reschedules it if pending. It goes after other entries with the same deadline. */
  set(entry: Timer, at: Micros): void {
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

  /** Cancels `entry`; no-op if it is not pending. */
  remove(entry: Timer): void {
    const hole = entry.index
    if (hole < 0) return
    entry.index = -1
    const last = this.#entries.pop()!
    if (last === entry) return
    this.#place(last, hole)
    this.#up(last)
    this.#down(last)
  }

  #place(entry: Timer, index: number): void {
    this.#entries[index] = entry
    entry.index = index
  }

  #up(entry: Timer): void {
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

  #down(entry: Timer): void {
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
