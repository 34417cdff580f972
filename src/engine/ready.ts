/** The scheduler's view for strategies: the run queues of all threads merged into one, in fifo order. */
import type { RunQueue } from './run-queue.js'
import type { ReadySet } from './strategy/strategy.js'
import type { Task } from './task.js'

/** The scheduler state that {@link Ready} exposes. */
export interface ReadyCounts {
  readonly runnable: number
  readonly stallPossible: boolean
}

/** A {@link ReadySet} over several run queues, without copying them. */
export class Ready implements ReadySet {
  constructor(
    readonly counts: ReadyCounts,
    readonly queues: () => readonly RunQueue<Task>[],
  ) {}

  get size(): number {
    return this.counts.runnable
  }

  get canStall(): boolean {
    return this.counts.stallPossible
  }

  first(): Task {
    let best: Task | undefined
    for (const queue of this.queues()) {
      const task = queue.first()
      if (task !== undefined && (best === undefined || task.key < best.key)) best = task
    }
    return best!
  }

  at(index: number): Task {
    if (!(index >= 0 && index < this.size)) throw new RangeError(`no runnable task ${index} of ${this.size}`)
    const queues = this.queues()
    const cursors = queues.map(() => 0)
    for (let left = index; ; left--) {
      let from = -1
      let best: Task | undefined
      queues.forEach((queue, i) => {
        const task = queue.at(cursors[i]!)
        if (task !== undefined && (best === undefined || task.key < best.key)) {
          best = task
          from = i
        }
      })
      if (left === 0) return best!
      cursors[from]!++
    }
  }
}
