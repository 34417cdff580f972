/** The Test Anything Protocol, version 13. */
import { fullName, type Reporter, type TestResult } from '../result.js'
import { detailsOf, indented, isFailure, type ReporterOptions } from './details.js'

export class TapReporter implements Reporter {
  #count = 0

  constructor(readonly options: ReporterOptions) {
    options.write('TAP version 13')
  }

  result(result: TestResult): void {
    const { write } = this.options
    const failed = isFailure(result)
    const name = fullName(result).replaceAll('#', '\\#').replace(/\s+/g, ' ')
    write(`${failed ? 'not ok' : 'ok'} ${++this.#count} - ${name}${result.status === 'pending' ? ' # SKIP' : ''}`)
    if (failed) write(indented(detailsOf(result, this.options).join('\n'), '# '))
  }

  printed(line: string): void {
    this.options.write(`# ${line}`)
  }

  end(): void {
    this.options.write(`1..${this.#count}`)
  }
}
