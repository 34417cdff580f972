/** testkit: the Lua test runner. */
export { brokenFile, reportFile, type FileReport } from './file-report.js'
export { findTests, NoSuchPath } from './find.js'
export { GithubReporter, makeReporter, ObservedReporter, type ReporterName } from './reporters.js'
export type { Reporter, Summary, TestResult } from './result.js'
export { orphans } from './orphans.js'
export { Runner, type FileOptions, type RunnerOptions } from './runner.js'
export type { SnapshotMode } from './snapshot.js'
export { Tally, type RunSummary, type TallyOptions } from './tally.js'
