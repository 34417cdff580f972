/** testkit: the Lua test runner. */
export { brokenFile, reportFile } from './file-report.js'
export { findTests, NoSuchPath, type FileNames } from './find.js'
export { findFocus, listTests, type FocusedFile } from './discovery.js'
export { planTurns, type FileTurn } from './plan.js'
export {
  GithubReporter,
  isFailure,
  makeReporter,
  Reporters,
  type ReporterName,
  type ReporterOptions,
} from './reporters/index.js'
export type { FileReport, FileSummary, Reporter, Summary, TestResult } from './result.js'
export { orphans } from './orphans.js'
export type { FileOptions, RunnerOptions } from './options.js'
export { Runner } from './runner.js'
export type { SnapshotMode } from './snapshot.js'
export { Tally, type RunSummary, type TallyOptions } from './tally.js'
