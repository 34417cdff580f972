/** Records how another strategy deviates from `fifo`, as a schedule for replay. */
import { fingerprint, type Deviation, type Schedule } from './schedule.js'
import { STALL, type ReadySet, type Strategy } from './strategy.js'
import type { Task } from '../task.js'

/** Delegates to another strategy and records its deviations. */
export class Recording implements Strategy {
  readonly name: string
  /** number of decisions made */
  decisions = 0
  readonly #deviations: Deviation[] = []

  constructor(
    readonly strategy: Strategy,
    readonly watch?: (ready: ReadySet | number, decision: number, chosen: Task | typeof STALL | number) => void,
  ) {
    this.name = strategy.name
  }

  due(count: number): number {
    const index = this.strategy.due?.(count) ?? 0
    const decision = this.decisions++
    if (index !== 0) this.#deviations.push({ kind: 'due', decision, index })
    this.watch?.(count, decision, index)
    return index
  }

  get schedule(): Schedule {
    return this.#deviations
  }

  next(ready: ReadySet): Task | typeof STALL {
    const decision = this.decisions++
    const chosen = this.strategy.next(ready)
    if (chosen === STALL) this.#deviations.push({ kind: 'stall', decision })
    else if (chosen !== ready.first())
      this.#deviations.push({ kind: 'pick', decision, index: indexOf(ready, chosen), task: fingerprint(chosen.name) })
    this.watch?.(ready, decision, chosen)
    return chosen
  }
}

const indexOf = (ready: ReadySet, task: Task): number => {
  let index = 0
  while (ready.at(index) !== task) index++
  return index
}
