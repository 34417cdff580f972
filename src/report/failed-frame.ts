/** A function of Lua that was under way when an error happened, as lines of text: the source with the line marked, and variables. */
import { printable } from '../bytes/printable.js'
import type { FailedFrame, Variable } from '../lua/host/failure.js'
import { wrap } from './wrap.js'

const LONGEST_LINE = 110

/**
 * Lines without indentation; none where nothing is known of it.
 *
 * @param columns what there is room for: the source is cut, values continue below
 */
export const describeFrame = ({ source, line, locals, upvalues }: FailedFrame, columns?: number): string[] => {
  const width = String(source.at(-1)?.line ?? 0).length
  const longest = columns === undefined ? LONGEST_LINE : Math.min(LONGEST_LINE, columns - width - '>  | …'.length)
  return [
    ...source.map((each) => {
      const text = cut(printable(each.text), longest)
      return `${each.line === line ? '>' : ' '} ${String(each.line).padStart(width)} | ${text}`.trimEnd()
    }),
    ...[...variables('local', locals), ...variables('upvalue', upvalues)].flatMap((each) => wrap(each, columns, '  ')),
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

const cut = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)
