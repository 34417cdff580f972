/** The report files of a command: an HTML page, and a trace for viewers such as Perfetto. */
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { jsonText } from '../bytes/json-text.js'
import { printable } from '../bytes/printable.js'
import { chromeTrace } from '../report/chrome-trace.js'
import { htmlReport } from '../report/html.js'
import type { RunReport } from '../report/report.js'
import { fsErrorText } from '../disk/directory.js'
import { UsageError, type Terminal } from './terminal.js'

export interface ReportOptions {
  readonly report?: string
  readonly trace?: string
  readonly json?: true
}

/** Adds `--report` and `--trace`. */
export const addReportOptions = (command: Command): Command =>
  command
    .option('--report <file>', 'write an HTML page with a timeline of the run')
    .option('--trace <file>', 'write a trace for Perfetto or speedscope')

/** Whether a report was requested, and so a timeline is needed. */
export const wantsReports = ({ report, trace }: ReportOptions): boolean => report !== undefined || trace !== undefined

/**
 * Writes the requested files and prints their names. The trace is that of the last run. Throws a {@link UsageError} if a file cannot be
 * written.
 */
export const writeReports = (options: ReportOptions, report: RunReport, terminal: Terminal): void => {
  const last = report.runs.at(-1)
  const put = (file: string, content: string): void => {
    write(file, content)
    if (!options.json) terminal.write(`wrote ${printable(file)}`)
  }
  if (options.report !== undefined) put(options.report, htmlReport(report))
  if (options.trace !== undefined && last) put(options.trace, jsonText(chromeTrace(last.timeline)))
}

const write = (file: string, content: string): void => {
  try {
    writeFileSync(file, content)
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${fsErrorText(error)}`)
  }
}
