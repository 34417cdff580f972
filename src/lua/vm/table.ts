/**
 * Lua's tables. Values at 1 … n are in an array; the others in two lists, keys and values, in the order of insertion, with
 * an index of the keys once they are many. Taking an entry away leaves its key in place, so that a traversal can go on
 * from there; such places are reclaimed when a new key comes. `pairs` goes through the array, then through the list.
 */
import { RunningHash } from '../../engine/hash.js'
import { fromFloat } from './integer.js'
import { LuaFloat, type LuaValue } from './value.js'

/** A key as it is kept: floats that are no integers are bare numbers, which no integer is then. */
export type Key = Exclude<LuaValue, undefined | LuaFloat>

/** Up to so many keys are searched one by one. */
const FEW = 8

const NO_KEYS: Key[] = []
const NO_VALUES: LuaValue[] = []

/** Metamethods whose absence is remembered, as bits of {@link LuaTable.absent}. */
export const META_BITS = { __index: 1, __newindex: 2, __len: 4, __eq: 8, __call: 16, __gc: 32 } as const
export type FastMeta = keyof typeof META_BITS

export class LuaTable {
  id = 0
  arr: LuaValue[] = []
  keys: Key[] = NO_KEYS
  vals: LuaValue[] = NO_VALUES
  metatable: LuaTable | null = null
  /** of a metatable: metamethods it is known to lack */
  absent = 0
  #places: Map<Key, number> | null = null
  /** whether other tables have the same index */
  #shared = false
  /** keys without value */
  #dead = 0
  /** whether integer keys have been put in the list */
  #integers = false
  /** how many keys the list had when it was shuffled last */
  #shuffled = 0
  /** where the last traversal stood */
  #cursor = 0

  /** A new table with the same entries in the same order, and no metatable. */
  copy(): LuaTable {
    const copy = new LuaTable()
    if (this.arr.length > 0) copy.arr = this.arr.slice()
    if (this.keys !== NO_KEYS) {
      copy.keys = this.keys.slice()
      copy.vals = this.vals.slice()
      copy.#places = this.#places
      copy.#shared = this.#shared = this.#places !== null
    }
    copy.#dead = this.#dead
    copy.#integers = this.#integers
    return copy
  }

  get(key: LuaValue): LuaValue {
    if (typeof key === 'string') return this.getKey(key)
    if (typeof key === 'number') return this.getInt(key)
    if (key instanceof LuaFloat) return this.#getFloat(key.n)
    return key === undefined ? undefined : this.getKey(key)
  }

  getInt(key: number): LuaValue {
    const { arr } = this
    if (key > 0 && key <= arr.length) return arr[key - 1]
    return this.#integers ? this.getKey(key) : undefined
  }

  /** Of any key but integers and floats. */
  getKey(key: Key): LuaValue {
    const place = this.find(key)
    return place < 0 ? undefined : this.vals[place]
  }

