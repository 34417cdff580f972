/**
 * Follows a schedule: `fifo` except for the listed deviations. A few holds make a delay-bounded schedule (Emmi, Qadeer,
 * Rakamarić: "Delay-Bounded Scheduling", POPL 2011); the recorded picks of another strategy make a replay. Deviations that
 * cannot be applied, because the program has changed, are reported as a mismatch.
 */
import type { Micros } from '../clock.js'
import type { Task } from '../task.js'
import { fingerprint, type Deviation, type Schedule } from './schedule.js'
import { STALL, type ReadySet, type Strategy } from './strategy.js'

/** The first decision at which the program did not match the schedule. */
export interface ScheduleMismatch {
  readonly decision: number
  /** what the schedule expects and what was found */
  readonly reason: string
}

interface Hold {
  readonly task: Task
  /** when to release it; undefined: as soon as nothing else is runnable at this instant */
  readonly until: Micros | undefined
  readonly since: Micros
}

/** A strategy that applies the deviations of a schedule to `fifo`. */
export class Follow implements Strategy {
  readonly name = 'replay'
  /** the first mismatch, after which the run continued with `fifo` */
  mismatch: ScheduleMismatch | undefined
  /** number of decisions made */
  decisions = 0
  readonly #deviations: ReadonlyMap<number, readonly Deviation[]>
  readonly #last: number
  #holds: Hold[] = []

  constructor(
    schedule: Schedule,
    readonly now: () => Micros,
    /** called for each decision with the choice made */
    readonly watch?: (ready: ReadySet, decision: number, chosen: Task | typeof STALL) => void,
  ) {
    this.#deviations = byDecision(schedule)
    this.#last = schedule.reduce((last, each) => Math.max(last, each.decision), -1)
  }

  /** Whether the run ended before the last deviation of the schedule. */
  get unreached(): boolean {
    return this.decisions <= this.#last
  }

  due(count: number): number {
    const decision = this.decisions++
    const deviation = this.#deviations.get(decision)?.[0]
    if (deviation === undefined) return 0
    if (deviation.kind === 'due' && deviation.index < count) return deviation.index
    this.mismatch ??= {
      decision,
      reason: `the schedule expects no choice among ${count} timers with the same deadline`,
    }
    return 0
  }

  next(ready: ReadySet): Task | typeof STALL {
    const decision = this.decisions++
    let chosen = this.#baseline(ready)
    for (const deviation of this.#deviations.get(decision) ?? NONE) chosen = this.#deviate(ready, deviation)
    this.watch?.(ready, decision, chosen)
    return chosen
  }

  /** The first task that is not held; if all are, a stall where possible. */
  #baseline(ready: ReadySet): Task | typeof STALL {
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
        return this.#mismatch(
          ready,
          deviation.decision,
          'the schedule expects a choice among timers with the same deadline, but there is none',
        )
      case 'stall':
        if (ready.canStall) return STALL
        return this.#mismatch(ready, deviation.decision, 'the schedule stalls, but no timer expires within the bound')
      case 'pick': {
        if (deviation.index >= ready.size)
          return this.#mismatch(
            ready,
            deviation.decision,
            `the schedule picks task ${deviation.index}, but only ${ready.size} are runnable`,
          )
        const task = ready.at(deviation.index)
        return this.#matchesTask(ready, deviation, task) ? task : this.#baseline(ready)
      }
      case 'hold': {
        const task = this.#baseline(ready)
        if (task === STALL) return task
        if (!this.#matchesTask(ready, deviation, task)) return task
        const now = this.now()
        this.#holds.push({ task, since: now, until: deviation.time === 0 ? undefined : now + deviation.time })
        return this.#baseline(ready)
      }
    }
  }

  #matchesTask(ready: ReadySet, deviation: Deviation & { readonly task?: number }, task: Task): boolean {
    if (deviation.task === undefined || deviation.task === fingerprint(task.name)) return true
    this.#mismatch(ready, deviation.decision, `the schedule expects another task than ${task.name}`)
    return false
  }

  #mismatch(ready: ReadySet, decision: number, reason: string): Task | typeof STALL {
    this.mismatch ??= { decision, reason }
    return this.#baseline(ready)
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
