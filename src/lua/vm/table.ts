/**
 * Lua's tables. As in Lua a table has an array part and a hash part, and their sizes follow Lua's rules (ltable.c), so that the array
 * part takes what Lua's takes, and `#` gives Lua's border where there are holes. What is in the hash part is in two lists,
 * keys and values, in the order of insertion, with an index of the keys once they are many. Taking an entry away leaves its key
 * in place, so that a traversal can continue from there; such places are reclaimed when the table grows. `pairs` goes through
 * the array, then through the list.
 */
import { fromFloat } from './integer.js'
import { Nodes } from './nodes.js'
import { shuffledPlaces } from './shuffle.js'
import { borderAbove, borderBetween, KeyCounts, powerOfTwo } from './sizes.js'
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
  /** values at 1 … arr.length, which may lack nil ones at its end */
  arr: LuaValue[]
  keys: Key[] = NO_KEYS
  vals: LuaValue[] = NO_VALUES
  metatable: LuaTable | null = null
  /** of a metatable: metamethods it is known to lack */
  absent = 0
  /** size of the array part */
  #size: number
  /** where a border was last found in the array part, or its size: `alimit` in ltable.c */
  #limit: number
  /** values of the array part beyond #limit, the last one first */
  #rest: LuaValue[] | null = null
  /** how many keys the hash part has room for */
  #room: number
  /** index of the hash part while all its keys are integers */
  #nodes: Nodes | null = null
  /** index of the hash part while it has other keys and they are many */
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

  /**
   * @param elements how many elements the array part is to have room for
   * @param entries the same for the hash part
   */
  constructor(elements = 0, entries = 0) {
    this.arr = elements > 0 ? [] : NO_VALUES
    this.#size = elements
    this.#limit = elements
    this.#room = entries > 1 ? powerOfTwo(entries) : entries
  }

  /** A new table with the same entries in the same order, and no metatable. */
  copy(): LuaTable {
    const copy = new LuaTable()
    if (this.arr !== NO_VALUES) copy.arr = this.arr.slice()
    if (this.keys !== NO_KEYS) {
      copy.keys = this.keys.slice()
      copy.vals = this.vals.slice()
      copy.#places = this.#places
      copy.#shared = this.#shared = this.#places !== null
      copy.#nodes = this.#nodes?.copy() ?? null
    }
    copy.#size = this.#size
    copy.#limit = this.#limit
    copy.#rest = this.#rest?.slice() ?? null
    copy.#room = this.#room
    copy.#dead = this.#dead
    copy.#integers = this.#integers
    return copy
  }

  /** All values of the array part, from 1 on. */
  get elements(): readonly LuaValue[] {
    if (this.#rest === null) return this.arr
    const missing = new Array<LuaValue>(this.#limit - this.arr.length).fill(undefined)
    return [...this.arr, ...missing, ...this.#rest.slice().reverse()]
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
    if (key > 0 && key <= this.#size) return key > this.#limit ? this.#reach(key) : undefined
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
      if (value === undefined && key === length) arr.pop()
      else arr[key - 1] = value
    } else if (key === length + 1 && key <= this.#size && this.#rest === null && value !== undefined) {
      if (key > this.#limit) this.#limit = key
      arr.push(value)
    } else if (key > 0 && key <= this.#size) this.#setElement(key, value)
    else this.setKey(key, value)
  }

  /** Sets an element that may be beyond what {@link arr} has. */
  #setElement(key: number, value: LuaValue): void {
    const { arr } = this
    if (key > this.#limit) this.#reach(key)
    if (value === undefined && key > arr.length) return
    while (arr.length < key) arr.push(undefined)
    arr[key - 1] = value
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

  /** Sets what `{...}` lists from `first` on. */
  setList(first: number, values: readonly LuaValue[]): void {
    const last = first + values.length - 1
    if (last > this.#size) this.#resize(last, this.#room)
    const { arr } = this
    if (arr.length === first - 1 && this.#limit === this.#size) {
      for (const value of values) arr.push(value)
      if (arr[arr.length - 1] === undefined) arr.pop()
    } else for (let i = 0; i < values.length; i++) this.setInt(first + i, values[i])
  }

  /** A border (`luaH_getn`): all of 1 … n may be there, n + 1 is not. */
  get length(): number {
    const { arr } = this
    const limit = this.#limit
    if (arr.length < limit || (limit > 0 && arr[limit - 1] === undefined)) return this.#borderWithin(limit)
    if (limit !== this.#size) {
      const rest = this.#rest
      if (rest === null || rest[rest.length - 1] === undefined) return limit
      if (rest.length < this.#size - limit || rest[0] === undefined) return this.#borderBeyond(limit)
    }
    const size = this.#size
    return this.#integers && this.getKey(size + 1) !== undefined
      ? borderAbove(size, (key) => this.getKey(key) !== undefined)
      : size
  }

  /** There is no value at `limit`. */
  #borderWithin(limit: number): number {
    const { arr } = this
    const has = (key: number): boolean => arr[key - 1] !== undefined
    const border = limit >= 2 && has(limit - 1) ? limit - 1 : borderBetween(0, limit, has)
    if (border > this.#size / 2 && powerOfTwo(this.#size) === this.#size) this.#retreat(border)
    return border
  }

  /** There are values at `limit` and after it, and none at the end of the array part. */
  #borderBeyond(limit: number): number {
    const rest = this.#rest!
    const border = borderBetween(limit, this.#size, (key) => rest[rest.length - key + limit] !== undefined)
    this.#reach(border)
    return border
  }

  /** Makes `key` the limit, which is lower; values beyond are set aside. */
  #retreat(key: number): void {
    const { arr } = this
    const rest = this.#rest
    while (rest === null && arr.length > key && arr[arr.length - 1] === undefined) arr.pop()
    if (arr.length > key || rest !== null) {
      if (rest !== null) while (arr.length < this.#limit) arr.push(undefined)
      const beyond = arr.splice(key).reverse()
      this.#rest = rest === null ? beyond : [...rest, ...beyond]
    }
    this.#limit = key
  }

  /** Makes `key` the limit, which is higher. Returns its value. */
  #reach(key: number): LuaValue {
    const rest = this.#rest
    if (rest !== null) {
      const { arr } = this
      while (arr.length < this.#limit) arr.push(undefined)
      for (let i = this.#limit; i < key && rest.length > 0; i++) arr.push(rest.pop())
      if (rest.length === 0) this.#rest = null
    }
    this.#limit = key
    return this.arr[key - 1]
  }

  /** Where in the list a key is; -1 for nowhere. */
  find(key: Key): number {
    if (this.#nodes !== null) return isInteger(key) ? this.#nodes.find(this.keys, key) : -1
    if (this.#places !== null) return this.#places.get(key) ?? -1
    const { keys } = this
    for (let i = 0; i < keys.length; i++) if (keys[i] === key) return i
    return -1
  }

  /** Puts the string keys of the list in an order that `seed` decides; the others stay where they are. */
  shuffle(seed: number): void {
    if (this.#shuffled === this.keys.length) return
    const order = shuffledPlaces(this.keys, seed)
    const { keys, vals } = this
    this.keys = order.map((place) => keys[place]!)
    this.vals = order.map((place) => vals[place])
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
    const size = this.#size
    if (this.#rest !== null && place < size)
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
    const size = this.#size
    let kept = key as Key
    if (key instanceof LuaFloat) kept = fromFloat(key.n) ?? key.n
    if (typeof kept === 'number' && kept > 0 && kept <= size && Number.isInteger(kept)) return kept
    if (this.keys[this.#cursor] === kept) return size + this.#cursor + 1
    const place = this.find(kept)
    return place >= 0 ? size + place + 1 : -1
  }

  keyAt(place: number): LuaValue {
    const size = this.#size
    if (place < size) return place + 1
    const key = this.keys[place - size]
    return typeof key === 'number' && !Number.isSafeInteger(key) ? new LuaFloat(key) : key
  }

  valueAt(place: number): LuaValue {
    const { arr } = this
    if (place < arr.length) return arr[place]
    const size = this.#size
    if (place >= size) return this.vals[place - size]
    const rest = this.#rest
    return rest === null || place < this.#limit ? undefined : rest[rest.length - 1 - place + this.#limit]
  }

  /** A metamethod of the values that have this metatable. */
  meta(name: FastMeta): LuaValue {
    const bit = META_BITS[name]
    if ((this.absent & bit) !== 0) return undefined
    const method = this.getKey(name)
    if (method === undefined) this.absent |= bit
    return method
  }

  #insert(key: Key, value: LuaValue): void {
    this.absent = 0
    if (this.#nodes === null && this.#dead > 0 && this.#dead === this.keys.length) this.#clear()
    if (this.#nodes !== null || (this.keys.length === 0 && this.#room > 0)) {
      if (isInteger(key)) return this.#insertInteger(key, value)
      if (this.#nodes !== null) this.#indexAny()
    }
    if (this.keys.length >= this.#room) {
      this.#rehash(key)
      if (isInteger(key)) this.setInt(key, value)
      else this.#insert(key, value)
      return
    }
    if (isInteger(key)) this.#integers = true
    this.#append(key, value)
  }

  /** Reclaims the places of keys that have no value, which all of them are: any other key can take those. */
  #clear(): void {
    this.keys = NO_KEYS
    this.vals = NO_VALUES
    this.#places = null
    this.#dead = 0
    this.#shuffled = 0
    this.#integers = false
  }

  #append(key: Key, value: LuaValue): void {
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

  #insertInteger(key: number, value: LuaValue): void {
    this.#nodes ??= new Nodes(this.#room)
    if (this.keys.length > 2 * this.#room + FEW) this.#forget()
    this.#own()
    const place = this.keys.push(key) - 1
    this.vals.push(value)
    this.#integers = true
    if (this.#nodes.insert(this.keys, this.vals, place)) return
    this.keys.pop()
    this.vals.pop()
    this.#rehash(key)
    this.setInt(key, value)
  }

  /** Gives an empty list arrays that can be added to. */
  #own(): void {
    if (this.keys !== NO_KEYS) return
    this.keys = []
    this.vals = []
  }

  #index(): void {
    this.#places = new Map()
    this.#shared = false
    for (let i = 0; i < this.keys.length; i++) this.#places.set(this.keys[i]!, i)
  }

  /** Leaves out keys that other ones have taken the nodes of. */
  #forget(): void {
    const { keys, vals } = this
    const moved = new Array<number>(keys.length).fill(-1)
    const used = this.#nodes!.used().sort((a, b) => a - b)
    used.forEach((place, i) => (moved[place] = i))
    this.#nodes!.remap(moved)
    this.keys = used.map((place) => keys[place]!)
    this.vals = used.map((place) => vals[place])
    this.#dead = this.vals.reduce<number>((dead, value) => (value === undefined ? dead + 1 : dead), 0)
  }

  /** The keys are no longer integers only. */
  #indexAny(): void {
    this.#forget()
    this.#nodes = null
    this.#places = null
    if (this.keys.length > FEW) this.#index()
  }

  /** Chooses the sizes of both parts anew, with room for one more key. */
  #rehash(key: Key): void {
    const all = this.keys.length - this.#dead + 1
    if (this.#size === 0 && !this.#integers && !isInteger(key)) return this.#resize(0, all)
    if (this.#limit < this.#size) this.#reach(this.#size)
    const counts = new KeyCounts()
    const elements = counts.addArray(this.arr)
    if (this.#integers) counts.addKeys(this.keys, this.vals)
    if (isInteger(key)) counts.add(key)
    const { size, within } = counts.best()
    this.#resize(size, elements + all - within, isInteger(key))
  }

  /**
   * Gives the parts other sizes (`luaH_resize`).
   *
   * @param room for how many keys the hash part must have room
   * @param integer whether the key that is to be inserted is an integer
   */
  #resize(size: number, room: number, integer = true): void {
    if (this.#limit < this.#size) this.#reach(this.#size)
    if (this.arr === NO_VALUES && size > 0) this.arr = []
    const { arr } = this
    const vanishing = arr.length > size ? arr.splice(size) : NO_VALUES
    this.#size = this.#limit = size
    this.#room = powerOfTwo(room)
    if (this.#dead === 0 && !this.#integers && vanishing.length === 0) return
    const old = this.#nodes
    /** how many keys stay in the list up to a place, that included; 0 for one that does not */
    const moved = old === null ? null : new Int32Array(this.keys.length)
    let integers = this.#compact(moved)
    const fromList = this.keys.length
    if (vanishing.length > 0) this.#own()
    for (let i = 0; i < vanishing.length; i++)
      if (vanishing[i] !== undefined) {
        this.keys.push(size + 1 + i)
        this.vals.push(vanishing[i])
        integers++
      }
    const { keys, vals } = this
    if (keys.length === 0) {
      this.keys = NO_KEYS
      this.vals = NO_VALUES
    }
    this.#dead = 0
    this.#shuffled = 0
    this.#integers = integers > 0
    this.#places = null
    this.#nodes = null
    if (!integer || integers < keys.length) {
      if (keys.length > FEW) this.#index()
    } else if (keys.length > 0) {
      const nodes = new Nodes(this.#room)
      this.#nodes = nodes
      for (let place = fromList; place < keys.length; place++) nodes.insert(keys, vals, place)
      if (moved === null) for (let place = 0; place < fromList; place++) nodes.insert(keys, vals, place)
      else old!.insertInto(nodes, keys, vals, moved)
    }
  }

  /**
   * Leaves only keys in the list that have a value and are not for the array part. Returns how many of them are integers.
   *
   * @param moved where what was at a place is now, from 1, if that is of interest
   */
  #compact(moved: Int32Array | null): number {
    const { keys, vals, arr } = this
    const size = this.#size
    let count = 0
    let integers = 0
    for (let i = 0; i < keys.length; i++) {
      const value = vals[i]
      if (value === undefined) continue
      const key = keys[i]!
      if (isInteger(key)) {
        if (key > 0 && key <= size) {
          while (arr.length < key) arr.push(undefined)
          arr[key - 1] = value
          continue
        }
        integers++
      }
      if (count < i) {
        keys[count] = key
        vals[count] = value
      }
      count++
      if (moved !== null) moved[i] = count
    }
    if (count < keys.length) {
      keys.length = count
      vals.length = count
    }
    return integers
  }
}

const isInteger = (key: Key): key is number => typeof key === 'number' && Number.isSafeInteger(key)
