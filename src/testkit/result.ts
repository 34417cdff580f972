/** What came of tests. */
import type { ScriptCounts } from '../lua/host/coverage.js'
import type { Problem } from './problem.js'

export type Status = 'passed' | 'failed' | 'error' | 'pending'

export interface TestResult {
  readonly file: string
  /** of the run of its file */
  readonly seed: number
  /** from the outermost `describe` to the test; empty for the file itself */
  readonly names: readonly string[]
  /** `file.lua:12` of the test */
  readonly where: string | undefined
  readonly status: Status
  /** milliseconds of the host */
  readonly duration: number
  readonly problem: Problem | undefined
  /** of a failure that only some schedules show: what they do, a line each, and the token to see it again */
  readonly schedule: { readonly token: string; readonly deviations: readonly string[] } | undefined
  /** the last things that happened in the test's simulations */
  readonly trace: readonly string[]
}

export interface Summary {
  readonly passed: number
  readonly failed: number
  readonly errors: number
  readonly pending: number
  /** milliseconds of the host */
  readonly duration: number
}

/** One run of a file. */
export interface FileSummary {
  readonly file: string
  readonly seed: number
  /** when it began on the host, in milliseconds since 1970 */
  readonly began: number
  /** milliseconds of the host */
  readonly duration: number
}

export const fullName = (result: Pick<TestResult, 'names' | 'file'>): string => result.names.join(' ') || result.file

/** Told of tests as they end. */
export interface Reporter {
  result(result: TestResult): void
  /** a line that a test printed */
  printed(line: string): void
  /** told when a file is through, after its results */
  fileEnded?(summary: FileSummary): void
  end(summary: Summary): void
}

/** The results of one test file as data, which a process can send to another one. */
export interface FileReport {
  readonly summary: FileSummary
  /** results and printed lines, in order */
  readonly entries: readonly (TestResult | string)[]
  /** the number of tests, including those that were not selected */
  readonly seen: number
  /** coverage of its scripts, if it was measured */
  readonly coverage?: readonly ScriptCounts[]
}
