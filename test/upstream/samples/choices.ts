/** Seeded choices for generators. */
import { Random } from '../../../src/engine/random.js'

export class Choices {
  readonly #random: Random

  constructor(seed: number) {
    this.#random = new Random(seed)
  }

  /** An integer, both ends included. */
  integer(from: number, to: number): number {
    return this.#random.integer(from, to)
  }

  of<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)]!
  }

  /** True `share` times out of 100. */
  percent(share: number): boolean {
    return this.integer(1, 100) <= share
  }

  /** Between `from` and `to` items. */
  many<T>(from: number, to: number, make: () => T): T[] {
    return Array.from({ length: this.integer(from, to) }, make)
  }

  /** Random bytes as a byte string. */
  bytes(from: number, to: number): string {
    return this.many(from, to, () => String.fromCharCode(this.integer(0, 255))).join('')
  }
}
