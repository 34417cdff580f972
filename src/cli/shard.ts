/** The `--shard I/N` option: one part of work distributed over machines. */
import { InvalidArgumentError } from 'commander'

/** Part `index` of `count`, counted from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** Parses `I/N`. */
export const parseShard = (value: string): Shard => {
  const [, index = NaN, count = NaN] = (/^(\d+)\/(\d+)$/.exec(value) ?? []).map(Number)
  if (!(index >= 1 && index <= count)) throw new InvalidArgumentError('expected I/N with I from 1 to N, such as 2/4')
  return { index, count }
}

/** Formats a shard as `I/N`. */
export const shardName = ({ index, count }: Shard): string => `${index}/${count}`

/** Every `count`-th item, so that neighbours, which often take equally long, are spread; all items without a shard. */
export const shardOf = <T>(all: readonly T[], shard?: Shard): readonly T[] =>
  shard ? all.filter((_, place) => place % shard.count === shard.index - 1) : all
