/** The files that a command writes for people to look at: a page, and a trace for viewers such as Perfetto. */
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { jsonText } from '../bytes/json-text.js'
import { printable } from '../bytes/printable.js'
import { chromeTrace } from '../report/chrome-trace.js'
import { htmlReport } from '../report/html.js'
import type { Report } from '../report/report.js'
import { diskProblem } from '../disk/folder.js'
import { WrongCall, type Terminal } from './terminal.js'

export interface ReportOptions {
  readonly report?: string
  readonly trace?: string
  readonly json?: true
}

/** Gives a command the flags `--report` and `--trace`. */
export const addReports = (command: Command): Command =>
  command
    .option('--report <file>', 'write a page (HTML) that shows what happened over time')
    .option('--trace <file>', 'write the same for trace viewers (Perfetto, speedscope)')

/** Whether a file was asked for: only then is a timeline needed. */
export const wantsReports = ({ report, trace }: ReportOptions): boolean => report !== undefined || trace !== undefined

/**
 * Writes the files that were asked for, and says so to people; the trace is that of the last run. Throws a {@link WrongCall} for a
 * file that cannot be written.
 */
export const writeReports = (options: ReportOptions, report: Report, terminal: Terminal): void => {
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
    throw new WrongCall(`cannot write ${file}: ${diskProblem(error)}`)
  }
}
