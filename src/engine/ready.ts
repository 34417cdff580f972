/** What a strategy sees: the run queues of all threads as one, merged by the turn at which each task was woken. */
import type { RunQueue } from './run-queue.js'
import type { ReadySet } from './strategy/strategy.js'
import type { Task } from './task.js'

/** How much of it there is, and whether time may pass first. */
export interface ReadyCounts {
  readonly runnable: number
  readonly stallPossible: boolean
}

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
    const places = queues.map(() => 0)
    for (let left = index; ; left--) {
      let from = -1
      let best: Task | undefined
      queues.forEach((queue, i) => {
        const task = queue.at(places[i]!)
        if (task !== undefined && (best === undefined || task.key < best.key)) {
          best = task
          from = i
        }
      })
      if (left === 0) return best!
      places[from]!++
    }
  }
}
