/** Counts results and passes them to the reporter. */
import type { FileReport, FileSummary, Reporter, TestSummary, TestResult } from './result.js'

export interface TestRunSummary extends TestSummary {
  /** number of tests, including those filtered out */
  readonly seen: number
}

export interface TallyOptions {
  readonly reporter: Reporter
  /** the host's clock in milliseconds */
  readonly clock: () => number
  /** stop after the first failure */
  readonly bail?: boolean
  /** lines to print after all files */
  readonly closingLines?: (() => readonly string[]) | undefined
}

export class Tally {
  /** whether no more files should be run */
  stopped = false
  readonly #startedAt: number
  readonly #counts = { passed: 0, failed: 0, errors: 0, pending: 0 }
  #seen = 0

  constructor(readonly options: TallyOptions) {
    this.#startedAt = options.clock()
  }

  countSeen(tests: number): void {
    this.#seen += tests
  }

  addResult(result: TestResult): void {
    this.#counts[result.status === 'error' ? 'errors' : result.status]++
    if (this.options.bail && (result.status === 'failed' || result.status === 'error')) this.stopped = true
    this.options.reporter.result(result)
  }

  fileEnded(summary: FileSummary): void {
    this.options.reporter.fileEnded?.(summary)
  }

  /** Adds the report of a file run in another process. */
  addReport({ entries, seen, summary }: FileReport): void {
    this.countSeen(seen)
    for (const entry of entries)
      if (typeof entry === 'string') this.options.reporter.printed(entry)
      else this.addResult(entry)
    this.fileEnded(summary)
  }

  /** Reports the end of the run. */
  end(): TestRunSummary {
    for (const line of this.options.closingLines?.() ?? []) this.options.reporter.printed(line)
    const summary = { ...this.#counts, duration: this.options.clock() - this.#startedAt }
    this.options.reporter.end(summary)
    return { ...summary, seen: this.#seen }
  }
}
