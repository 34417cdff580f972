/**
 * The hash part of a table with integer keys, node by node as Lua has it (ltable.c: a chained scatter table with Brent's variation).
 * Which key is in which node decides when the table grows, and so what `#` gives where the values have holes. Nodes hold places
 * in the table's lists of keys and values.
 */

const TWO_TO_64 = 2 ** 64

export class Nodes {
  /** places from 1; 0 for a node that has never been used */
  readonly #places: Int32Array
  /** how far it is to the next node of the chain; 0 at its end */
  readonly #next: Int32Array
  /** all nodes from here on have been used */
  #free: number

  /** @param size a power of two */
  constructor(readonly size: number) {
    this.#places = new Int32Array(size)
    this.#next = new Int32Array(size)
    this.#free = size
  }

  /** The place of a key; -1 if it is not there. */
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
   * Puts what is at `place` into a node (`luaH_newkey`): its own, if that has no value, else a free one.
   *
   * @returns whether there was one
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
    // the node is in the way of another chain: it moves
    while (other + next[other]! !== main) other += next[other]!
    next[other] = free - other
    places[free] = there + 1
    next[free] = next[main] === 0 ? 0 : next[main]! + main - free
    next[main] = 0
    places[main] = place + 1
    return true
  }

  /** The places of keys, in the order of the nodes. */
  used(): number[] {
    const used: number[] = []
    for (const place of this.#places) if (place > 0) used.push(place - 1)
    return used
  }

  /**
   * Inserts the keys into new nodes, in the order of these.
   *
   * @param moved where in the lists what was at a place is now, from 1; 0 for what is not there any more
   */
  insertInto(nodes: Nodes, keys: readonly unknown[], vals: readonly unknown[], moved: Int32Array): void {
    const places = this.#places
    for (let i = 0; i < places.length; i++) {
      const place = places[i]! - 1
      if (place >= 0 && moved[place]! > 0) nodes.insert(keys, vals, moved[place]! - 1)
    }
  }

  /** The same nodes for lists in which what was at a place is at `moved[place]`. */
  remap(moved: readonly number[]): void {
    const places = this.#places
    for (let i = 0; i < places.length; i++) if (places[i]! > 0) places[i] = moved[places[i]! - 1]! + 1
  }

  copy(): Nodes {
    const copy = new Nodes(this.size)
    copy.#places.set(this.#places)
    copy.#next.set(this.#next)
    copy.#free = this.#free
    return copy
  }

  #nextFree(): number {
    const places = this.#places
    while (this.#free > 0) if (places[--this.#free] === 0) return this.#free
    return -1
  }

  /** `hashint`: the integer modulo an odd number, as one of 64 bits without sign. */
  #main(key: number): number {
    const divisor = (this.size - 1) | 1
    if (key >= 0) return key % divisor
    return ((TWO_TO_64 % divisor) + (key % divisor) + divisor) % divisor
  }
}
