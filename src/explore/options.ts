/** Options of a search. */
import type { FailureKind } from './failure.js'
import type { OutcomeOptions } from './outcome.js'

export const STRATEGIES = ['delay', 'random', 'pct'] as const
export type StrategyName = (typeof STRATEGIES)[number]

export interface ExploreOptions extends OutcomeOptions {
  /** how schedules are generated (default: `delay`) */
  readonly strategy?: StrategyName
  /** maximum number of schedules (default: 1000) */
  readonly schedules?: number
  /** `delay`: maximum deviations of a schedule (default: 2); `pct`: bug depth, the number of ordering constraints (default: 3) */
  readonly depth?: number
  /** time limit in milliseconds of the host's clock; no schedule is started later */
  readonly time?: number
  /** seeds all randomness (default: 1) */
  readonly seed?: number
  /** maximum time a runnable task is stalled, in milliseconds (default: 10) */
  readonly maxStall?: number
  /** what is treated as a failure (default: all but `alert`) */
  readonly failures?: readonly FailureKind[]
  /** continue after the first failure (default: no) */
  readonly all?: boolean
  /** what varies besides the order of tasks (default: all; latencies and the order of `pairs` only with random strategies) */
  readonly vary?: {
    readonly stalls?: boolean
    readonly latency?: boolean
    readonly deliveries?: boolean
    readonly pairs?: boolean
  }
  /** run every schedule twice and compare trace hashes and decisions */
  readonly verifyDeterminism?: boolean
  /** run only shard `index` of `count`, counted from 1 */
  readonly shard?: { readonly index: number; readonly count: number }
  /** the host's clock in milliseconds, for `time` and progress */
  readonly clock?: () => number
  readonly onProgress?: (progress: SearchProgress) => void
}

/** The progress of a search. */
export interface SearchProgress {
  readonly schedules: number
  readonly failures: number
  readonly outcomes: number
  /** `delay`: the number of deviations of the current schedules */
  readonly level: number | undefined
}
