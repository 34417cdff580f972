/**
 * Lua tables (ltable.c). A table has an array part (table-array.ts) and a hash part (table-hash.ts). Their sizes follow Lua's rules
 * (table-resize.ts), because they decide which border `#` returns if there are holes. `pairs` visits the array part, then the keys of the
 * hash part in the order of insertion.
 */
import { fromFloat } from './integer.js'
import { Nodes } from './nodes.js'
import { shuffledPlaces } from './shuffle.js'
import { borderAbove, powerOfTwo } from './sizes.js'
import { borderAboveLimit, borderBelow, elementsOf, raiseLimit, setElement, type ArrayPart } from './table-array.js'
import {
  append,
  clear,
  indexKeys,
  isInteger,
  NO_KEYS,
  NO_VALUES,
  removeReusedIfMany,
  replaceNodes,
  type HashPart,
} from './table-hash.js'
import { rehash, resize } from './table-resize.js'
import { LuaFloat, type LuaValue } from './value.js'

/** A key of the hash part: a float that has no integer value is a JavaScript number, which no integer key is. */
export type Key = Exclude<LuaValue, undefined | LuaFloat>

/** Metamethods whose absence is cached, as bits of {@link LuaTable.absent}. */
export const META_BITS = { __index: 1, __newindex: 2, __len: 4, __eq: 8, __call: 16, __gc: 32 } as const
export type FastMeta = keyof typeof META_BITS

export class LuaTable implements ArrayPart<LuaValue>, HashPart<Key, LuaValue> {
  id = 0
  arr: LuaValue[]
  keys: Key[] = NO_KEYS
  vals: LuaValue[] = NO_VALUES
  metatable: LuaTable | null = null
  /** in a metatable: metamethods that it is known to lack */
  absent = 0
  arraySize: number
  arrayLimit: number
  arrayRest: LuaValue[] | null = null
  room: number
  nodes: Nodes | null = null
  places: Map<Key, number> | null = null
  shared = false
  dead = 0
  integers = false
  shuffled = 0
  /** place in the list that the last traversal reached */
  #cursor = 0

  /**
   * @param elements initial size of the array part
   * @param entries the number of keys that the hash part has room for
   */
  constructor(elements = 0, entries = 0) {
    this.arr = elements > 0 ? [] : NO_VALUES
    this.arraySize = elements
    this.arrayLimit = elements
    this.room = entries > 1 ? powerOfTwo(entries) : entries
  }

  /** Returns a table with the same entries in the same order, without metatable. */
  copy(): LuaTable {
    const copy = new LuaTable()
    if (this.arr !== NO_VALUES) copy.arr = this.arr.slice()
    if (this.keys !== NO_KEYS) {
      copy.keys = this.keys.slice()
      copy.vals = this.vals.slice()
      copy.places = this.places
      copy.shared = this.shared = this.places !== null
      copy.nodes = this.nodes?.copy() ?? null
    }
    copy.arraySize = this.arraySize
    copy.arrayLimit = this.arrayLimit
    copy.arrayRest = this.arrayRest?.slice() ?? null
    copy.room = this.room
    copy.dead = this.dead
    copy.integers = this.integers
    return copy
  }

  /** All values of the array part, from 1 on. */
  get elements(): readonly LuaValue[] {
    return elementsOf(this)
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
    if (key > 0 && key <= this.arraySize) return key > this.arrayLimit ? raiseLimit(this, key) : undefined
    return this.integers ? this.getKey(key) : undefined
  }

