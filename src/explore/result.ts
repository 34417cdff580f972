/** What a search has found: the ways to fail and the outcomes, each with a smallest schedule for it. */
import type { Micros, Schedule } from '../engine/index.js'
import type { Failure } from './failure.js'
import type { StrategyName } from './options.js'
import type { Outcome } from './outcome.js'
import type { Run, Seeds } from './run.js'

/** Runs that failed in the same way, and the smallest schedule that does. */
export interface FailureGroup extends Failure {
  readonly count: number
  readonly schedule: Schedule
  readonly seeds: Seeds
  readonly token: string
}

/** Runs with the same result, and the smallest schedule that gives it. */
export interface OutcomeGroup extends Outcome {
  readonly count: number
  readonly schedule: Schedule
  readonly seeds: Seeds
  readonly token: string
}

export interface ExploreReport {
  readonly scenario: string
  readonly strategy: StrategyName
  /** how many schedules were run */
  readonly schedules: number
  /** `delay`: whether every schedule with up to `depth` deviations was run */
  readonly complete: boolean
  /** `delay`: the most deviations of which every schedule was run; -1 when not even that */
  readonly covered: number
  readonly failures: readonly FailureGroup[]
  readonly outcomes: readonly OutcomeGroup[]
  /** what the usual order gives */
  readonly usual: Run
  /** the scenario itself is not repeatable: where two runs under one schedule parted */
  readonly nondeterminism: string | undefined
  readonly seed: number
  readonly maxStall: Micros
}
