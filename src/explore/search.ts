/**
 * The search: a scenario is run under many schedules, a fresh world each time. What came of it is grouped: failures by what
 * failed, outcomes by what a user would call a different result.
 */
import {
  fifo,
  Follow,
  MILLISECOND,
  pct,
  Random,
  randomWalk,
  type Micros,
  type Schedule,
  type Strategy,
} from '../engine/index.js'
import { DelaySearch } from './delay.js'
import { USUAL_FAILURES, type Failure, type FailureKind } from './failure.js'
import type { ExploreOptions } from './options.js'
import type { ExploreReport, FailureGroup, OutcomeGroup } from './result.js'
import { runOnce, type Decision, type Run, type Scenario, type Seeds } from './run.js'
import type { IsSame } from './shrink.js'
import { smallest, type Found, type Small } from './smallest.js'
import { encodeToken } from './token.js'

interface Group {
  count: number
  run: Run
  seeds: Seeds
}

export class Search {
  readonly options: Required<Pick<ExploreOptions, 'strategy' | 'schedules' | 'seed'>> & ExploreOptions
  readonly depth: number
  readonly maxStall: Micros
  readonly #failureKinds: ReadonlySet<FailureKind>
  readonly #failures = new Map<string, Group>()
  readonly #outcomes = new Map<string, Group>()
  #usual: Run | undefined
  #schedules = 0
  #level: number | undefined
  #nondeterminism: string | undefined
  /** when the search began, on the clock that limits it */
  #started: number | undefined

  constructor(
    readonly scenario: Scenario,
    options: ExploreOptions = {},
  ) {
    this.options = { strategy: 'delay', schedules: 1000, seed: 1, ...options }
    this.depth = options.depth ?? (this.options.strategy === 'delay' ? 2 : 3)
    this.maxStall = Math.round((options.maxStall ?? 10) * MILLISECOND)
    this.#failureKinds = new Set(options.failures ?? USUAL_FAILURES)
  }

