/**
 * The array part of a table and the borders in it (ltable.c). Lua 5.4 moves the limit of the array part, `alimit`, to the border that `#`
 * found last; values beyond it are kept apart here, so that reads below the limit are plain reads of an array.
 */
import { borderBetween, powerOfTwo } from './sizes.js'

/** Fields of a table that belong to its array part. */
export interface ArrayPart<V = unknown> {
  /** values at 1 … arr.length; nil values at the end may be missing */
  arr: (V | undefined)[]
  /** size of the array part */
  arraySize: number
  /** the last border found in the array part, or its size: `alimit` */
  arrayLimit: number
  /** values beyond {@link arrayLimit}, the last one first */
  arrayRest: (V | undefined)[] | null
}

/** Returns all values of the array part, from 1 on. */
export const elementsOf = <V>(t: ArrayPart<V>): readonly (V | undefined)[] => {
  if (t.arrayRest === null) return t.arr
  const missing = new Array<undefined>(t.arrayLimit - t.arr.length).fill(undefined)
  return [...t.arr, ...missing, ...t.arrayRest.slice().reverse()]
}

/** Sets an element of the array part that may be beyond the end of {@link ArrayPart.arr}. */
export const setElement = <V>(t: ArrayPart<V>, key: number, value: V | undefined): void => {
  const { arr } = t
  if (key > t.arrayLimit) raiseLimit(t, key)
  if (value === undefined && key > arr.length) return
  while (arr.length < key) arr.push(undefined)
  arr[key - 1] = value
}

/** Returns a border below `limit`, at which there is no value (first part of `luaH_getn`). */
export const borderBelow = (t: ArrayPart, limit: number): number => {
  const { arr } = t
  const has = (key: number): boolean => arr[key - 1] !== undefined
  const border = limit >= 2 && has(limit - 1) ? limit - 1 : borderBetween(0, limit, has)
  if (border > t.arraySize / 2 && powerOfTwo(t.arraySize) === t.arraySize) lowerLimit(t, border)
  return border
}

/** Returns a border above the limit: there are values at the limit and after it, and none at the end of the array part. */
export const borderAboveLimit = (t: ArrayPart): number => {
  const limit = t.arrayLimit
  const rest = t.arrayRest!
  const border = borderBetween(limit, t.arraySize, (key) => rest[rest.length - key + limit] !== undefined)
  raiseLimit(t, border)
  return border
}

/** Sets the limit to a lower key; values beyond are moved out of the array. */
const lowerLimit = (t: ArrayPart, key: number): void => {
  const { arr } = t
  const rest = t.arrayRest
  while (rest === null && arr.length > key && arr[arr.length - 1] === undefined) arr.pop()
  if (arr.length > key || rest !== null) {
    if (rest !== null) while (arr.length < t.arrayLimit) arr.push(undefined)
    const beyond = arr.splice(key).reverse()
    t.arrayRest = rest === null ? beyond : [...rest, ...beyond]
  }
  t.arrayLimit = key
}

/** Sets the limit to a higher key. Returns the value at that key. */
export const raiseLimit = <V>(t: ArrayPart<V>, key: number): V | undefined => {
  const rest = t.arrayRest
  if (rest !== null) {
    const { arr } = t
    while (arr.length < t.arrayLimit) arr.push(undefined)
    for (let i = t.arrayLimit; i < key && rest.length > 0; i++) arr.push(rest.pop())
    if (rest.length === 0) t.arrayRest = null
  }
  t.arrayLimit = key
  return t.arr[key - 1]
}
