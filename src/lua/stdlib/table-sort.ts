/**
 * `table.sort` (ltablib.c). It sorts in place, with PUC Lua's comparisons and assignments, which metamethods, inconsistent orders and errors
 * in an order function make observable. PUC Lua selects random pivots for large ranges after unbalanced partitions; here the pivot is always
 * the element in the middle.
 */
import { argument, throwArgument, throwArgumentError, throwError } from '../vm/arguments.js'
import { work } from '../vm/hook.js'
import { call2WithoutYield, isLess } from '../vm/native-operations.js'
import type { LuaThread } from '../vm/state.js'
import { LuaTable } from '../vm/table.js'
import { isFalse, isFunction, type LuaValue, type NativeFunction } from '../vm/value.js'
import { checkLike, exactLength, get, LENGTH, READ, set, WRITE } from './table-access.js'

const MOST_SORTED = 0x7fffffff

export const sort: NativeFunction = (L) => {
  const t = checkLike(L, 1, READ | WRITE | LENGTH)
  const size = Number(exactLength(L, t))
  if (size < 2) return 0
  if (size >= MOST_SORTED) throwArgumentError(L, 1, 'array too big')
  const order = argument(L, 2)
  if (order !== undefined && !isFunction(order)) throwArgument(L, 2, 'function')
  quicksort(L, new Elements(L, t), size, order === undefined ? defaultOrder(L) : ordered(L, order))
  return 0
}

type Order = (a: LuaValue, b: LuaValue) => boolean

const defaultOrder =
  (L: LuaThread): Order =>
  (a, b) => {
    work(L)
    return typeof a === 'number' && typeof b === 'number' ? a < b : isLess(L, a, b)
  }

const ordered =
  (L: LuaThread, f: LuaValue): Order =>
  (a, b) => {
    work(L)
    return !isFalse(call2WithoutYield(L, f, a, b))
  }

/** The elements to sort. */
class Elements {
  /** the table that contains them, for access to its array part; an empty one if the value is not a table */
  readonly #table: LuaTable

  constructor(
    readonly L: LuaThread,
    readonly t: LuaValue,
  ) {
    this.#table = t instanceof LuaTable ? t : new LuaTable()
  }

  get(i: number): LuaValue {
    const { arr } = this.#table
    const at = (i - 1) >>> 0
    return (at < arr.length ? arr[at] : undefined) ?? get(this.L, this.t, i)
  }

  put(i: number, a: LuaValue, j: number, b: LuaValue): void {
    this.#set(i, a)
    this.#set(j, b)
  }

  #set(i: number, value: LuaValue): void {
    const { arr, metatable } = this.#table
    const at = (i - 1) >>> 0
    if (at < arr.length - 1 && metatable === null) arr[at] = value
    else set(this.L, this.t, i, value)
  }
}

/** `auxsort`: sorts the elements 1 to `size`. */
const quicksort = (L: LuaThread, elements: Elements, size: number, before: Order): void => {
  const pending: [low: number, high: number][] = []
  let [low, high] = [1, size]
  for (;;) {
    while (low < high) {
      const first = elements.get(low)
      const last = elements.get(high)
      if (before(last, first)) elements.put(low, last, high, first)
      if (high - low === 1) break
      const middle = Math.floor((low + high) / 2)
      const median = elements.get(middle)
      const lowest = elements.get(low)
      if (before(median, lowest)) elements.put(middle, lowest, low, median)
      else {
        const highest = elements.get(high)
        if (before(highest, median)) elements.put(middle, highest, high, median)
      }
      if (high - low === 2) break
      const pivot = elements.get(middle)
      elements.put(middle, elements.get(high - 1), high - 1, pivot)
      const at = partition(L, elements, low, high, pivot, before)
      // the smaller range first, the other one in a later iteration
      if (at - low < high - at) {
        pending.push([at + 1, high])
        high = at - 1
      } else {
        pending.push([low, at - 1])
        low = at + 1
      }
    }
    const next = pending.pop()
    if (!next) return
    ;[low, high] = next
  }
}

/** Partitions a range whose last element but one is the pivot. Returns the final position of the pivot. */
const partition = (
  L: LuaThread,
  elements: Elements,
  low: number,
  high: number,
  pivot: LuaValue,
  before: Order,
): number => {
  const invalid = (): never => throwError(L, 'invalid order function for sorting')
  let i = low
  let j = high - 1
  for (;;) {
    let left: LuaValue
    let right: LuaValue
    while (before((left = elements.get(++i)), pivot)) if (i === high - 1) invalid()
    while (before(pivot, (right = elements.get(--j)))) if (j < i) invalid()
    if (j < i) {
      elements.put(high - 1, left, i, pivot)
      return i
    }
    elements.put(i, right, j, left)
  }
}
