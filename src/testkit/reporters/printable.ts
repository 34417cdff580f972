/** Hands on text that a terminal only shows: names and messages are whatever tests and scripts make them. */
import { printable, printableRecord } from '../../bytes/printable.js'
import type { FileSummary, Reporter, Summary, TestResult } from '../result.js'

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

  end(summary: Summary): void {
    this.inner.end(summary)
  }
}
