/** explore: finds the schedule that breaks a scenario, makes it small, and replays it. */
export { explain } from './explain.js'
export { explore, ExploreError, ReplayFailure, type ExploreCall } from './explore.js'
export { FAILURE_KINDS, FailureWatch, USUAL_FAILURES, type Failure, type FailureKind } from './failure.js'
export type { Outcome } from './outcome.js'
export { runOnce, type Run, type Scenario, type Seeds } from './run.js'
export { STRATEGIES, type ExploreOptions, type Progress, type StrategyName } from './options.js'
export type { ExploreReport, FailureGroup, OutcomeGroup } from './result.js'
export { Search } from './search.js'
export { decodeToken, encodeToken, TokenError, type Replay } from './token.js'
export {
  MergeError,
  mergeReports,
  reportData,
  showSchedules,
  type FailureData,
  type OutcomeData,
  type ReportData,
} from './report.js'
