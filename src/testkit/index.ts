/** testkit: the Lua test runner. */
export { findTests, NoSuchPath } from './find.js'
export { GithubReporter, makeReporter, ObservedReporter, type ReporterName } from './reporters.js'
export type { Reporter, Summary, TestResult } from './result.js'
export { Runner, type RunnerOptions } from './runner.js'
export type { SnapshotMode } from './snapshot.js'
