/**
 * JUnit XML for CI services: one suite per file, in execution order. `timestamp` and `time` are in real time, as readers expect; virtual
 * time is in the last occurrences of a failure.
 */
import { printable } from '../../bytes/printable.js'
import { fullName, type FileSummary, type Reporter, type TestSummary, type TestResult } from '../result.js'
import { detailsOf, indented, type ReporterOptions } from './details.js'

interface Suite extends FileSummary {
  readonly results: readonly TestResult[]
  readonly output: readonly string[]
}

export class JunitReporter implements Reporter {
  readonly #suites: Suite[] = []
  #results: TestResult[] = []
  #output: string[] = []

  constructor(readonly options: ReporterOptions) {}

  result(result: TestResult): void {
    this.#results.push(result)
  }

  printed(line: string): void {
    this.#output.push(line)
  }

  fileEnded(summary: FileSummary): void {
    this.#suites.push({ ...summary, results: this.#results, output: this.#output })
    this.#results = []
    this.#output = []
  }

  end({ duration }: TestSummary): void {
    const { write } = this.options
    const results = this.#suites.flatMap((suite) => suite.results)
    write('<?xml version="1.0" encoding="UTF-8"?>')
    write(`<testsuites name="hapsim test" ${counts(results, duration)}>`)
    this.#suites.forEach((suite, i) => {
      // lines printed after all files belong to no suite
      const output = i === this.#suites.length - 1 ? [...suite.output, ...this.#output] : suite.output
      this.#write({ ...suite, output })
    })
    write('</testsuites>')
  }

  #write({ file, seed, startedAt, duration, results, output }: Suite): void {
    const { write } = this.options
    const isRepeated = this.#suites.some((suite) => suite.file === file && suite.seed !== seed)
    const name = escapeXml(isRepeated ? `${file} (seed ${seed})` : file)
    write(`  <testsuite name="${name}" timestamp="${dateTime(startedAt)}" ${counts(results, duration)}>`)
    write(`    <properties><property name="seed" value="${seed}"/></properties>`)
    for (const result of results) write(indented(testCase(result, detailsOf(result, this.options)), '    '))
    if (output.length > 0) write(`    <system-out>${escapeXml(output.join('\n'))}</system-out>`)
    write('  </testsuite>')
  }
}

const counts = (results: readonly TestResult[], duration: number): string => {
  const count = (status: TestResult['status']) => results.filter((each) => each.status === status).length
  return `tests="${results.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('pending')}" time="${seconds(duration)}"`
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3)

/** In UTC without a zone, as JUnit's schema requires. */
const dateTime = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19)

const testCase = (result: TestResult, details: readonly string[]): string => {
  const { file, where, status, problem } = result
  const [, line] = /:(\d+)$/.exec(where ?? '') ?? []
  const place = `file="${escapeXml(file)}"${line === undefined ? '' : ` line="${line}"`}`
  const attributes = `classname="${escapeXml(file)}" name="${escapeXml(fullName(result))}" ${place} time="${seconds(result.duration)}"`
  if (status === 'passed') return `<testcase ${attributes}/>`
  const [first = ''] = (problem?.message ?? '').split('\n')
  if (status === 'pending')
    return `<testcase ${attributes}><skipped${problem && first !== 'pending' ? ` message="${escapeXml(first)}"` : ''}/></testcase>`
  const element = status === 'failed' ? 'failure' : 'error'
  return `<testcase ${attributes}><${element} message="${escapeXml(first)}">${escapeXml(details.join('\n'))}</${element}></testcase>`
}

const escapeXml = (text: string): string =>
  printable(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
