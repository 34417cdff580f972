/**
 * The nodes of a hash part whose keys are integers, as in Lua (ltable.c: a chained scatter table with Brent's variation). The node of each
 * key decides when the table grows, and so which border `#` returns if there are holes. Nodes contain places in the table's lists of keys
 * and values.
 */

const TWO_TO_64 = 2 ** 64

/** Up to this size, arrays are created faster than typed arrays. */
const SMALL = 16

type Numbers = number[] | Int32Array

const zeros = (size: number): Numbers => {
  if (size === 1) return [0]
  return size <= SMALL ? new Array<number>(size).fill(0) : new Int32Array(size)
}

export class Nodes {
  /** places, counted from 1; 0 for a node that was never used */
  #places: Numbers
  /** distance to the next node of the chain; 0 at its end */
  #next: Numbers
  /** all nodes from this one on have been used */
  #free: number

  /** @param size a power of two */
  constructor(readonly size: number) {
    this.#places = zeros(size)
    this.#next = zeros(size)
    this.#free = size
  }

  /** Returns the place of a key; -1 if it is not there. */
  find(keys: readonly unknown[], key: number): number {
    const places = this.#places
    const next = this.#next
    let node = this.#main(key)
    for (;;) {
      const place = places[node]! - 1
      if (place >= 0 && keys[place] === key) return place
      const distance = next[node]!
      if (distance === 0) return -1
      node += distance
    }
  }

  /**
   * Inserts the key at `place` (`luaH_newkey`): into its main node if that has no value, otherwise into a free node.
   *
   * @returns false if there is no free node
   */
  insert(keys: readonly unknown[], vals: readonly unknown[], place: number): boolean {
    const places = this.#places
    const next = this.#next
    const main = this.#main(keys[place] as number)
    const there = places[main]! - 1
    if (there < 0 || vals[there] === undefined) {
      places[main] = place + 1
      return true
    }
    const free = this.#nextFree()
    if (free < 0) return false
    let other = this.#main(keys[there] as number)
    if (other === main) {
      next[free] = next[main] === 0 ? 0 : main + next[main]! - free
      next[main] = free - main
      places[free] = place + 1
      return true
    }
    // the main node is used by another chain: its key is moved
    while (other + next[other]! !== main) other += next[other]!
    next[other] = free - other
    places[free] = there + 1
    next[free] = next[main] === 0 ? 0 : next[main]! + main - free
    next[main] = 0
    places[main] = place + 1
    return true
  }

  /** Returns the places of keys, in the order of the nodes. */
  used(): number[] {
    const used: number[] = []
    for (const place of this.#places) if (place > 0) used.push(place - 1)
    return used
  }

  /**
   * Inserts the keys into new nodes, in the order of the old ones.
   *
   * @param moved the new place of the key at each place, counted from 1; 0 for a removed key
   */
  insertInto(nodes: Nodes, keys: readonly unknown[], vals: readonly unknown[], moved: Int32Array): void {
    const places = this.#places
    for (let i = 0; i < places.length; i++) {
      const place = places[i]! - 1
      if (place >= 0 && moved[place]! > 0) nodes.insert(keys, vals, moved[place]! - 1)
    }
  }

  /** Updates the nodes for lists in which the key at each place was moved to `moved[place]`. */
  remap(moved: readonly number[]): void {
    const places = this.#places
    for (let i = 0; i < places.length; i++) if (places[i]! > 0) places[i] = moved[places[i]! - 1]! + 1
  }

  copy(): Nodes {
    const copy = new Nodes(this.size)
    copy.#places = this.#places.slice()
    copy.#next = this.#next.slice()
    copy.#free = this.#free
    return copy
  }

  #nextFree(): number {
    const places = this.#places
    while (this.#free > 0) if (places[--this.#free] === 0) return this.#free
    return -1
  }

  /** Returns the main node of a key (`hashint`): the key as an unsigned 64-bit integer modulo an odd number. */
  #main(key: number): number {
    const divisor = (this.size - 1) | 1
    if (key >= 0) return key % divisor
    return ((TWO_TO_64 % divisor) + (key % divisor) + divisor) % divisor
  }
}
