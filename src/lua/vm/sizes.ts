/** How Lua chooses the sizes of a table's two parts (ltable.c). */

/** The least power of two that is not less; 0 for 0. */
export const powerOfTwo = (n: number): number => (n <= 1 ? n : 2 ** (32 - Math.clz32(n - 1)))

/** Keys beyond are never in the array part. */
const MOST_BITS = 31
const MOST = 2 ** MOST_BITS

/** Counts positive integer keys by the power of two that they are within. */
export class KeyCounts {
  /** how many keys are in 2^(i - 1) + 1 … 2^i */
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

  /** Counts the integers among keys that have values. */
  addKeys(keys: readonly unknown[], values: readonly unknown[]): void {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]
      if (values[i] !== undefined && typeof key === 'number' && Number.isSafeInteger(key)) this.add(key)
    }
  }

  /** The greatest power of two of which more than half is used (`computesizes`), and how many keys are within. */
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

/** Between `i`, where there is a value, or 0, and `j`, where there is none: a border (`binsearch`). */
export const borderBetween = (i: number, j: number, has: (key: number) => boolean): number => {
  let [low, high] = [i, j]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (has(middle)) low = middle
    else high = middle
  }
  return low
}

/** A border above `first`, given a value at `first + 1` (`hash_search`). */
export const borderAbove = (first: number, has: (key: number) => boolean): number => {
  let present = Math.max(first, 1)
  while (Number.isSafeInteger(present * 2) && has(present * 2)) present *= 2
  return borderBetween(present, present * 2, has)
}
