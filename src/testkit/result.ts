/** Results of tests. */
import type { ScriptCounts } from '../lua/host/coverage.js'
import type { Problem } from './problem.js'

export type TestStatus = 'passed' | 'failed' | 'error' | 'pending'

export interface TestResult {
  readonly file: string
  /** the seed of the file's run */
  readonly seed: number
  /** from the outermost `describe` to the test; empty for the file itself */
  readonly names: readonly string[]
  /** `file.lua:12` of the test */
  readonly where: string | undefined
  readonly status: TestStatus
  /** in milliseconds of real time */
  readonly duration: number
  readonly problem: Problem | undefined
  /** for failures under a particular schedule: its deviations, one line each, and a token to replay it */
  readonly schedule: { readonly token: string; readonly deviations: readonly string[] } | undefined
  /** the last occurrences in the test's simulations */
  readonly trace: readonly string[]
}

export interface TestSummary {
  readonly passed: number
  readonly failed: number
  readonly errors: number
  readonly pending: number
  /** in milliseconds of real time */
  readonly duration: number
}

/** One run of a file. */
export interface FileSummary {
  readonly file: string
  readonly seed: number
  /** start in milliseconds since the epoch */
  readonly startedAt: number
  /** in milliseconds of real time */
  readonly duration: number
}

/** The names of a test joined, or its file. */
export const fullName = (result: Pick<TestResult, 'names' | 'file'>): string => result.names.join(' ') || result.file

/** Receives results as tests end. */
export interface Reporter {
  result(result: TestResult): void
  /** a line printed by a test */
  printed(line: string): void
  /** called after the results of a file */
  fileEnded?(summary: FileSummary): void
  end(summary: TestSummary): void
}

/** The results of a test file as data, sent from a child process to its parent. */
export interface FileReport {
  readonly summary: FileSummary
  /** results and printed lines in order */
  readonly entries: readonly (TestResult | string)[]
  /** number of tests, including those filtered out */
  readonly seen: number
  /** coverage of scripts, if requested */
  readonly coverage?: readonly ScriptCounts[]
}
