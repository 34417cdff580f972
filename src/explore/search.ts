/** The search: runs a scenario under many schedules, each in a fresh world, and groups the runs by failure and by outcome. */
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
import { DEFAULT_FAILURE_KINDS, type Failure, type FailureKind } from './failure.js'
import type { ExploreOptions } from './options.js'
import type { ExploreReport, FailureGroup, OutcomeGroup } from './result.js'
import { runOnce, type Decision, type RunResult, type Scenario, type Seeds } from './run.js'
import type { SameResult } from './shrink.js'
import { smallest, type FoundRun, type SmallSchedule } from './smallest.js'
import { encodeToken } from './token.js'

interface RunGroup {
  count: number
  run: RunResult
  seeds: Seeds
}

export class Search {
  readonly options: Required<Pick<ExploreOptions, 'strategy' | 'schedules' | 'seed'>> & ExploreOptions
  readonly depth: number
  readonly maxStall: Micros
  readonly #failureKinds: ReadonlySet<FailureKind>
  readonly #failures = new Map<string, RunGroup>()
  readonly #outcomes = new Map<string, RunGroup>()
  #baseline: RunResult | undefined
  #schedules = 0
  #level: number | undefined
  #nondeterminism: string | undefined
  /** start of the search on the host's clock */
  #started: number | undefined

  constructor(
    readonly scenario: Scenario,
    options: ExploreOptions = {},
  ) {
    this.options = { strategy: 'delay', schedules: 1000, seed: 1, ...options }
    this.depth = options.depth ?? (this.options.strategy === 'delay' ? 2 : 3)
    this.maxStall = Math.round((options.maxStall ?? 10) * MILLISECOND)
    this.#failureKinds = new Set(options.failures ?? DEFAULT_FAILURE_KINDS)
  }

