/** Combines several reporters. */
import type { FileSummary, Reporter, TestSummary, TestResult } from '../result.js'

export class CombinedReporter implements Reporter {
  constructor(readonly reporters: readonly Reporter[]) {}

  result(result: TestResult): void {
    for (const each of this.reporters) each.result(result)
  }

  printed(line: string): void {
    for (const each of this.reporters) each.printed(line)
  }

  fileEnded(summary: FileSummary): void {
    for (const each of this.reporters) each.fileEnded?.(summary)
  }

  end(summary: TestSummary): void {
    for (const each of this.reporters) each.end(summary)
  }
}
