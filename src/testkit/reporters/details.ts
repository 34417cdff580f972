/** The text of a failure in all reporters. */
import { printable } from '../../bytes/printable.js'
import { describeCaller, describeFrame } from '../../report/failed-frame.js'
import type { TestResult } from '../result.js'

export interface ReporterOptions {
  /** writes one or more lines */
  readonly write: (text: string) => void
  readonly colours: boolean
  /** the command that reproduces a failure, with its token or seed; undefined: the same command does */
  readonly replay: (result: TestResult) => string | undefined
  /** number of stack frames whose variables are shown (default: 1) */
  readonly locals?: number
}

/** Whether a test failed or raised an error. */
export const isFailure = ({ status }: TestResult): boolean => status === 'failed' || status === 'error'

/** Indents all lines that are not empty. */
export const indented = (text: string, by: string): string => text.replace(/^(?=.)/gm, by)

/** Lines without colours or indentation. */
export const detailsOf = (result: TestResult, { replay, locals = 1 }: ReporterOptions): string[] => {
  const { problem, schedule, trace } = result
  if (problem === undefined) return []
  const command = replay(result)
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
      ? ['Under this schedule:', ...schedule.deviations.map((line) => `  ${line}`)]
      : []),
    ...(command === undefined ? [] : [`To reproduce: ${printable(command)}`]),
    ...(trace.length > 0 ? ['Last occurrences:', ...trace.map((line) => `  ${line}`)] : []),
  ]
}

/** Lines of a traceback in user code. */
const ownCalls = (trace = ''): string[] =>
  trace
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(stack traceback:|\[C\]|\[hapsim)/.test(line))