  #getFloat(n: number): LuaValue {
    const integer = fromFloat(n)
    if (integer === undefined) return this.getKey(n)
    return typeof integer === 'number' ? this.getInt(integer) : this.getKey(integer)
  }

  /** @param key neither nil nor NaN */
  set(key: LuaValue, value: LuaValue): void {
    if (typeof key === 'string') this.setKey(key, value)
    else if (typeof key === 'number') this.setInt(key, value)
    else if (key instanceof LuaFloat) this.#setFloat(key.n, value)
    else this.setKey(key as Key, value)
  }

  #setFloat(n: number, value: LuaValue): void {
    const integer = fromFloat(n)
    if (typeof integer === 'number') this.setInt(integer, value)
    else this.setKey(integer ?? n, value)
  }

  setInt(key: number, value: LuaValue): void {
    const { arr } = this
    const { length } = arr
    if (key > 0 && key <= length) {
      if (value === undefined && key === length) this.#shorten()
      else arr[key - 1] = value
    } else if (key === length + 1 && value !== undefined) {
      arr.push(value)
      if (this.#integers) this.#takeIn()
    } else {
      if (value !== undefined) this.#integers = true
      this.setKey(key, value)
    }
  }

  /** Of any key but those of the array. */
  setKey(key: Key, value: LuaValue): void {
    const place = this.find(key)
    if (place < 0) {
      if (value !== undefined) this.#insert(key, value)
      return
    }
    if (value === undefined) {
      if (this.vals[place] !== undefined) this.#dead++
    } else if (this.vals[place] === undefined) {
      this.#dead--
      this.absent = 0
    }
    this.vals[place] = value
  }

  /** Appends what `{...}` lists. */
  setList(first: number, values: readonly LuaValue[]): void {
    const { arr } = this
    if (arr.length !== first - 1) {
      for (let i = 0; i < values.length; i++) this.setInt(first + i, values[i])
      return
    }
    for (const value of values) arr.push(value)
    while (arr.length > 0 && arr[arr.length - 1] === undefined) arr.pop()
    if (this.#integers) this.#takeIn()
  }

  /** A border: all of 1 … n may be there, n + 1 is not. */
  get length(): number {
    const { length } = this.arr
    if (length > 0 || !this.#integers) return length
    let n = 0
    while (this.getInt(n + 1) !== undefined) n++
    return n
  }

  /** Where in the list a key is; -1 for nowhere. */
  find(key: Key): number {
    if (this.#places !== null) return this.#places.get(key) ?? -1
    const { keys } = this
    for (let i = 0; i < keys.length; i++) if (keys[i] === key) return i
    return -1
  }

  /** Puts the string keys of the list in an order that `seed` decides; the others stay where they are. */
  shuffle(seed: number): void {
    if (this.#shuffled === this.keys.length) return
    const places = [...this.keys.keys()].filter((i) => typeof this.keys[i] === 'string')
    const rank = (i: number): number => new RunningHash().number(seed).string(this.keys[i] as string).low
    const ranks = new Map(places.map((i) => [i, rank(i)]))
    const order = [...places].sort((a, b) => ranks.get(a)! - ranks.get(b)! || (this.keys[a]! < this.keys[b]! ? -1 : 1))
    const { keys, vals } = this
    this.keys = [...keys]
    this.vals = [...vals]
    places.forEach((place, i) => {
      this.keys[place] = keys[order[i]!]!
      this.vals[place] = vals[order[i]!]
    })
    if (this.#places !== null) this.#index()
    this.#shuffled = keys.length
  }

  /**
   * The place after that of `key`, from 0, where there is a value; -1 at the end, -2 when the table does not have the key.
   * What is there say {@link keyAt} and {@link valueAt}.
   */
  next(key: LuaValue): number {
    const { arr, vals } = this
    let place = this.#placeAfter(key)
    if (place < 0) return -2
    for (; place < arr.length; place++) if (arr[place] !== undefined) return place
    for (let i = place - arr.length; i < vals.length; i++)
      if (vals[i] !== undefined) {
        this.#cursor = i
        return arr.length + i
      }
    return -1
  }

  #placeAfter(key: LuaValue): number {
    if (key === undefined) return 0
    const { length } = this.arr
    let kept = key as Key
    if (key instanceof LuaFloat) kept = fromFloat(key.n) ?? key.n
    if (typeof kept === 'number' && kept > 0 && kept <= length && Number.isInteger(kept)) return kept
    if (this.keys[this.#cursor] === kept) return length + this.#cursor + 1
    const place = this.find(kept)
    if (place >= 0) return length + place + 1
    // an element that was at the end of the array until it was taken away
    return typeof kept === 'number' && kept > 0 && Number.isInteger(kept) ? length : -1
  }

  keyAt(place: number): LuaValue {
    const { length } = this.arr
    if (place < length) return place + 1
    const key = this.keys[place - length]
    return typeof key === 'number' && !Number.isSafeInteger(key) ? new LuaFloat(key) : key
  }

  valueAt(place: number): LuaValue {
    const { length } = this.arr
    return place < length ? this.arr[place] : this.vals[place - length]
  }

  /** A metamethod of what this is the metatable of. */
  meta(name: FastMeta): LuaValue {
    const bit = META_BITS[name]
    if ((this.absent & bit) !== 0) return undefined
    const method = this.getKey(name)
    if (method === undefined) this.absent |= bit
    return method
  }

  #insert(key: Key, value: LuaValue): void {
    this.absent = 0
    if (this.#dead > 4 && this.#dead * 2 > this.keys.length) this.#reclaim()
    if (this.keys === NO_KEYS) {
      this.keys = [key]
      this.vals = [value]
      return
    }
    const place = this.keys.push(key) - 1
    this.vals.push(value)
    if (this.#places !== null && !this.#shared) this.#places.set(key, place)
    else if (place >= FEW) this.#index()
  }

  #index(): void {
    this.#places = new Map()
    this.#shared = false
    for (let i = 0; i < this.keys.length; i++) this.#places.set(this.keys[i]!, i)
  }

  #reclaim(): void {
    const { keys, vals } = this
    this.keys = keys.filter((_, i) => vals[i] !== undefined)
    this.vals = vals.filter((value) => value !== undefined)
    this.#dead = 0
    this.#places = null
    this.#shared = false
    if (this.keys.length > FEW) this.#index()
  }

  #shorten(): void {
    const { arr } = this
    arr.pop()
    while (arr.length > 0 && arr[arr.length - 1] === undefined) arr.pop()
  }

  /** Moves what follows the array from the list into it. */
  #takeIn(): void {
    for (;;) {
      const place = this.find(this.arr.length + 1)
      if (place < 0 || this.vals[place] === undefined) return
      this.arr.push(this.vals[place])
      this.vals[place] = undefined
      this.#dead++
    }
  }
}
