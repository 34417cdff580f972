/** Compares two runs: the first difference, and the items that only one of them has. Times, durations and dates are ignored. */
import type { Item, Timeline } from './timeline.js'

/** Indexes into `items` of both timelines. */
export interface Difference {
  /** the first differing item, or the end of one run; undefined: no difference */
  readonly first: { readonly left: number | undefined; readonly right: number | undefined } | undefined
  /** visible items (events, logs, mails …) of one run only */
  readonly onlyLeft: readonly number[]
  readonly onlyRight: readonly number[]
  /** names of tasks that ran in one run only */
  readonly tasksOnlyLeft: readonly string[]
  readonly tasksOnlyRight: readonly string[]
}

/** Compares two timelines. */
export const compareTimelines = (left: Timeline, right: Timeline): Difference => {
  const [ofLeft, ofRight] = [comparable(left), comparable(right)]
  return {
    first: firstDifference(ofLeft, ofRight),
    onlyLeft: without(visible(left, ofLeft), visible(right, ofRight)),
    onlyRight: without(visible(right, ofRight), visible(left, ofLeft)),
    tasksOnlyLeft: namesOnlyIn(tasksOf(left), tasksOf(right)),
    tasksOnlyRight: namesOnlyIn(tasksOf(right), tasksOf(left)),
  }
}

interface Comparable {
  readonly index: number
  readonly key: string
}

/** Items caused by the program, without the delays added by the strategy. */
const comparable = (timeline: Timeline): Comparable[] =>
  timeline.items.flatMap((item, index) => (item.kind === 'held' ? [] : [{ index, key: comparisonKey(timeline, item) }]))

const firstDifference = (left: readonly Comparable[], right: readonly Comparable[]): Difference['first'] => {
  let i = 0
  while (i < left.length && i < right.length && left[i]!.key === right[i]!.key) i++
  return i === left.length && i === right.length ? undefined : { left: left[i]?.index, right: right[i]?.index }
}

const INTERNAL_KINDS: ReadonlySet<Item['kind']> = new Set(['step', 'connection', 'held'])

const visible = ({ items }: Timeline, all: readonly Comparable[]): Comparable[] =>
  all.filter(({ index }) => !INTERNAL_KINDS.has(items[index]!.kind))

/** The multiset difference of `some` and `others`; surplus items are the last ones. */
const without = (some: readonly Comparable[], others: readonly Comparable[]): number[] => {
  const left = new Map<string, number>()
  for (const { key } of others) left.set(key, (left.get(key) ?? 0) + 1)
  return some.flatMap(({ index, key }) => {
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count > 0 ? [] : [index]
  })
}

const tasksOf = ({ lanes }: Timeline): string[] => lanes.filter(({ kind }) => kind === 'task').map(({ name }) => name)

const namesOnlyIn = (some: readonly string[], others: readonly string[]): string[] => {
  const known = new Set(others)
  return some.filter((each) => !known.has(each))
}

const comparisonKey = ({ lanes }: Timeline, item: Item): string => {
  const { process, name } = lanes[item.lane]!
  return `${item.kind}\n${process}\n${name}\n${withoutTimes(item.text)}`
}

const withoutTimes = (text: string): string =>
  text
    .replace(/-?\d+(?:\.\d+)? ?(?:ms|µs|us|s)\b/g, '…')
    .replace(/\b\w{3}, \d{1,2} \w{3} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}/g, '…')
