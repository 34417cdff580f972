/** The files that a command writes for people to look at: a page, and a trace for viewers such as Perfetto. */
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { jsonText } from '../bytes/json-text.js'
import { chromeTrace } from '../report/chrome-trace.js'
import { htmlReport, type Report } from '../report/html.js'
import { diskProblem } from '../disk/folder.js'
import { WrongCall } from './terminal.js'

export interface ReportOptions {
  readonly report?: string
  readonly trace?: string
}

/** Gives a command the flags `--report` and `--trace`. */
export const addReports = (command: Command): Command =>
  command
    .option('--report <file>', 'write a page (HTML) that shows what happened over time')
    .option('--trace <file>', 'write the same for trace viewers (Perfetto, speedscope)')

/** Whether a file was asked for: only then is a timeline needed. */
export const wantsReports = ({ report, trace }: ReportOptions): boolean => report !== undefined || trace !== undefined

/**
 * Writes the files that were asked for; the trace is that of the last run. Throws a {@link WrongCall} for a file that cannot
 * be written.
 */
export const writeReports = (options: ReportOptions, report: Report): void => {
  const last = report.runs.at(-1)
  if (options.report !== undefined) write(options.report, htmlReport(report))
  if (options.trace !== undefined && last) write(options.trace, jsonText(chromeTrace(last.timeline)))
}

const write = (file: string, content: string): void => {
  try {
    writeFileSync(file, content)
  } catch (error) {
    throw new WrongCall(`cannot write ${file}: ${diskProblem(error)}`)
  }
}
