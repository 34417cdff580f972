/** The result of a search: failures and outcomes, each with a smallest schedule. */
import type { Micros, Schedule } from '../engine/index.js'
import type { Failure } from './failure.js'
import type { StrategyName } from './options.js'
import type { Outcome } from './outcome.js'
import type { RunResult, Seeds } from './run.js'

/** Runs with the same failure, and the smallest failing schedule. */
export interface FailureGroup extends Failure {
  readonly count: number
  readonly schedule: Schedule
  readonly seeds: Seeds
  readonly token: string
}

/** Runs with the same outcome, and its smallest schedule. */
export interface OutcomeGroup extends Outcome {
  readonly count: number
  readonly schedule: Schedule
  readonly seeds: Seeds
  readonly token: string
}

/** The result of a search. */
export interface ExploreReport {
  readonly scenario: string
  readonly strategy: StrategyName
  /** number of schedules run */
  readonly schedules: number
  /** `delay`: whether every schedule with up to `depth` deviations was run */
  readonly complete: boolean
  /** `delay`: every schedule with up to this many deviations was run; -1: none */
  readonly covered: number
  readonly failures: readonly FailureGroup[]
  readonly outcomes: readonly OutcomeGroup[]
  /** the run in the default order */
  readonly baseline: RunResult
  /** the scenario is not deterministic: where two runs under one schedule diverged */
  readonly nondeterminism: string | undefined
  readonly seed: number
  readonly maxStall: Micros
}
