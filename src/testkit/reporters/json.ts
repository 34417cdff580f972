/** JSON lines: one object for each test and each printed line, and a summary. */
import { jsonText } from '../../bytes/json-text.js'
import type { Reporter, TestSummary, TestResult } from '../result.js'
import type { ReporterOptions } from './details.js'

export class JsonReporter implements Reporter {
  constructor(readonly options: ReporterOptions) {}

  result(result: TestResult): void {
    this.options.write(jsonText({ type: 'test', ...result }))
  }

  printed(line: string): void {
    this.options.write(jsonText({ type: 'print', text: line }))
  }

  end(summary: TestSummary): void {
    this.options.write(jsonText({ type: 'end', ...summary }))
  }
}
