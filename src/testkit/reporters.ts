/** How results are shown: names or dots for people, TAP, JUnit's XML and JSON for programs. */
import { Chalk, type ChalkInstance } from 'chalk'
import { printable, printableRecord } from '../bytes/printable.js'
import { jsonText } from '../bytes/json-text.js'
import { describeCaller, describeFrame } from '../report/failed-frame.js'
import { fullName, type Reporter, type Summary, type TestResult } from './result.js'

export type ReporterName = 'spec' | 'dot' | 'tap' | 'junit' | 'json'

export interface ReporterOptions {
  /** writes a line, or several */
  readonly write: (text: string) => void
  readonly colours: boolean
  /** the command that shows a schedule again */
  readonly replay: (token: string, file: string) => string
  /** functions of a failure, from the innermost, whose variables are shown (default 1) */
  readonly locals?: number
}

export const makeReporter = (name: ReporterName, options: ReporterOptions): Reporter => {
  switch (name) {
    case 'spec':
      return new PrintableReporter(new SpecReporter(options))
    case 'dot':
      return new PrintableReporter(new DotReporter(options))
    case 'tap':
      return new PrintableReporter(new TapReporter(options))
    case 'junit':
      return new JunitReporter(options)
    case 'json':
      return new JsonReporter(options)
  }
}

const indented = (text: string, by: string): string => text.replace(/^(?=.)/gm, by)

/** What is said of a failure, without colours or indentation. */
const detailsOf = (result: TestResult, { replay, locals = 1 }: ReporterOptions): string[] => {
  const { problem, schedule, trace } = result
  if (problem === undefined) return []
  const callers = problem.frames?.slice(1, locals) ?? []
  const calls = problem.kind === 'error' && callers.length === 0 ? ownCalls(problem.trace) : []
  return [
    `${problem.where ?? result.where ?? result.file}: ${problem.message}`,
    ...(problem.frames?.[0] && locals > 0 ? describeFrame(problem.frames[0]).map((line) => `  ${line}`) : []),
    ...callers.flatMap((frame) => describeCaller(frame)),
    ...(problem.scripts ?? []).flatMap(({ message, frames }) => [
      `Error in a script: ${message}`,
      ...frames.slice(0, locals).flatMap((frame) => describeFrame(frame).map((line) => `  ${line}`)),
    ]),
    ...(calls.length > 0 ? ['Called from:', ...calls.map((line) => `  ${line}`)] : []),
    ...(schedule && schedule.deviations.length > 0
      ? ['In this schedule:', ...schedule.deviations.map((line) => `  ${line}`)]
      : []),
    ...(schedule ? [`To see it again: ${replay(schedule.token, result.file)}`] : []),
    ...(trace.length > 0 ? ['What happened last:', ...trace.map((line) => `  ${line}`)] : []),
  ]
}