  /** Runs the search. */
  explore(): ExploreReport {
    const baseline = this.#run(() => fifo, {})
    this.#baseline = baseline
    if ((this.options.shard?.index ?? 1) === 1) this.#record(baseline, {})
    const done = this.options.strategy === 'delay' ? this.#delay() : this.#random()
    return {
      scenario: this.scenario.name,
      strategy: this.options.strategy,
      schedules: this.#schedules,
      ...done,
      failures: [...this.#failures.values()].map((group) => this.#failureGroup(group)),
      outcomes: [...this.#outcomes.values()].map((group) => this.#outcomeGroup(group)),
      baseline,
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
    const baseline = search.next()!
    search.expand(baseline, this.#baseline!)
    let covered = -1
    while (!this.#isDone()) {
      const schedule = search.next()
      if (schedule === undefined) return { complete: true, covered: this.depth }
      covered = search.level - 1
      this.#level = search.level
      const run = this.#run((now) => new Follow(schedule, now), {})
      search.expand(schedule, run)
      this.#record({ ...run, schedule }, {})
    }
    return { complete: false, covered }
  }

  #random(): { complete: boolean; covered: number } {
    const random = new Random(this.options.seed).stream(this.options.strategy)
    const vary = {
      stalls: this.options.vary?.stalls !== false,
      deliveries: this.options.vary?.deliveries !== false,
    }
    for (let number = 1; number < this.options.schedules && !this.#isDone(); number++) {
      const own = random.stream(String(number))
      if (!this.#isInShard(number)) continue
      const seeds: Seeds = {
        ...(this.options.vary?.latency !== false && { latencySeed: own.uint32() }),
        ...(this.options.vary?.pairs !== false && { pairsSeed: own.uint32() }),
      }
      const make = (): Strategy =>
        this.options.strategy === 'random'
          ? randomWalk(own.stream('walk'), vary)
          : pct(own.stream('pct'), { depth: this.depth, decisions: Math.max(1, this.#baseline!.decisions), ...vary })
      this.#record(this.#run(make, seeds), seeds)
    }
    return { complete: false, covered: -1 }
  }

  /** The maximum number of schedules of this search, or of its shard. */
  get #limit(): number {
    if (this.options.strategy !== 'delay') return this.options.schedules
    return Math.ceil(this.options.schedules / (this.options.shard?.count ?? 1))
  }

  #isInShard(number: number): boolean {
    const { shard } = this.options
    return shard === undefined || number % shard.count === shard.index % shard.count
  }

  #isDone(): boolean {
    if (this.#schedules >= this.#limit || this.#nondeterminism !== undefined) return true
    if (this.#failures.size > 0 && !this.options.all) return true
    const { time, clock } = this.options
    this.#started ??= clock?.()
    return time !== undefined && clock !== undefined && clock() - this.#started! >= time
  }

  #run(make: (now: () => Micros) => Strategy, seeds: Seeds): RunResult {
    const options = {
      ...this.options,
      seeds,
      maxStall: this.maxStall,
      failures: this.#failureKinds,
      profile: true,
    }
    const run = runOnce(this.scenario, make, options)
    if (this.options.verifyDeterminism || this.#baseline === undefined) this.#verify(run, options)
    return run
  }

  /** Replays the recorded schedule: nothing may differ. */
  #verify(run: RunResult, options: Parameters<typeof runOnce>[2]): void {
    const again = runOnce(this.scenario, (now) => new Follow(run.schedule, now), options)
    if (again.hash === run.hash) return
    const place = run.profile.findIndex((decision, i) => JSON.stringify(decision) !== JSON.stringify(again.profile[i]))
    const one = run.profile[place]
    const other = again.profile[place]
    this.#nondeterminism =
      place < 0
        ? 'two runs under one schedule made the same decisions, but their traces differ'
        : `two runs under one schedule diverge at decision ${place}: first ${describeDecision(one)}, then ${describeDecision(other)}`
  }

  #record(run: RunResult, seeds: Seeds): RunResult {
    this.#schedules++
    const judged = this.#checkDeadlock(run)
    if (judged.failure !== undefined) addToGroup(this.#failures, failureKey(judged.failure), judged, seeds)
    addToGroup(this.#outcomes, judged.outcome.key, judged, seeds)
    this.options.onProgress?.({
      schedules: this.#schedules,
      failures: this.#failures.size,
      outcomes: this.#outcomes.size,
      level: this.#level,
    })
    return judged
  }

  /** Detects deadlocks by comparison with the baseline: a script that waits in this run only is stuck. */
  #checkDeadlock(run: RunResult): RunResult {
    if (run.failure !== undefined || this.#baseline === undefined || !this.#failureKinds.has('deadlock')) return run
    const baseline = [...this.#baseline.waiting]
    const stuck = run.waiting.filter((name) => {
      const place = baseline.indexOf(name)
      if (place >= 0) baseline.splice(place, 1)
      return place < 0
    })
    if (stuck.length === 0) return run
    return { ...run, failure: { kind: 'deadlock', message: `waits forever: ${stuck.join(', ')}` } }
  }

  #failureGroup({ count, run, seeds }: RunGroup): FailureGroup {
    const isSame = (other: RunResult) =>
      other.failure !== undefined && failureKey(other.failure) === failureKey(run.failure!)
    const small = this.#smallest({ run, seeds }, isSame)
    return { ...run.failure!, count, ...small, token: this.#token(small) }
  }

  #outcomeGroup({ count, run, seeds }: RunGroup): OutcomeGroup {
    const small = this.#smallest({ run, seeds }, (other) => other.outcome.key === run.outcome.key)
    return { ...run.outcome, count, ...small, token: this.#token(small) }
  }

  #smallest(found: FoundRun, isSame: SameResult): SmallSchedule {
    const play = (schedule: Schedule, seeds: Seeds) => {
      let follow: Follow | undefined
      const tried = this.#run((now) => (follow = new Follow(schedule, now)), seeds)
      return follow!.mismatch === undefined ? this.#checkDeadlock(tried) : undefined
    }
    return smallest(found, { play, isSame, maxStall: this.maxStall })
  }

  #token(small: SmallSchedule): string {
    return encodeToken(this.scenario.name, { seed: this.options.seed, maxStall: this.maxStall, ...small })
  }
}

const describeDecision = (decision: Decision | undefined): string =>
  decision === undefined
    ? 'there was no decision'
    : decision.due === undefined
      ? `at ${decision.at} µs it was ${decision.expected}'s turn`
      : `at ${decision.at} µs ${decision.due} events were due`

const failureKey = (failure: Failure): string => `${failure.kind}: ${failure.message}`

/** Adds a run to its group; keeps the run with the fewest deviations. */
const addToGroup = (groups: Map<string, RunGroup>, key: string, run: RunResult, seeds: Seeds): void => {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, { count: 1, run, seeds })
  else {
    group.count++
    if (run.schedule.length < group.run.schedule.length) Object.assign(group, { run, seeds })
  }
}
