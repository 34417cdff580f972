/** Formats a Lua stack frame of an error: the source with the current line marked, and variables. */
import { printable } from '../bytes/printable.js'
import type { FailedFrame, Variable } from '../lua/host/failure.js'
import { wrapText } from './wrap.js'

const MAX_LINE = 110

/**
 * Formats a frame as lines without indentation; empty if nothing is known about it.
 *
 * @param columns the available width: source is truncated, values are wrapped
 */
export const describeFrame = ({ source, line, locals, upvalues }: FailedFrame, columns?: number): string[] => {
  const width = String(source.at(-1)?.line ?? 0).length
  const longest = columns === undefined ? MAX_LINE : Math.min(MAX_LINE, columns - width - '>  | …'.length)
  return [
    ...source.map((each) => {
      const text = truncate(printable(each.text), longest)
      return `${each.line === line ? '>' : ' '} ${String(each.line).padStart(width)} | ${text}`.trimEnd()
    }),
    ...[...variables('local', locals), ...variables('upvalue', upvalues)].flatMap((each) =>
      wrapText(each, columns, '  '),
    ),
  ]
}

/** Formats a caller: its location, the current line, and variables. */
export const describeCaller = (frame: FailedFrame): string[] => [
  `${frame.file}:${frame.line}:${frame.name === undefined ? '' : ` in ${frame.name}`}`,
  ...describeFrame({ ...frame, source: frame.source.filter(({ line }) => line === frame.line) }).map(
    (text) => `  ${text}`,
  ),
]

const variables = (kind: string, all: readonly Variable[]): string[] =>
  all.map(({ name, value }) => printable(`${kind} ${name} = ${value}`))

const truncate = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text
