/** What came of one test file, as data: the process that ran it sends it to the one that shows it. */
import { LuaCoverage, type ScriptCounts } from '../lua/host/coverage.js'
import type { TestResult } from './result.js'
import type { FileOptions, RunnerOptions } from './options.js'
import { Runner } from './runner.js'

export interface FileReport {
  readonly file: string
  /** results, and lines that were printed, in their order */
  readonly entries: readonly (TestResult | string)[]
  /** how many tests there were, those included that were left out */
  readonly seen: number
  /** what its scripts did, where that is counted */
  readonly coverage?: readonly ScriptCounts[]
}

/** Runs a file, and counts its coverage where that is asked for. */
export const reportFile = (
  file: string,
  options: FileOptions & Pick<RunnerOptions, 'clock' | 'exec'>,
  covered: boolean,
): FileReport => {
  const entries: (TestResult | string)[] = []
  const keep = (entry: TestResult | string) => void entries.push(entry)
  const reporter = { result: keep, printed: keep, end: () => {} }
  const coverage = covered ? new LuaCoverage() : undefined
  const { seen } = new Runner({ ...options, reporter, coverage }).run([file])
  return { file, entries, seen, ...(coverage && { coverage: coverage.scripts }) }
}

/** Of a file whose process ended before it was through. */
export const brokenFile = (file: string, message: string): FileReport => ({
  file,
  entries: [
    {
      file,
      names: [],
      where: undefined,
      status: 'error',
      duration: 0,
      problem: { kind: 'error', message },
      schedule: undefined,
      trace: [],
    },
  ],
  seen: 0,
})
