/** Changes the sizes of a table's two parts when the hash part is full (`rehash` and `luaH_resize` in ltable.c). */
import { Nodes } from './nodes.js'
import { KeyCounts, powerOfTwo } from './sizes.js'
import { raiseLimit, type ArrayPart } from './table-array.js'
import { indexIfMany, isInteger, NO_KEYS, NO_VALUES, ownLists, type HashPart } from './table-hash.js'

type Parts<K> = ArrayPart & HashPart<K | number>

/** Chooses the sizes of both parts anew, with room for one more key. */
export const rehash = <K>(t: Parts<K>, key: K | number): void => {
  const all = t.keys.length - t.dead + 1
  if (t.arraySize === 0 && !t.integers && !isInteger(key)) return resize(t, 0, all)
  if (t.arrayLimit < t.arraySize) raiseLimit(t, t.arraySize)
  const counts = new KeyCounts()
  const elements = counts.addArray(t.arr)
  if (t.integers) counts.addKeys(t.keys, t.vals)
  if (isInteger(key)) counts.add(key)
  const { size, within } = counts.best()
  resize(t, size, elements + all - within, isInteger(key))
}

/**
 * Changes the sizes of both parts.
 *
 * @param room the number of keys that the hash part must have room for
 * @param integer whether the key to be inserted next is an integer
 */
export const resize = <K>(t: Parts<K>, size: number, room: number, integer = true): void => {
  if (t.arrayLimit < t.arraySize) raiseLimit(t, t.arraySize)
  if (t.arr === NO_VALUES && size > 0) t.arr = []
  const { arr } = t
  const vanishing = arr.length > size ? arr.splice(size) : NO_VALUES
  t.arraySize = t.arrayLimit = size
  t.room = powerOfTwo(room)
  if (t.dead === 0 && !t.integers && vanishing.length === 0) return
  const old = t.nodes
  const moved = old === null ? null : new Int32Array(t.keys.length)
  let integers = compact(t, moved)
  const fromList = t.keys.length
  if (vanishing.length > 0) ownLists(t)
  for (let i = 0; i < vanishing.length; i++)
    if (vanishing[i] !== undefined) {
      t.keys.push(size + 1 + i)
      t.vals.push(vanishing[i])
      integers++
    }
  const { keys, vals } = t
  if (keys.length === 0) {
    t.keys = NO_KEYS
    t.vals = NO_VALUES
  }
  t.dead = 0
  t.shuffled = 0
  t.integers = integers > 0
  t.places = null
  t.nodes = null
  if (!integer || integers < keys.length) indexIfMany(t)
  else if (keys.length > 0) {
    const nodes = new Nodes(t.room)
    t.nodes = nodes
    for (let place = fromList; place < keys.length; place++) nodes.insert(keys, vals, place)
    if (moved === null) for (let place = 0; place < fromList; place++) nodes.insert(keys, vals, place)
    else old!.insertInto(nodes, keys, vals, moved)
  }
}

/**
 * Removes keys from the list that have no value or belong to the array part. Returns the number of integer keys that remain.
 *
 * @param moved receives the new place of what is at a place, counted from 1; 0 if it is removed
 */
const compact = <K>(t: Parts<K>, moved: Int32Array | null): number => {
  const { keys, vals, arr } = t
  const size = t.arraySize
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
