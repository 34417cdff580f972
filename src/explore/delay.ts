/**
 * Iterative delay bounding (Emmi, Qadeer, Rakamarić: "Delay-Bounded Scheduling", POPL 2011): enumerates every schedule with 0, then 1, then
 * 2 … deviations from `fifo`. A deviation delays the task that would run next, either until nothing else is runnable at this instant, or
 * until one of the events due within the stall bound has occurred. The search is complete within its bound, so the first failure found is a
 * smallest one.
 */
import { fingerprint, type Micros, type Schedule } from '../engine/index.js'
import type { Decision, RunResult } from './run.js'

export interface DelayOptions {
  /** maximum deviations of a schedule */
  readonly deviations: number
  /** whether tasks may be delayed while time passes */
  readonly stalls: boolean
  /** maximum length of such a delay */
  readonly maxStall: Micros
  /** whether events due at the same instant are reordered */
  readonly deliveries: boolean
  /** run only shard `index` of `count`: schedules are assigned by their first deviation */
  readonly shard?: { readonly index: number; readonly count: number } | undefined
}

/** Marks a reordering in place of a delay. */
const REORDERED = -1

/** A schedule and the deviations that may extend it, three numbers each: decision, delay, and task (or index). */
interface Branch {
  readonly schedule: Schedule
  readonly following: Int32Array
}

/** Generates the schedules of a delay-bounded search in order. Each schedule must be run before the next one is taken. */
export class DelaySearch {
  /** the number of deviations of the current schedules */
  level = 0
  /** schedules of this level to be taken before the next branch */
  #queued: Schedule[] = [[]]
  #branches: Branch[] = []
  #nextBranches: Branch[] = []
  #branch = 0
  #position = 0

  constructor(readonly options: DelayOptions) {}

  /** Whether all schedules within the bound have been generated. */
  get complete(): boolean {
    return this.#queued.length === 0 && this.#branch >= this.#branches.length && this.#nextBranches.length === 0
  }

  /** Returns the next schedule, or undefined if there are no more within the bound. */
  next(): Schedule | undefined {
    const ahead = this.#queued.shift()
    if (ahead !== undefined) return ahead
    if (this.#branch >= this.#branches.length) {
      if (this.#nextBranches.length === 0) return undefined
      this.#branches = this.#nextBranches
      this.#nextBranches = []
      this.#branch = 0
      this.level++
    }
    const { schedule, following } = this.#branches[this.#branch]!
    const at = this.#position
    this.#position += 3
    if (this.#position >= following.length) {
      this.#position = 0
      this.#branch++
    }
    const decision = following[at]!
    const time = following[at + 1]!
    const value = following[at + 2]!
    return [
      ...schedule,
      time === REORDERED ? { kind: 'due', decision, index: value } : { kind: 'hold', decision, time, task: value },
    ]
  }

  /** Adds the run of a schedule, whose profile shows where the next deviation is possible. */
  expand(schedule: Schedule, { profile }: Pick<RunResult, 'profile'>): void {
    this.#addShorterHolds(schedule, profile)
    if (schedule.length >= this.options.deviations) return
    const following: number[] = []
    let number = 0
    const follow = (decision: number, time: Micros, task: number) => {
      if (schedule.length > 0 || this.#isInShard(number++)) following.push(decision, time, task)
    }
    const held = (decision: number) => schedule.filter((each) => each.decision === decision).length
    for (let decision = schedule.at(-1)?.decision ?? 0; decision < profile.length; decision++) {
      const moment = profile[decision]!
      if (moment.due !== undefined) {
        const isFree = schedule.at(-1)?.decision !== decision
        if (this.options.deliveries && isFree) for (let i = 1; i < moment.due; i++) follow(decision, REORDERED, i)
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

  #isInShard(number: number): boolean {
    const { shard } = this.options
    return shard === undefined || number % shard.count === shard.index % shard.count
  }

  /** The run with a delay of the full length shows the events within it: delays ending just before each of them are separate schedules. */
  #addShorterHolds(schedule: Schedule, profile: readonly Decision[]): void {
    const last = schedule.at(-1)
    if (last?.kind !== 'hold' || last.time !== this.options.maxStall) return
    const start = profile[last.decision]?.at
    if (start === undefined) return
    const times = new Set<Micros>()
    for (let i = last.decision + 1; i < profile.length && profile[i]!.at <= start + last.time; i++) {
      const time = profile[i]!.at - start
      if (time > 0 && time < last.time) times.add(time)
    }
    for (const time of times) this.#queued.push([...schedule.slice(0, -1), { ...last, time }])
  }
}
