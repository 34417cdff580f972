/**
 * Random numbers. Every random choice of a run derives from one seed. Each component draws from its own stream, so that an
 * additional draw in one component does not change the values another gets.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { RunningHash } from './hash.js'

/** A seeded pseudo-random number generator (xoroshiro128+). */
export class Random {
  readonly #generator: RandomGenerator

  /** @param seed any number; the same seed gives the same sequence on every machine */
  constructor(readonly seed: number) {
    this.#generator = xoroshiro128plus(new RunningHash().number(seed).low)
  }

  /** A uniform integer in 0 … 2^32-1. */
  uint32(): number {
    return this.#generator.next() >>> 0
  }

  /** A uniform integer in `from` … `to`, inclusive. */
  integer(from: number, to: number): number {
    return uniformInt(this.#generator, from, to)
  }

  /** A uniform float in [0, 1). */
  float(): number {
    return uniformFloat64(this.#generator)
  }

  /** Derives a generator that depends only on this seed and `name`, independent of all other streams. */
  stream(name: string): Random {
    return new Random(new RunningHash().number(this.seed).string(name).low)
  }
}
