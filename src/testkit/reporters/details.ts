/** What is said of a failure, for people and in the reports of programs. */
import { printable } from '../../bytes/printable.js'
import { describeCaller, describeFrame } from '../../report/failed-frame.js'
import type { TestResult } from '../result.js'

export interface ReporterOptions {
  /** writes a line, or several */
  readonly write: (text: string) => void
  readonly colours: boolean
  /** the command that shows a failure again: a schedule by its token, else the test with its seed; undefined: the usual one does */
  readonly replay: (result: TestResult) => string | undefined
  /** functions of a failure, from the innermost, whose variables are shown (default 1) */
  readonly locals?: number
}

export const isFailure = ({ status }: TestResult): boolean => status === 'failed' || status === 'error'

export const indented = (text: string, by: string): string => text.replace(/^(?=.)/gm, by)

/** Lines without colours or indentation. */
export const detailsOf = (result: TestResult, { replay, locals = 1 }: ReporterOptions): string[] => {
  const { problem, schedule, trace } = result
  if (problem === undefined) return []
  const again = replay(result)
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
    ...(again === undefined ? [] : [`To see it again: ${printable(again)}`]),
    ...(trace.length > 0 ? ['What happened last:', ...trace.map((line) => `  ${line}`)] : []),
  ]
}

/** The lines of a traceback that are the user's. */
const ownCalls = (trace = ''): string[] =>
  trace
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(stack traceback:|\[C\]|\[hapsim)/.test(line))