  /** Returns the value of a key that is neither a safe integer nor a float. */
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
      if (value === undefined && key === length) arr.pop()
      else arr[key - 1] = value
    } else if (key === length + 1 && key <= this.arraySize && this.arrayRest === null && value !== undefined) {
      if (key > this.arrayLimit) this.arrayLimit = key
      arr.push(value)
    } else if (key > 0 && key <= this.arraySize) setElement(this, key, value)
    else this.setKey(key, value)
  }

  /** Sets a key that is not in the array part. */
  setKey(key: Key, value: LuaValue): void {
    const place = this.find(key)
    if (place < 0) {
      if (value !== undefined) this.#insert(key, value)
      return
    }
    if (value === undefined) {
      if (this.vals[place] !== undefined) this.dead++
    } else if (this.vals[place] === undefined) {
      this.dead--
      this.absent = 0
    }
    this.vals[place] = value
  }

  /** Sets the elements from `first` on, for the constructor `{...}`. */
  setList(first: number, values: readonly LuaValue[]): void {
    const last = first + values.length - 1
    if (last > this.arraySize) resize(this, last, this.room)
    const { arr } = this
    if (arr.length === first - 1 && this.arrayLimit === this.arraySize) {
      for (const value of values) arr.push(value)
      if (arr[arr.length - 1] === undefined) arr.pop()
    } else for (let i = 0; i < values.length; i++) this.setInt(first + i, values[i])
  }

  /** A border: n such that t[n] is not nil, or n is 0, and t[n + 1] is nil (`luaH_getn`). */
  get length(): number {
    const { arr } = this
    const limit = this.arrayLimit
    if (arr.length < limit || (limit > 0 && arr[limit - 1] === undefined)) return borderBelow(this, limit)
    if (limit !== this.arraySize) {
      const rest = this.arrayRest
      if (rest === null || rest[rest.length - 1] === undefined) return limit
      if (rest.length < this.arraySize - limit || rest[0] === undefined) return borderAboveLimit(this)
    }
    const size = this.arraySize
    return this.integers && this.getKey(size + 1) !== undefined
      ? borderAbove(size, (key) => this.getKey(key) !== undefined)
      : size
  }

  /** Returns the place of a key in the list, -1 if it is not there. */
  find(key: Key): number {
    if (this.nodes !== null) return isInteger(key) ? this.nodes.find(this.keys, key) : -1
    if (this.places !== null) return this.places.get(key) ?? -1
    const { keys } = this
    for (let i = 0; i < keys.length; i++) if (keys[i] === key) return i
    return -1
  }

  /** Shuffles the string keys of the list, in an order derived from `seed`; other keys keep their places. */
  shuffle(seed: number): void {
    if (this.shuffled === this.keys.length) return
    const order = shuffledPlaces(this.keys, seed)
    const { keys, vals } = this
    this.keys = order.map((place) => keys[place]!)
    this.vals = order.map((place) => vals[place])
    if (this.places !== null) indexKeys(this)
    this.shuffled = keys.length
  }

  /**
   * Returns the next place with a value after that of `key`, for {@link keyAt} and {@link valueAt}; -1 at the end, -2 if the table does not
   * have the key. nil starts the traversal.
   */
  next(key: LuaValue): number {
    const { arr, vals } = this
    let place = this.#placeAfter(key)
    if (place < 0) return -2
    for (; place < arr.length; place++) if (arr[place] !== undefined) return place
    const size = this.arraySize
    if (this.arrayRest !== null && place < size)
      for (; place < size; place++) if (this.valueAt(place) !== undefined) return place
    for (let i = Math.max(place - size, 0); i < vals.length; i++)
      if (vals[i] !== undefined) {
        this.#cursor = i
        return size + i
      }
    return -1
  }

  #placeAfter(key: LuaValue): number {
    if (key === undefined) return 0
    const size = this.arraySize
    let kept = key as Key
    if (key instanceof LuaFloat) {
      // no traversal gives a float that is an integer (findindex in ltable.c)
      if (fromFloat(key.n) !== undefined) return -1
      kept = key.n
    }
    if (typeof kept === 'number' && kept > 0 && kept <= size && Number.isInteger(kept)) return kept
    if (this.keys[this.#cursor] === kept) return size + this.#cursor + 1
    const place = this.find(kept)
    return place >= 0 ? size + place + 1 : -1
  }

  keyAt(place: number): LuaValue {
    const size = this.arraySize
    if (place < size) return place + 1
    const key = this.keys[place - size]
    return typeof key === 'number' && !Number.isSafeInteger(key) ? new LuaFloat(key) : key
  }

  valueAt(place: number): LuaValue {
    const { arr } = this
    if (place < arr.length) return arr[place]
    const size = this.arraySize
    if (place >= size) return this.vals[place - size]
    const rest = this.arrayRest
    return rest === null || place < this.arrayLimit ? undefined : rest[rest.length - 1 - place + this.arrayLimit]
  }

  /** Returns a metamethod of this metatable. */
  meta(name: FastMeta): LuaValue {
    const bit = META_BITS[name]
    if ((this.absent & bit) !== 0) return undefined
    const method = this.getKey(name)
    if (method === undefined) this.absent |= bit
    return method
  }

  #insert(key: Key, value: LuaValue): void {
    this.absent = 0
    if (this.nodes === null && this.dead > 0 && this.dead === this.keys.length) clear(this)
    if (this.nodes !== null || (this.keys.length === 0 && this.room > 0)) {
      if (isInteger(key)) return this.#insertInteger(key, value)
      if (this.nodes !== null) replaceNodes(this)
    }
    if (this.keys.length >= this.room) {
      rehash(this, key)
      if (isInteger(key)) this.setInt(key, value)
      else this.#insert(key, value)
      return
    }
    if (isInteger(key)) this.integers = true
    append(this, key, value)
  }

  #insertInteger(key: number, value: LuaValue): void {
    this.nodes ??= new Nodes(this.room)
    removeReusedIfMany(this)
    this.integers = true
    let place = 0
    if (this.keys === NO_KEYS) {
      this.keys = [key]
      this.vals = [value]
    } else {
      place = this.keys.push(key) - 1
      this.vals.push(value)
    }
    if (this.nodes.insert(this.keys, this.vals, place)) return
    this.keys.pop()
    this.vals.pop()
    rehash(this, key)
    this.setInt(key, value)
  }
}
