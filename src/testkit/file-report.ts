/** The results of a test file as data, sent from a child process to its parent. */
import { LuaCoverage } from '../lua/host/coverage.js'
import type { FileReport, FileSummary, TestResult } from './result.js'
import type { FileOptions, RunnerOptions } from './options.js'
import type { FileTurn } from './plan.js'
import { Runner } from './runner.js'

/** Runs a file, with coverage if requested. */
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

/** The report of a file whose process died. */
export const crashedFileReport = ({ file, seed }: FileTurn, message: string): FileReport => ({
  summary: { file, seed, startedAt: Date.now(), duration: 0 },
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
