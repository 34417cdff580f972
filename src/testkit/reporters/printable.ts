/** Makes text printable before passing it on: names and messages are controlled by tests and scripts. */
import { printable, printableRecord } from '../../bytes/printable.js'
import type { FileSummary, Reporter, TestSummary, TestResult } from '../result.js'

export class PrintableReporter implements Reporter {
  constructor(readonly inner: Reporter) {}

  result(result: TestResult): void {
    this.inner.result(printableRecord(result))
  }

  printed(line: string): void {
    this.inner.printed(printable(line))
  }

  fileEnded(summary: FileSummary): void {
    this.inner.fileEnded?.(summary)
  }

  end(summary: TestSummary): void {
    this.inner.end(summary)
  }
}
