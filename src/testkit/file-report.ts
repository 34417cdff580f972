/** What came of one test file, as data: the process that ran it sends it to the one that shows it. */
import { LuaCoverage } from '../lua/host/coverage.js'
import type { FileReport, FileSummary, TestResult } from './result.js'
import type { FileOptions, RunnerOptions } from './options.js'
import type { FileTurn } from './plan.js'
import { Runner } from './runner.js'

/** Runs a file, and counts its coverage where that is asked for. */
export const reportFile = (
  turn: FileTurn,
  options: FileOptions & Pick<RunnerOptions, 'clock' | 'exec'>,
  covered: boolean,
): FileReport => {
  const entries: (TestResult | string)[] = []
  const keep = (entry: TestResult | string) => void entries.push(entry)
  let summary: FileSummary | undefined
  const reporter = { result: keep, printed: keep, fileEnded: (ended: FileSummary) => (summary = ended), end: () => {} }
  const coverage = covered ? new LuaCoverage() : undefined
  const { seen } = new Runner({ ...options, reporter, coverage }).run([turn])
  return { summary: summary!, entries, seen, ...(coverage && { coverage: coverage.scripts }) }
}

/** Of a file whose process ended before it was through. */
export const brokenFile = ({ file, seed }: FileTurn, message: string): FileReport => ({
  summary: { file, seed, began: Date.now(), duration: 0 },
  entries: [
    {
      file,
      seed,
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
