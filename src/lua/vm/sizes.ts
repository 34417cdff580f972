/** The sizes of a table's two parts (ltable.c). */

/** Returns the smallest power of two that is not less than n; 0 for 0. */
export const powerOfTwo = (n: number): number => (n <= 1 ? n : 2 ** (32 - Math.clz32(n - 1)))

/** Larger keys are never in the array part. */
const MOST_BITS = 31
const MOST = 2 ** MOST_BITS

/** Counts positive integer keys by powers of two. */
export class KeyCounts {
  /** number of keys in 2^(i - 1) + 1 … 2^i */
  readonly #slices = new Array<number>(MOST_BITS + 1).fill(0)
  #all = 0

  add(key: number): void {
    if (!(key > 0 && key <= MOST)) return
    this.#slices[32 - Math.clz32(key - 1)]!++
    this.#all++
  }

  /** Counts the elements of an array that starts at 1. Returns their number. */
  addArray(values: readonly unknown[]): number {
    const before = this.#all
    for (let i = 0, start = 0; start < values.length; i++) {
      const end = Math.min(2 ** i, values.length)
      let count = 0
      for (let j = start; j < end; j++) if (values[j] !== undefined) count++
      this.#slices[i]! += count
      this.#all += count
      start = 2 ** i
    }
    return this.#all - before
  }

  /** Counts the integer keys that have values. */
  addKeys(keys: readonly unknown[], values: readonly unknown[]): void {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]
      if (values[i] !== undefined && typeof key === 'number' && Number.isSafeInteger(key)) this.add(key)
    }
  }

  /** Returns the largest power of two of which more than half is used (`computesizes`), and the number of keys within it. */
  best(): { readonly size: number; readonly within: number } {
    let size = 0
    let within = 0
    let sum = 0
    for (let i = 0; i <= MOST_BITS && this.#all > 2 ** i / 2; i++) {
      sum += this.#slices[i]!
      if (sum > 2 ** i / 2) {
        size = 2 ** i
        within = sum
      }
    }
    return { size, within }
  }
}

/** Returns a border between `i`, which has a value or is 0, and `j`, which has none (`binsearch`). */
export const borderBetween = (i: number, j: number, has: (key: number) => boolean): number => {
  let [low, high] = [i, j]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (has(middle)) low = middle
    else high = middle
  }
  return low
}

/** Returns a border above `first`, if `first + 1` has a value (`hash_search`). */
export const borderAbove = (first: number, has: (key: number) => boolean): number => {
  let present = Math.max(first, 1)
  while (Number.isSafeInteger(present * 2) && has(present * 2)) present *= 2
  return borderBetween(present, present * 2, has)
}
