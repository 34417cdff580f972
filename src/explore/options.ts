/** What can be asked of a search. */
import type { FailureKind } from './failure.js'
import type { OutcomeOptions } from './outcome.js'

export const STRATEGIES = ['delay', 'random', 'pct'] as const
export type StrategyName = (typeof STRATEGIES)[number]

export interface ExploreOptions extends OutcomeOptions {
  /** how schedules are chosen (default `delay`) */
  readonly strategy?: StrategyName
  /** the most schedules that are run (default 1000) */
  readonly schedules?: number
  /** `delay`: the most deviations of a schedule (default 2); `pct`: how many ordering constraints a bug takes (default 3) */
  readonly depth?: number
  /** milliseconds of the host's time after which no more schedules are begun */
  readonly time?: number
  /** fixes all chance (default 1) */
  readonly seed?: number
  /** how long tasks may starve, in milliseconds (default 10) */
  readonly maxStall?: number
  /** what counts as a failure (default: all but `alert`) */
  readonly failures?: readonly FailureKind[]
  /** goes on after the first failure (default: no) */
  readonly all?: boolean
  /** what else than the order of tasks varies (default: all; latencies and the order of `pairs` only with random strategies) */
  readonly vary?: {
    readonly stalls?: boolean
    readonly latency?: boolean
    readonly deliveries?: boolean
    readonly pairs?: boolean
  }
  /** runs every schedule twice and compares trace hashes and what was runnable at each decision */
  readonly verifyDeterminism?: boolean
  /** which part of the schedules is run: the `index`-th of `count`, from 1 */
  readonly shard?: { readonly index: number; readonly count: number }
  /** the host's clock, in milliseconds (for `time` and progress) */
  readonly clock?: () => number
  readonly onProgress?: (progress: Progress) => void
}

export interface Progress {
  readonly schedules: number
  readonly failures: number
  readonly outcomes: number
  /** `delay`: the deviations of the schedules that are run now */
  readonly level: number | undefined
}
