/** Counts what comes of tests, and tells the reporter. */
import type { FileReport, FileSummary, Reporter, Summary, TestResult } from './result.js'

export interface RunSummary extends Summary {
  /** how many tests there were, those included that were left out */
  readonly seen: number
}

export interface TallyOptions {
  readonly reporter: Reporter
  /** the host's clock, in milliseconds */
  readonly clock: () => number
  /** stop after the first failure */
  readonly bail?: boolean
  /** what is to be said when all files are through */
  readonly closing?: (() => readonly string[]) | undefined
}

export class Tally {
  /** whether no more files should be run */
  stopped = false
  readonly #began: number
  readonly #counts = { passed: 0, failed: 0, errors: 0, pending: 0 }
  #seen = 0

  constructor(readonly options: TallyOptions) {
    this.#began = options.clock()
  }

  saw(tests: number): void {
    this.#seen += tests
  }

  take(result: TestResult): void {
    this.#counts[result.status === 'error' ? 'errors' : result.status]++
    if (this.options.bail && (result.status === 'failed' || result.status === 'error')) this.stopped = true
    this.options.reporter.result(result)
  }

  fileEnded(summary: FileSummary): void {
    this.options.reporter.fileEnded?.(summary)
  }

  /** Takes in a file that was run elsewhere. */
  add({ entries, seen, summary }: FileReport): void {
    this.saw(seen)
    for (const entry of entries)
      if (typeof entry === 'string') this.options.reporter.printed(entry)
      else this.take(entry)
    this.fileEnded(summary)
  }

  /** Tells the reporter of the end. */
  end(): RunSummary {
    for (const line of this.options.closing?.() ?? []) this.options.reporter.printed(line)
    const summary = { ...this.#counts, duration: this.options.clock() - this.#began }
    this.options.reporter.end(summary)
    return { ...summary, seen: this.#seen }
  }
}
