/** explore: finds the schedule that breaks a scenario, makes it small, and replays it. */
export { explain } from './explain.js'
export { explore, ExploreError, type ExploreCall } from './explore.js'
export { FAILURE_KINDS, type Failure, type FailureKind } from './failure.js'
export type { Outcome } from './outcome.js'
export { runOnce, type Run, type Scenario, type Seeds } from './run.js'
export {
  Search,
  STRATEGIES,
  type ExploreOptions,
  type ExploreReport,
  type Progress,
  type FailureGroup,
  type OutcomeGroup,
  type StrategyName,
} from './search.js'
export { decodeToken, encodeToken, TokenError, type Replay } from './token.js'
export { MergeError, mergeReports, reportData, type FailureData, type OutcomeData, type ReportData } from './report.js'
