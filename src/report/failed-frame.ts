/** A function of Lua that was under way when an error happened, as lines of text: the source with the line marked, and variables. */
import { printable } from '../bytes/printable.js'
import type { FailedFrame, Variable } from '../lua/host/failure.js'

const LONGEST_LINE = 110

/** Lines without indentation; none where nothing is known of it. */
export const describeFrame = ({ source, line, locals, upvalues }: FailedFrame): string[] => {
  const width = String(source.at(-1)?.line ?? 0).length
  return [
    ...source.map((each) =>
      `${each.line === line ? '>' : ' '} ${String(each.line).padStart(width)} | ${cut(printable(each.text))}`.trimEnd(),
    ),
    ...variables('local', locals),
    ...variables('upvalue', upvalues),
  ]
}

/** The line that ran, and who called whom, for the frames around the first. */
export const describeCaller = (frame: FailedFrame): string[] => [
  `${frame.file}:${frame.line}:${frame.name === undefined ? '' : ` in ${frame.name}`}`,
  ...describeFrame({ ...frame, source: frame.source.filter(({ line }) => line === frame.line) }).map(
    (text) => `  ${text}`,
  ),
]

const variables = (kind: string, all: readonly Variable[]): string[] =>
  all.map(({ name, value }) => printable(`${kind} ${name} = ${value}`))

const cut = (text: string): string => (text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text)
