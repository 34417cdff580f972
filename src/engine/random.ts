/**
 * Chance. Every random choice of a run comes from one seed; each part that needs chance draws from a stream of its own,
 * so that one draw more in a part does not change what another part gets.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { RunningHash } from './hash.js'

export class Random {
  readonly #generator: RandomGenerator

  /** @param seed any number; the same seed gives the same draws everywhere */
  constructor(readonly seed: number) {
    this.#generator = xoroshiro128plus(new RunningHash().number(seed).low)
  }

  /** An integer, uniform in 0 … 2^32-1. */
  uint32(): number {
    return this.#generator.next() >>> 0
  }

  /** An integer, uniform in `from` … `to`, both included. */
  integer(from: number, to: number): number {
    return uniformInt(this.#generator, from, to)
  }

  /** A number, uniform in [0, 1). */
  float(): number {
    return uniformFloat64(this.#generator)
  }

  /** The stream of the part called `name`: the same for the same seed and name, independent of the other streams. */
  stream(name: string): Random {
    return new Random(new RunningHash().number(this.seed).string(name).low)
  }
}