/** The lines of a traceback that are the user's. */
const ownCalls = (trace = ''): string[] =>
  trace
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(stack traceback:|\[C\]|\[hapsim)/.test(line))

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(milliseconds < 1000 ? 3 : 1)} s`

/** What both reporters for people end with. */
abstract class PeopleReporter implements Reporter {
  protected readonly colour: ChalkInstance
  readonly #failures: TestResult[] = []

  constructor(protected readonly options: ReporterOptions) {
    this.colour = new Chalk({ level: options.colours ? 1 : 0 })
  }

  result(result: TestResult): void {
    if (result.status === 'failed' || result.status === 'error') this.#failures.push(result)
    this.show(result)
  }

  protected abstract show(result: TestResult): void
  protected flush(): void {}

  printed(line: string): void {
    this.flush()
    this.options.write(line)
  }

  end(summary: Summary): void {
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
    write(`\n${parts.join(', ') || 'nothing was run'} ${dim(`(${seconds(summary.duration)})`)}`)
  }
}

const SLOW = 200

class SpecReporter extends PeopleReporter {
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

const WIDTH = 80

class DotReporter extends PeopleReporter {
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

/** The Test Anything Protocol, version 13. */
class TapReporter implements Reporter {
  #count = 0

  constructor(readonly options: ReporterOptions) {
    options.write('TAP version 13')
  }

  result(result: TestResult): void {
    const { write } = this.options
    const failed = result.status === 'failed' || result.status === 'error'
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

/** XML as JUnit writes it and CI systems read it. */
class JunitReporter implements Reporter {
  readonly #results: TestResult[] = []
  readonly #output: string[] = []

  constructor(readonly options: ReporterOptions) {}

  result(result: TestResult): void {
    this.#results.push(result)
  }

  printed(line: string): void {
    this.#output.push(line)
  }

  end({ duration, failed, errors, pending }: Summary): void {
    const { write } = this.options
    const counts = `tests="${this.#results.length}" failures="${failed}" errors="${errors}" skipped="${pending}" time="${(duration / 1000).toFixed(3)}"`
    write('<?xml version="1.0" encoding="UTF-8"?>')
    write(`<testsuites ${counts}>`)
    write(`  <testsuite name="hapsim test" ${counts}>`)
    for (const result of this.#results) write(indented(testCase(result, detailsOf(result, this.options)), '    '))
    if (this.#output.length > 0) write(`    <system-out>${escapeXml(this.#output.join('\n'))}</system-out>`)
    write('  </testsuite>\n</testsuites>')
  }
}

const testCase = (result: TestResult, details: readonly string[]): string => {
  const attributes = `classname="${escapeXml(result.file)}" name="${escapeXml(fullName(result))}" time="${(result.duration / 1000).toFixed(3)}"`
  if (result.status === 'passed') return `<testcase ${attributes}/>`
  if (result.status === 'pending') return `<testcase ${attributes}><skipped/></testcase>`
  const element = result.status === 'failed' ? 'failure' : 'error'
  const [first = ''] = (result.problem?.message ?? '').split('\n')
  return `<testcase ${attributes}><${element} message="${escapeXml(first)}">${escapeXml(details.join('\n'))}</${element}></testcase>`
}

const escapeXml = (text: string): string =>
  printable(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** An object a line: one for each test, one at the end. */
class JsonReporter implements Reporter {
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

/** Passes on text that a terminal only shows: names and messages are whatever tests and scripts make them. */
class PrintableReporter implements Reporter {
  constructor(readonly inner: Reporter) {}

  result(result: TestResult): void {
    this.inner.result(printableRecord(result))
  }

  printed(line: string): void {
    this.inner.printed(printable(line))
  }

  end(summary: Summary): void {
    this.inner.end(summary)
  }
}

/** A reporter that also tells which files have failures. */
export class ObservedReporter implements Reporter {
  constructor(
    readonly inner: Reporter,
    readonly failed: (file: string) => void,
  ) {}

  result(result: TestResult): void {
    this.inner.result(result)
    if (result.status === 'failed' || result.status === 'error') this.failed(result.file)
  }

  printed(line: string): void {
    this.inner.printed(line)
  }

  end(summary: Summary): void {
    this.inner.end(summary)
  }
}

/** A reporter that also tells GitHub's workflows where failures are, by commands in the log. */
export class GithubReporter implements Reporter {
  constructor(
    readonly inner: Reporter,
    readonly write: (text: string) => void,
  ) {}

  result(result: TestResult): void {
    this.inner.result(result)
    if (result.status !== 'failed' && result.status !== 'error') return
    const [, file = result.file, line = '1'] = /^(.*):(\d+)$/.exec(result.problem?.where ?? result.where ?? '') ?? []
    const property = (text: string) => workflowData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
    const place = `file=${property(file)},line=${line},title=${property(fullName(result))}`
    this.write(`::error ${place}::${workflowData(result.problem?.message ?? '')}`)
  }

  printed(line: string): void {
    this.inner.printed(line)
  }

  end(summary: Summary): void {
    this.inner.end(summary)
  }
}

/** As the commands of workflows want it. */
const workflowData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
