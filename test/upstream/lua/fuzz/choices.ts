/**
 * What a generator draws from: a sequence of numbers that is recorded as it is drawn, and can be replayed after numbers were taken out or
 * made smaller. Every such sequence gives a valid program, so programs are shrunk without knowledge of their grammar (as Hypothesis does
 * it: MacIver and Donaldson, "Test-Case Reduction via Test-Case Generation", 2020).
 */

/** Smaller numbers are to choose simpler things; past its end a replayed sequence gives 0. */
export class Choices {
  readonly made: number[] = []
  #at = 0
  #state: number

  private constructor(
    seed: number,
    readonly replayed: readonly number[] | undefined,
  ) {
    this.#state = seed
  }

  static random(seed: number): Choices {
    return new Choices(Math.imul(seed, 0x9e3779b1) >>> 0, undefined)
  }

  static replay(sequence: readonly number[]): Choices {
    return new Choices(0, sequence)
  }

  /** An integer of 0 to `count - 1`. */
  below(count: number): number {
    const raw = this.replayed ? (this.replayed[this.#at++] ?? 0) : this.#next()
    const chosen = raw % count
    this.made.push(chosen)
    return chosen
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!
  }

  /** True in one of `n` cases. */
  oneIn(n: number): boolean {
    return this.below(n) === n - 1
  }

  /** One of several generators; the weight is how often it stands for one. */
  oneOf<T>(from: readonly (readonly [weight: number, make: () => T])[]): T {
    let left = this.below(from.reduce((sum, [weight]) => sum + weight, 0))
    for (const [weight, make] of from) if ((left -= weight) < 0) return make()
    throw new Error('weights add up')
  }

  /** mulberry32 */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let x = this.#state
    x = Math.imul(x ^ (x >>> 15), x | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return (x ^ (x >>> 14)) >>> 0
  }
}

/** Sequences that are simpler than `made`, the simplest first: with a run taken out, or with a smaller number. */
const simpler = function* (made: readonly number[]): Generator<number[]> {
  for (let size = made.length >> 1; size >= 1; size >>= 1)
    for (let at = 0; at + size <= made.length; at += size) yield [...made.slice(0, at), ...made.slice(at + size)]
  for (let at = 0; at < made.length; at++) {
    const value = made[at]!
    if (value === 0) continue
    yield made.with(at, 0)
    if (value > 1) yield made.with(at, value >> 1)
    yield made.with(at, value - 1)
  }
}

/**
 * The smallest sequence found for which something still holds.
 *
 * @param find the index of the first candidate for which it holds, of some that are tried at a time; -1 for none
 * @param normal the sequence that a candidate comes to when a program is made of it
 * @param attempts batches of candidates to try at most
 */
export const shrink = (
  start: readonly number[],
  find: (candidates: readonly (readonly number[])[]) => number,
  normal: (candidate: readonly number[]) => readonly number[],
  attempts = 150,
): readonly number[] => {
  const BATCH = 40
  let best = start
  let left = attempts
  for (let improved = true; improved && left > 0;) {
    improved = false
    let batch: (readonly number[])[] = []
    const tryBatch = (): boolean => {
      left--
      const found = find(batch)
      const candidate = batch[found]
      batch = []
      if (!candidate) return false
      best = candidate
      return true
    }
    for (const candidate of simpler(best)) {
      const made = normal(candidate)
      if (isSmaller(made, best)) batch.push(made)
      if (batch.length === BATCH && (tryBatch() || left === 0)) {
        improved = left > 0
        break
      }
    }
    if (!improved && left > 0 && batch.length > 0) improved = tryBatch()
  }
  return best
}

const isSmaller = (a: readonly number[], b: readonly number[]): boolean => {
  if (a.length !== b.length) return a.length < b.length
  const at = a.findIndex((value, i) => value !== b[i])
  return at >= 0 && a[at]! < b[at]!
}
