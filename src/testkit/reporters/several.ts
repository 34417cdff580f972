/** Several reporters at once. */
import type { FileSummary, Reporter, Summary, TestResult } from '../result.js'

export class Reporters implements Reporter {
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

  end(summary: Summary): void {
    for (const each of this.reporters) each.end(summary)
  }
}
