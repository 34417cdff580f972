/** testkit: the Lua test runner. */
export { crashedFileReport, reportFile } from './file-report.js'
export { findTests, PathError, type FileNames } from './find.js'
export { findFocus, listTests, type FocusedFile } from './discovery.js'
export { planTurns, type FileTurn } from './plan.js'
export {
  GithubReporter,
  isFailure,
  makeReporter,
  CombinedReporter,
  type ReporterName,
  type ReporterOptions,
} from './reporters/index.js'
export type { FileReport, FileSummary, Reporter, TestSummary, TestResult } from './result.js'
export { orphanedSnapshots } from './orphaned-snapshots.js'
export type { FileOptions, RunnerOptions } from './options.js'
export { Runner } from './runner.js'
export type { SnapshotMode } from './snapshot.js'
export { Tally, type TestRunSummary, type TallyOptions } from './tally.js'
