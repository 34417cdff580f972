/** Entries in the order of their keys; those with equal keys in the order of insertion, as in HAProxy's trees (ebtree). */

export interface Ordered {
  key: number
}

export class OrderedList<Entry extends Ordered> {
  readonly #entries: Entry[] = []

  get first(): Entry | undefined {
    return this.#entries[0]
  }

  /** Inserts an entry behind all with its key or a lower one. */
  insert(entry: Entry): void {
    const { key } = entry
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#entries[middle]!.key <= key) low = middle + 1
      else high = middle
    }
    this.#entries.splice(low, 0, entry)
  }

  /** Removes an entry, whose key must be the one it was inserted with. */
  remove(entry: Entry): void {
    const at = this.#entries[0] === entry ? 0 : this.#entries.indexOf(entry, this.#lowerBound(entry.key))
    if (at >= 0) this.#entries.splice(at, 1)
  }

  /** The place of the first entry with that key or a higher one. */
  #lowerBound(key: number): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#entries[middle]!.key < key) low = middle + 1
      else high = middle
    }
    return low
  }
}
