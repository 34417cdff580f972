/** An object a line: one for each test and each printed line, one at the end. */
import { jsonText } from '../../bytes/json-text.js'
import type { Reporter, Summary, TestResult } from '../result.js'
import type { ReporterOptions } from './details.js'

export class JsonReporter implements Reporter {
  constructor(readonly options: ReporterOptions) {}

  result(result: TestResult): void {
    this.options.write(jsonText({ type: 'test', ...result }))
  }

  printed(line: string): void {
    this.options.write(jsonText({ type: 'print', text: line }))
  }

  end(summary: Summary): void {
    this.options.write(jsonText({ type: 'end', ...summary }))
  }
}