  /** Runs it. */
  explore(): ExploreReport {
    const usual = this.#run(() => fifo, {})
    this.#usual = usual
    if ((this.options.shard?.index ?? 1) === 1) this.#take(usual, {})
    const done = this.options.strategy === 'delay' ? this.#delay() : this.#random()
    return {
      scenario: this.scenario.name,
      strategy: this.options.strategy,
      schedules: this.#schedules,
      ...done,
      failures: [...this.#failures.values()].map((group) => this.#failureGroup(group)),
      outcomes: [...this.#outcomes.values()].map((group) => this.#outcomeGroup(group)),
      usual,
      nondeterminism: this.#nondeterminism,
      seed: this.options.seed,
      maxStall: this.maxStall,
    }
  }

  #delay(): { complete: boolean; covered: number } {
    const search = new DelaySearch({
      deviations: this.depth,
      stalls: this.options.vary?.stalls !== false,
      maxStall: this.maxStall,
      deliveries: this.options.vary?.deliveries !== false,
      shard: this.options.shard,
    })
    const usual = search.take()!
    search.expand(usual, this.#usual!)
    let covered = -1
    while (!this.#enough()) {
      const schedule = search.take()
      if (schedule === undefined) return { complete: true, covered: this.depth }
      covered = search.level - 1
      this.#level = search.level
      const run = this.#run((now) => new Follow(schedule, now), {})
      search.expand(schedule, run)
      this.#take({ ...run, schedule }, {})
    }
    return { complete: false, covered }
  }

  #random(): { complete: boolean; covered: number } {
    const random = new Random(this.options.seed).stream(this.options.strategy)
    const vary = {
      stalls: this.options.vary?.stalls !== false,
      deliveries: this.options.vary?.deliveries !== false,
    }
    for (let number = 1; number < this.options.schedules && !this.#enough(); number++) {
      const own = random.stream(String(number))
      if (!this.#isMine(number)) continue
      const seeds: Seeds = {
        ...(this.options.vary?.latency !== false && { latencySeed: own.uint32() }),
        ...(this.options.vary?.pairs !== false && { pairsSeed: own.uint32() }),
      }
      const make = (): Strategy =>
        this.options.strategy === 'random'
          ? randomWalk(own.stream('walk'), vary)
          : pct(own.stream('pct'), { depth: this.depth, decisions: Math.max(1, this.#usual!.decisions), ...vary })
      this.#take(this.#run(make, seeds), seeds)
    }
    return { complete: false, covered: -1 }
  }

  /** How many schedules this search may run: its part of the whole, where it is a part. */
  get #limit(): number {
    if (this.options.strategy !== 'delay') return this.options.schedules
    return Math.ceil(this.options.schedules / (this.options.shard?.count ?? 1))
  }

  #isMine(number: number): boolean {
    const { shard } = this.options
    return shard === undefined || number % shard.count === shard.index % shard.count
  }

  #enough(): boolean {
    if (this.#schedules >= this.#limit || this.#nondeterminism !== undefined) return true
    if (this.#failures.size > 0 && !this.options.all) return true
    const { time, clock } = this.options
    this.#started ??= clock?.()
    return time !== undefined && clock !== undefined && clock() - this.#started! >= time
  }

  #run(make: (now: () => Micros) => Strategy, seeds: Seeds): Run {
    const options = {
      ...this.options,
      seeds,
      maxStall: this.maxStall,
      failures: this.#failureKinds,
      profile: true,
    }
    const run = runOnce(this.scenario, make, options)
    if (this.options.verifyDeterminism || this.#usual === undefined) this.#verify(run, options)
    return run
  }

  /** Follows the recorded schedule once more: nothing may differ. */
  #verify(run: Run, options: Parameters<typeof runOnce>[2]): void {
    const again = runOnce(this.scenario, (now) => new Follow(run.schedule, now), options)
    if (again.hash === run.hash) return
    const place = run.profile.findIndex((decision, i) => JSON.stringify(decision) !== JSON.stringify(again.profile[i]))
    const one = run.profile[place]
    const other = again.profile[place]
    this.#nondeterminism =
      place < 0
        ? 'two runs under one schedule made the same decisions, but their traces differ'
        : `two runs under one schedule part at decision ${place}: ${turn(one)} once, and ${turn(other)} the other time`
  }

  #take(run: Run, seeds: Seeds): Run {
    this.#schedules++
    const judged = this.#judge(run)
    if (judged.failure !== undefined) add(this.#failures, keyOf(judged.failure), judged, seeds)
    add(this.#outcomes, judged.outcome.key, judged, seeds)
    this.options.onProgress?.({
      schedules: this.#schedules,
      failures: this.#failures.size,
      outcomes: this.#outcomes.size,
      level: this.#level,
    })
    return judged
  }

  /** Adds what only the comparison with the usual run can tell: a script that waits here and does not there is stuck. */
  #judge(run: Run): Run {
    if (run.failure !== undefined || this.#usual === undefined || !this.#failureKinds.has('deadlock')) return run
    const usual = [...this.#usual.waiting]
    const stuck = run.waiting.filter((name) => {
      const place = usual.indexOf(name)
      if (place >= 0) usual.splice(place, 1)
      return place < 0
    })
    if (stuck.length === 0) return run
    return { ...run, failure: { kind: 'deadlock', message: `waits for ever: ${stuck.join(', ')}` } }
  }

  #failureGroup({ count, run, seeds }: Group): FailureGroup {
    const isSame = (other: Run) => other.failure !== undefined && keyOf(other.failure) === keyOf(run.failure!)
    const small = this.#smallest({ run, seeds }, isSame)
    return { ...run.failure!, count, ...small, token: this.#token(small) }
  }

  #outcomeGroup({ count, run, seeds }: Group): OutcomeGroup {
    const small = this.#smallest({ run, seeds }, (other) => other.outcome.key === run.outcome.key)
    return { ...run.outcome, count, ...small, token: this.#token(small) }
  }

  #smallest(found: Found, isSame: IsSame): Small {
    const play = (schedule: Schedule, seeds: Seeds) => {
      let follow: Follow | undefined
      const tried = this.#run((now) => (follow = new Follow(schedule, now)), seeds)
      return follow!.mismatch === undefined ? this.#judge(tried) : undefined
    }
    return smallest(found, { play, isSame, maxStall: this.maxStall })
  }

  #token(small: Small): string {
    return encodeToken(this.scenario.name, { seed: this.options.seed, maxStall: this.maxStall, ...small })
  }
}

const turn = (decision: Decision | undefined): string =>
  decision === undefined
    ? 'nothing was to be decided'
    : decision.due === undefined
      ? `at ${decision.at} µs it was ${decision.usual}'s turn`
      : `at ${decision.at} µs ${decision.due} things were due`

const keyOf = (failure: Failure): string => `${failure.kind}: ${failure.message}`

/** Keeps, of the runs of a group, the one with the fewest deviations. */
const add = (groups: Map<string, Group>, key: string, run: Run, seeds: Seeds): void => {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, { count: 1, run, seeds })
  else {
    group.count++
    if (run.schedule.length < group.run.schedule.length) Object.assign(group, { run, seeds })
  }
}
