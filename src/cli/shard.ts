/** The flag `--shard I/N`: one part of a work that is spread over machines. */
import { InvalidArgumentError } from 'commander'

/** The `index`-th of `count` parts, from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

export const parseShard = (value: string): Shard => {
  const [, index = NaN, count = NaN] = (/^(\d+)\/(\d+)$/.exec(value) ?? []).map(Number)
  if (!(index >= 1 && index <= count)) throw new InvalidArgumentError('write I/N with I from 1 to N, as in 2/4')
  return { index, count }
}

export const shardName = ({ index, count }: Shard): string => `${index}/${count}`

/** Every `count`-th of all, so that neighbours, which often take alike long, are spread; without a shard, all of them. */
export const partOf = <T>(all: readonly T[], shard?: Shard): readonly T[] =>
  shard ? all.filter((_, place) => place % shard.count === shard.index - 1) : all
