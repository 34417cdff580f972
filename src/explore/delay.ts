/**
 * Iterative delay bounding (Emmi, Qadeer, Rakamarić: "Delay-Bounded Scheduling", POPL 2011): every schedule with 0, then 1,
 * then 2 … deviations from `fifo`. A deviation holds back the task whose turn it is, until nothing else is runnable at this
 * instant, or for as long as until one of the things has happened that are due within the bound on stalls. The search is
 * complete within its bound, and the first failure that it finds is a smallest one.
 */
import { fingerprint, type Micros, type Schedule } from '../engine/index.js'
import type { Decision, Run } from './run.js'

export interface DelayOptions {
  /** the most deviations of a schedule */
  readonly deviations: number
  /** whether tasks may be held back while time passes */
  readonly stalls: boolean
  /** the longest of these times */
  readonly maxStall: Micros
  /** whether things that are due at one instant change places */
  readonly deliveries: boolean
  /** only the `index`-th of `count` parts: the schedules whose first deviations are of that part */
  readonly shard?: { readonly index: number; readonly count: number } | undefined
}

/** Stands for a time where a branch is a change of places. */
const DUE = -1

/** A schedule with all the deviations that may follow its last one: decision, time and task (or place), three numbers each. */
interface Branch {
  readonly schedule: Schedule
  readonly following: Int32Array
}

/** The schedules of a delay-bounded search, in its order. Each answer needs the run of the schedule before it. */
export class DelaySearch {
  /** the deviations of the schedules that come now */
  level = 0
  /** schedules of this level that come before the next branch */
  #ahead: Schedule[] = [[]]
  #branches: Branch[] = []
  #nextBranches: Branch[] = []
  #branch = 0
  #place = 0

  constructor(readonly options: DelayOptions) {}

  /** Whether every schedule within the bound has been given. */
  get complete(): boolean {
    return this.#ahead.length === 0 && this.#branch >= this.#branches.length && this.#nextBranches.length === 0
  }

  /** The next schedule; undefined when there are no more within the bound. */
  take(): Schedule | undefined {
    const ahead = this.#ahead.shift()
    if (ahead !== undefined) return ahead
    if (this.#branch >= this.#branches.length) {
      if (this.#nextBranches.length === 0) return undefined
      this.#branches = this.#nextBranches
      this.#nextBranches = []
      this.#branch = 0
      this.level++
    }
    const { schedule, following } = this.#branches[this.#branch]!
    const at = this.#place
    this.#place += 3
    if (this.#place >= following.length) {
      this.#place = 0
      this.#branch++
    }
    const decision = following[at]!
    const time = following[at + 1]!
    const value = following[at + 2]!
    return [
      ...schedule,
      time === DUE ? { kind: 'due', decision, index: value } : { kind: 'hold', decision, time, task: value },
    ]
  }

  /** Takes in the run of a schedule, which shows where it can be deviated from next. It must come with its profile. */
  expand(schedule: Schedule, { profile }: Pick<Run, 'profile'>): void {
    this.#shortenHold(schedule, profile)
    if (schedule.length >= this.options.deviations) return
    const following: number[] = []
    let number = 0
    const follow = (decision: number, time: Micros, task: number) => {
      if (schedule.length > 0 || this.#isMine(number++)) following.push(decision, time, task)
    }
    const held = (decision: number) => schedule.filter((each) => each.decision === decision).length
    for (let decision = schedule.at(-1)?.decision ?? 0; decision < profile.length; decision++) {
      const moment = profile[decision]!
      if (moment.due !== undefined) {
        const isFree = schedule.at(-1)?.decision !== decision
        if (this.options.deliveries && isFree) for (let i = 1; i < moment.due; i++) follow(decision, DUE, i)
        continue
      }
      const { size, canStall, chosen } = moment
      if (chosen === undefined) continue
      const others = size > 1 + held(decision)
      const task = fingerprint(chosen)
      if (others) follow(decision, 0, task)
      if ((canStall || others) && this.options.stalls) follow(decision, this.options.maxStall, task)
    }
    if (following.length > 0) this.#nextBranches.push({ schedule, following: Int32Array.from(following) })
  }

  #isMine(number: number): boolean {
    const { shard } = this.options
    return shard === undefined || number % shard.count === shard.index % shard.count
  }

  /** A hold of the full length has shown what happens in it: ends before each of these things are schedules of their own. */
  #shortenHold(schedule: Schedule, profile: readonly Decision[]): void {
    const last = schedule.at(-1)
    if (last?.kind !== 'hold' || last.time !== this.options.maxStall) return
    const start = profile[last.decision]?.at
    if (start === undefined) return
    const times = new Set<Micros>()
    for (let i = last.decision + 1; i < profile.length && profile[i]!.at <= start + last.time; i++) {
      const time = profile[i]!.at - start
      if (time > 0 && time < last.time) times.add(time)
    }
    for (const time of times) this.#ahead.push([...schedule.slice(0, -1), { ...last, time }])
  }
}
