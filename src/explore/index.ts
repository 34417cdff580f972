/** explore: finds schedules that break a scenario, minimises and replays them. */
export { explain } from './explain.js'
export { explore, ExploreError, ReplayFailure, type ExploreCall } from './explore.js'
export { FAILURE_KINDS, FailureDetector, DEFAULT_FAILURE_KINDS, type Failure, type FailureKind } from './failure.js'
export type { Outcome } from './outcome.js'
export { runOnce, type RunResult, type Scenario, type Seeds } from './run.js'
export { STRATEGIES, type ExploreOptions, type SearchProgress, type StrategyName } from './options.js'
export type { ExploreReport, FailureGroup, OutcomeGroup } from './result.js'
export { Search } from './search.js'
export { decodeToken, encodeToken, TokenError, type Replay } from './token.js'
export {
  MergeError,
  mergeReports,
  reportData,
  describeSchedules,
  type FailureData,
  type OutcomeData,
  type ReportData,
} from './report.js'
