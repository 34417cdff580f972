/**
 * The hash part of a table: lists of keys and values in the order of insertion, and an index of the keys: Lua's nodes while all keys are
 * integers (nodes.ts), otherwise a `Map` once there are many. A key without a value stays in the list, so that a traversal can continue
 * from it.
 */
import type { Nodes } from './nodes.js'

/** Whether a key of the list is an integer: numbers beyond the safe integers are floats. */
export const isInteger = (key: unknown): key is number => typeof key === 'number' && Number.isSafeInteger(key)

/** Up to this number of keys, a list is searched without an index. */
const FEW = 8

export const NO_KEYS: never[] = []
export const NO_VALUES: never[] = []

/** Fields of a table that belong to its hash part. */
export interface HashPart<K = unknown, V = unknown> {
  keys: K[]
  vals: (V | undefined)[]
  /** how many keys the hash part has room for */
  room: number
  /** index while all keys are integers */
  nodes: Nodes | null
  /** index while there are many keys and not all are integers */
  places: Map<K, number> | null
  /** whether {@link places} is also the index of other tables */
  shared: boolean
  /** number of keys without value */
  dead: number
  /** whether there may be integer keys in the list */
  integers: boolean
  /** length of the list when it was last shuffled */
  shuffled: number
}

/** Adds a key that the list does not have. The index is not one of nodes. */
export const append = <K, V>(t: HashPart<K, V>, key: K, value: V): void => {
  if (t.keys === NO_KEYS) {
    t.keys = [key]
    t.vals = [value]
    return
  }
  const place = t.keys.push(key) - 1
  t.vals.push(value)
  if (t.places !== null && !t.shared) t.places.set(key, place)
  else if (place >= FEW) indexKeys(t)
}

/** Replaces the shared empty lists of an empty hash part. */
export const ownLists = <K>(t: HashPart<K>): void => {
  if (t.keys !== NO_KEYS) return
  t.keys = []
  t.vals = []
}

/** Empties the hash part. */
export const clear = <K>(t: HashPart<K>): void => {
  t.keys = NO_KEYS
  t.vals = NO_VALUES
  t.places = null
  t.dead = 0
  t.shuffled = 0
  t.integers = false
}

/** Indexes the keys by a `Map`. */
export const indexKeys = <K>(t: HashPart<K>): void => {
  t.places = new Map()
  t.shared = false
  for (let i = 0; i < t.keys.length; i++) t.places.set(t.keys[i]!, i)
}

/** Indexes the keys by a `Map` if there are many. */
export const indexIfMany = <K>(t: HashPart<K>): void => {
  if (t.keys.length > FEW) indexKeys(t)
}

/** Removes keys from the list whose nodes were reused if there are many of them. */
export const removeReusedIfMany = <K>(t: HashPart<K>): void => {
  if (t.keys.length > 2 * t.room + FEW) removeReused(t)
}

const removeReused = <K>(t: HashPart<K>): void => {
  const { keys, vals } = t
  const moved = new Array<number>(keys.length).fill(-1)
  const used = t.nodes!.used().sort((a, b) => a - b)
  used.forEach((place, i) => (moved[place] = i))
  t.nodes!.remap(moved)
  t.keys = used.map((place) => keys[place]!)
  t.vals = used.map((place) => vals[place])
  t.dead = t.vals.reduce<number>((dead, value) => (value === undefined ? dead + 1 : dead), 0)
}

/** Replaces the nodes by an index for keys of any type. */
export const replaceNodes = <K>(t: HashPart<K>): void => {
  removeReused(t)
  t.nodes = null
  t.places = null
  indexIfMany(t)
}
