/** Reporters for terminals: names or dots, then failures and a summary. */
import { Chalk, type ChalkInstance } from 'chalk'
import { fullName, type Reporter, type TestSummary, type TestResult } from '../result.js'
import { detailsOf, indented, isFailure, type ReporterOptions } from './details.js'

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(milliseconds < 1000 ? 3 : 1)} s`

/** The common end of terminal reporters. */
abstract class TerminalReporter implements Reporter {
  protected readonly colour: ChalkInstance
  readonly #failures: TestResult[] = []

  constructor(protected readonly options: ReporterOptions) {
    this.colour = new Chalk({ level: options.colours ? 1 : 0 })
  }

  result(result: TestResult): void {
    if (isFailure(result)) this.#failures.push(result)
    this.show(result)
  }

  protected abstract show(result: TestResult): void
  protected flush(): void {}

  printed(line: string): void {
    this.flush()
    this.options.write(line)
  }

  end(summary: TestSummary): void {
    this.flush()
    const { write } = this.options
    const { red, bold, green, yellow, dim } = this.colour
    this.#failures.forEach((result, i) => {
      const [first, ...rest] = detailsOf(result, this.options)
      write(`\n${red(`${i + 1}) ${result.status === 'error' ? 'Error' : 'Failure'}`)} ${bold(fullName(result))}`)
      write(indented([first, ...rest].join('\n'), '   '))
    })
    const part = (count: number, what: string, paint: (text: string) => string): string[] =>
      count > 0 ? [paint(`${count} ${what}`)] : []
    const parts = [
      ...part(summary.passed, 'passed', green),
      ...part(summary.failed, 'failed', red),
      ...part(summary.errors, summary.errors === 1 ? 'error' : 'errors', red),
      ...part(summary.pending, 'pending', yellow),
    ]
    write(`\n${parts.join(', ') || 'no tests were run'} ${dim(`(${seconds(summary.duration)})`)}`)
  }
}

const SLOW = 200

export class SpecReporter extends TerminalReporter {
  #file: string | undefined
  #names: readonly string[] = []

  protected show(result: TestResult): void {
    const { write } = this.options
    const { green, red, yellow, dim, bold } = this.colour
    if (result.file !== this.#file) {
      write(`${this.#file === undefined ? '' : '\n'}${bold(result.file)}`)
      this.#file = result.file
      this.#names = []
    }
    const blocks = result.names.slice(0, -1)
    blocks.forEach((name, depth) => {
      if (blocks.slice(0, depth + 1).some((each, i) => each !== this.#names[i]))
        write(`${'  '.repeat(depth + 1)}${name}`)
    })
    this.#names = blocks
    const signs = { passed: green('✓'), failed: red('✗'), error: red('✗'), pending: yellow('-') }
    const time = result.duration >= SLOW ? dim(` (${seconds(result.duration)})`) : ''
    const name = result.names.at(-1) ?? result.file
    const why =
      result.status === 'pending' && result.problem && result.problem.message !== 'pending'
        ? dim(`: ${result.problem.message}`)
        : ''
    write(`${'  '.repeat(blocks.length + 1)}${signs[result.status]} ${name}${why}${time}`)
  }
}

/** Only failures and the summary. */
export class FailuresReporter extends TerminalReporter {
  protected show(): void {}
}

const WIDTH = 80

export class DotReporter extends TerminalReporter {
  #line = ''

  protected show({ status }: TestResult): void {
    this.#line += { passed: '.', failed: 'F', error: 'E', pending: 'P' }[status]
    if (this.#line.length >= WIDTH) this.flush()
  }

  protected override flush(): void {
    if (this.#line !== '') this.options.write(this.#line)
    this.#line = ''
  }
}
