/**
 * Follows a schedule: `fifo` but for its deviations. With holds of one or of two tasks this is a schedule of delay
 * bounding (Emmi, Qadeer, Rakamarić: "Delay-Bounded Scheduling", POPL 2011); with the recorded picks of another strategy it
 * is a replay. A deviation that cannot be carried out, because the program is another, is reported.
 */
import type { Micros } from '../clock.js'
import type { Task } from '../task.js'
import { fingerprint, type Deviation, type Schedule } from './schedule.js'
import { STALL, type ReadySet, type Strategy } from './strategy.js'

/** Where a program left the schedule that it was to follow. */
export interface Misfit {
  readonly decision: number
  /** what the schedule asks for, and what there was instead */
  readonly why: string
}

interface Hold {
  readonly task: Task
  /** released when the clock shows this; undefined: when nothing else is runnable at this instant */
  readonly until: Micros | undefined
  readonly since: Micros
}

export class Follow implements Strategy {
  readonly name = 'replay'
  /** set where the schedule did not fit; the run went on with `fifo` there */
  misfit: Misfit | undefined
  /** how many decisions were made */
  decisions = 0
  readonly #deviations: ReadonlyMap<number, readonly Deviation[]>
  readonly #last: number
  #holds: Hold[] = []

  constructor(
    schedule: Schedule,
    readonly now: () => Micros,
    /** told of each decision: the default task and what was chosen instead, if anything */
    readonly watch?: (ready: ReadySet, decision: number, chosen: Task | typeof STALL) => void,
  ) {
    this.#deviations = byDecision(schedule)
    this.#last = schedule.reduce((last, each) => Math.max(last, each.decision), -1)
  }

  /** Whether a deviation was never reached: the run was shorter than the schedule. */
  get unreached(): boolean {
    return this.decisions <= this.#last
  }

  due(count: number): number {
    const decision = this.decisions++
    const deviation = this.#deviations.get(decision)?.[0]
    if (deviation === undefined) return 0
    if (deviation.kind === 'due' && deviation.index < count) return deviation.index
    this.misfit ??= { decision, why: `${count} things are due at once, which was not so` }
    return 0
  }

  next(ready: ReadySet): Task | typeof STALL {
    const decision = this.decisions++
    let chosen = this.#usual(ready)
    for (const deviation of this.#deviations.get(decision) ?? NONE) chosen = this.#deviate(ready, deviation)
    this.watch?.(ready, decision, chosen)
    return chosen
  }

  /** The first task that is not held back; time where all are and it may pass. */
  #usual(ready: ReadySet): Task | typeof STALL {
    if (this.#holds.length === 0) return ready.first()
    this.#release(ready)
    const held = new Set(this.#holds.map((hold) => hold.task))
    for (let i = 0; i < ready.size; i++) {
      const task = ready.at(i)
      if (!held.has(task)) return task
    }
    const waiting = this.#holds.some((hold) => hold.until !== undefined)
    if (waiting && ready.canStall) return STALL
    this.#holds = []
    return ready.first()
  }

  #release(ready: ReadySet): void {
    const now = this.now()
    this.#holds = this.#holds.filter((hold) => {
      if (!hold.task.runnable) return false
      return hold.until === undefined ? hold.since === now && ready.size > 1 : hold.until > now
    })
  }

  #deviate(ready: ReadySet, deviation: Deviation): Task | typeof STALL {
    switch (deviation.kind) {
      case 'due':
        return this.#mismatch(ready, deviation.decision, 'several things were to be due at once, and are not')
      case 'stall':
        if (ready.canStall) return STALL
        return this.#mismatch(ready, deviation.decision, 'time was to pass, but nothing is due within the bound')
      case 'pick': {
        if (deviation.index >= ready.size)
          return this.#mismatch(
            ready,
            deviation.decision,
            `the task at place ${deviation.index} was to run, but only ${ready.size} are runnable`,
          )
        const task = ready.at(deviation.index)
        return this.#named(ready, deviation, task) ? task : this.#usual(ready)
      }
      case 'hold': {
        const task = this.#usual(ready)
        if (task === STALL) return task
        if (!this.#named(ready, deviation, task)) return task
        const now = this.now()
        this.#holds.push({ task, since: now, until: deviation.time === 0 ? undefined : now + deviation.time })
        return this.#usual(ready)
      }
    }
  }

  #named(ready: ReadySet, deviation: Deviation & { readonly task?: number }, task: Task): boolean {
    if (deviation.task === undefined || deviation.task === fingerprint(task.name)) return true
    this.#mismatch(ready, deviation.decision, `another task was to run than ${task.name}`)
    return false
  }

  #mismatch(ready: ReadySet, decision: number, why: string): Task | typeof STALL {
    this.misfit ??= { decision, why }
    return this.#usual(ready)
  }
}

const NONE: readonly Deviation[] = []

const byDecision = (schedule: Schedule): Map<number, Deviation[]> => {
  const map = new Map<number, Deviation[]>()
  for (const deviation of schedule) {
    const known = map.get(deviation.decision)
    if (known) known.push(deviation)
    else map.set(deviation.decision, [deviation])
  }
  return map
}
