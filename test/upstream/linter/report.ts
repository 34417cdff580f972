/** A report of all differences for engineers, grouped by the keyword of the line and the kind of message. */
import type { CheckResult } from './check.js'
import type { LinterCase } from './corpus.js'

/** A case and its two results. */
export interface Comparison {
  readonly each: LinterCase
  readonly real: CheckResult
  readonly ours: CheckResult
}

/** A message that only one of both has. */
interface Difference {
  readonly side: 'missing' | 'unexpected'
  readonly message: string
  /** the line that the message is about; empty if it names none */
  readonly line: string
  readonly comparison: Comparison
}

const MAX_EXAMPLES = 4

/** Renders the report. */
export const renderReport = (comparisons: readonly Comparison[]): string => {
  const codes = comparisons.filter(({ real, ours }) => real.code !== ours.code)
  const texts = comparisons.filter(({ real, ours }) => !sameTexts(real, ours))
  const reordered = texts.filter((each) => differences(each).length === 0)
  return [
    `${comparisons.length} configurations; exit codes differ in ${codes.length}, texts in ${texts.length}`,
    ...renderGroups(texts.flatMap(differences)),
    '',
    `== exit codes (real, ours)`,
    ...codes.map(
      ({ each, real, ours }) => `${each.name}: ${real.code}, ${ours.code}: ${(real.messages[0] ?? '').split('\n')[0]}`,
    ),
    '',
    `== same messages in another order`,
    ...reordered.map(({ each }) => each.name),
    '',
  ].join('\n')
}

/** Whether two results have the same messages in the same order. */
export const sameTexts = (real: CheckResult, ours: CheckResult): boolean =>
  real.messages.length === ours.messages.length && real.messages.every((each, index) => each === ours.messages[index])

const differences = (comparison: Comparison): Difference[] => {
  const { real, ours, each } = comparison
  const describe = (side: Difference['side'], messages: readonly string[], others: readonly string[]): Difference[] => {
    const rest = [...others]
    return messages.flatMap((message) => {
      const at = rest.indexOf(message)
      if (at < 0) return [{ side, message, line: lineOf(message, each.text), comparison }]
      rest.splice(at, 1)
      return []
    })
  }
  return [...describe('missing', real.messages, ours.messages), ...describe('unexpected', ours.messages, real.messages)]
}

/** The line of the configuration that a message is about. */
const lineOf = (message: string, text: string): string => {
  const number = /\.cfg:(\d+)\]/.exec(message)?.[1]
  return number === undefined ? '' : (text.split('\n')[Number(number) - 1] ?? '').trim()
}

/** The first word of a line; the first two if the first says little. */
const keywordOf = (line: string): string => {
  const [first = '', second = ''] = line.split(/\s+/)
  return /^(?:no|option|timeout|stats|stick|http-|tcp-)/.test(first) ? `${first} ${second}` : first
}

/** A message without names, numbers and locations. */
const kindOf = (message: string): string =>
  message
    .replace(/^(\w+: )(?:config : )?(?:parsing )?\[[^\]]*\.cfg:\d+\] ?: ?/, '$1')
    .split('\n')[0]!
    .replace(/'[^']*'/g, "'…'")
    .replace(/\d+/g, 'N')

const renderGroups = (all: readonly Difference[]): string[] => {
  const groups = groupBy(all, ({ line }) => keywordOf(line))
  // messages without a line, such as `Fatal errors found`, mostly result from others
  return [...groups.filter(([keyword]) => keyword !== ''), ...groups.filter(([keyword]) => keyword === '')].flatMap(
    ([keyword, members]) => [
      '',
      `== ${keyword === '' ? '(no line)' : keyword}: ${members.length}`,
      ...groupBy(members, ({ side, message }) => `${side} ${kindOf(message)}`).flatMap(([kind, alike]) => [
        `-- ${alike.length} ${kind}`,
        ...alike.slice(0, MAX_EXAMPLES).flatMap(renderExample),
      ]),
    ],
  )
}

const renderExample = ({ comparison, message, line }: Difference): string[] => [
  `     ${comparison.each.name}`,
  ...(comparison.each.mutation === undefined ? [] : [`       ${comparison.each.mutation}`]),
  ...(line === '' ? [] : [`       > ${line}`]),
  ...message.split('\n').map((text) => `       ${text}`),
]

/** Groups in descending order of size. */
const groupBy = <T>(all: readonly T[], keyOf: (each: T) => string): [string, T[]][] => {
  const groups = new Map<string, T[]>()
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each])
  return [...groups].sort(([, a], [, b]) => b.length - a.length)
}
