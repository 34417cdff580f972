/** The library table (ltablib.c), with fast paths for tables without metatables. */
import { BYTES_PER_INSTRUCTION, work, workOn } from '../vm/hook.js'
import {
  argument,
  argumentCount,
  checkIndex,
  checkInteger,
  checkText,
  give,
  throwArgumentError,
  throwError,
} from '../vm/arguments.js'
import { addIntegers, lessUnsigned, MAX_INTEGER, wrap } from '../vm/integer.js'
import { plainTypeName } from '../vm/type-of.js'
import { getIndex, isEqual, putIndex } from '../vm/native-operations.js'
import { numberText } from '../vm/number-text.js'
import { notEnoughMemory } from '../vm/operations.js'
import type { LuaThread } from '../vm/state.js'
import { LuaTable } from '../vm/table.js'
import { FALLBACK, type LuaValue, type NativeFunction } from '../vm/value.js'
import type { Integer } from '../vm/integer.js'
import { checkLike, exactLength, get, LENGTH, READ, set, WRITE } from './table-access.js'
import { sort } from './table-sort.js'

/** The cost of moving an element in instructions. */
const ELEMENT = 12
/** The same if indexes are not small integers. */
const FAR_ELEMENT = 64
/** The number of elements that are moved at once in the time of an instruction. */
const MOVED_PER_INSTRUCTION = 16
const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

const insert: NativeFunction = (L) => {
  const t = checkLike(L, 1, READ | WRITE | LENGTH)
  const end = addIntegers(exactLength(L, t), 1)
  if (typeof end !== 'number' || end < 0) return insertFar(L, t, end)
  switch (argumentCount(L)) {
    case 2:
      set(L, t, end, argument(L, 2))
      return 0
    case 3: {
      const at = checkIndex(L, 2)
      if (at < 1 || at > end) throwArgumentError(L, 2, 'position out of bounds')
      if (
        t instanceof LuaTable &&
        t.metatable === null &&
        t.arr.length === end - 1 &&
        argument(L, 3) !== undefined &&
        at < end
      ) {
        t.setInt(end, t.arr[end - 2])
        // that may have changed the size of the array part
        if (t.arr.length >= end - 1) {
          t.arr.splice(at - 1, 0, argument(L, 3))
          t.arr.splice(end - 1, 1)
          workOn(L, end - at, MOVED_PER_INSTRUCTION)
          return 0
        }
      }
      for (let i = end; i > at; i--, work(L, ELEMENT)) set(L, t, i, get(L, t, i - 1))
      set(L, t, at, argument(L, 3))
      return 0
    }
  }
  return throwError(L, "wrong number of arguments to 'insert'")
}
/** The same for negative lengths and those beyond the safe integers; the successor of the largest integer is the smallest one. */
const insertFar = (L: LuaThread, t: LuaValue, end: Integer): number => {
  const count = argumentCount(L)
  if (count < 2 || count > 3) throwError(L, "wrong number of arguments to 'insert'")
  const at = count === 2 ? end : checkInteger(L, 2)
  if (count === 3 && !lessUnsigned(addIntegers(at, -1), end)) throwArgumentError(L, 2, 'position out of bounds')
  for (let i = end; i > at; work(L, FAR_ELEMENT)) {
    const before = addIntegers(i, -1)
    putIndex(L, t, i, getIndex(L, t, before))
    i = before
  }
  putIndex(L, t, at, argument(L, count))
  return 0
}

insert.direct2 = (L, t, value) => {
  if (!(t instanceof LuaTable) || t.metatable !== null || value === undefined) return FALLBACK
  t.setInt(t.length + 1, value)
  L.nret = 0
  return undefined
}

const remove: NativeFunction = (L) => {
  const t = checkLike(L, 1, READ | WRITE | LENGTH)
  const size = exactLength(L, t)
  if (typeof size !== 'number' || size < 0) return removeFar(L, t, size)
  const at = argument(L, 2) === undefined ? size : checkIndex(L, 2)
  if (at !== size && (at < 1 || at > size + 1)) throwArgumentError(L, removed(L), 'position out of bounds')
  const value = get(L, t, at)
  if (t instanceof LuaTable && t.metatable === null && t.arr.length === size && at >= 1 && at < size) {
    t.arr.splice(at - 1, 1)
    workOn(L, size - at, MOVED_PER_INSTRUCTION)
    return give(L, value)
  }
  let i = at
  for (; i < size; i++, work(L, ELEMENT)) set(L, t, i, get(L, t, i + 1))
  set(L, t, i, undefined)
  return give(L, value)
}

/** The number of the argument in the error about a wrong position: 5.3 and 5.4 up to 5.4.4 name the table. */
const removed = (L: LuaThread): number => (L.l_G.lua54 ? 2 : 1)

/** The same for negative lengths and those beyond the safe integers. */
const removeFar = (L: LuaThread, t: LuaValue, size: Integer): number => {
  let at = argument(L, 2) === undefined ? size : checkInteger(L, 2)
  if (at !== size && lessUnsigned(size, addIntegers(at, -1)))
    throwArgumentError(L, removed(L), 'position out of bounds')
  const value = getIndex(L, t, at)
  for (; at < size; work(L, FAR_ELEMENT)) {
    const after = addIntegers(at, 1)
    putIndex(L, t, at, getIndex(L, t, after))
    at = after
  }
  putIndex(L, t, at, undefined)
  return give(L, value)
}

const unfit = (L: LuaThread, value: LuaValue, i: Integer): never =>
  throwError(L, `invalid value (${plainTypeName(value)}) at index ${i} in table for 'concat'`)

const concat: NativeFunction = (L) => {
  const t = checkLike(L, 1, READ | LENGTH)
  const size = exactLength(L, t)
  const separator = argument(L, 2) === undefined ? '' : checkText(L, 2)
  const from = argument(L, 3) === undefined ? 1 : checkInteger(L, 3)
  const to = argument(L, 4) === undefined ? size : checkInteger(L, 4)
  let text = ''
  for (let i = from; i <= to; i = addIntegers(i, 1)) {
    const value = typeof i === 'number' ? get(L, t, i) : getIndex(L, t, i)
    const part = typeof value === 'string' ? value : (numberText(value) ?? unfit(L, value, i))
    text += i === from ? part : separator + part
    work(L, 1 + Math.floor((part.length + separator.length) / BYTES_PER_INSTRUCTION))
    if (text.length > L.l_G.longestText) notEnoughMemory(L)
    if (i === MAX_INTEGER) break
  }
  return give(L, text)
}

const pack: NativeFunction = (L) => {
  const { base } = L.ci
  const t = new LuaTable(L.top - base - 1, 1)
  t.setList(1, L.stack.slice(base + 1, L.top))
  workOn(L, L.top - base, MOVED_PER_INSTRUCTION)
  t.setKey('n', L.top - base - 1)
  return give(L, t)
}

const MOST_RESULTS = 1_000_000

const unpack: NativeFunction = (L) => {
  const t = argument(L, 1)
  const from = argument(L, 2) === undefined ? 1 : checkInteger(L, 2)
  const to = argument(L, 3) === undefined ? exactLength(L, t) : checkInteger(L, 3)
  if (from > to) return 0
  const count = BigInt(to) - BigInt(from) + 1n
  if (count >= MOST_RESULTS) throwError(L, 'too many results to unpack')
  for (let j = 0; j < count; j++, work(L)) {
    const i = addIntegers(from, j)
    give(L, typeof i === 'number' ? get(L, t, i) : getIndex(L, t, i))
  }
  return Number(count)
}

const move: NativeFunction = (L) => {
  const from = checkInteger(L, 2)
  const to = checkInteger(L, 3)
  const at = checkInteger(L, 4)
  const n = argument(L, 5) === undefined ? 1 : 5
  const source = checkLike(L, 1, READ)
  const target = checkLike(L, n, WRITE)
  if (to >= from) {
    if (!(from > 0 || to < addIntegers(MAX_INTEGER, from))) throwArgumentError(L, 3, 'too many elements to move')
    const count = BigInt(to) - BigInt(from) + 1n
    if (BigInt(at) > BigInt(MAX_INTEGER) - count + 1n) throwArgumentError(L, 4, 'destination wrap around')
    const forward = at > to || at <= from || (n === 5 && !isEqual(L, source, target))
    const last = BigInt(at) + count
    if (typeof from === 'number' && typeof to === 'number' && typeof at === 'number' && last <= MOST_SAFE) {
      const steps = to - from + 1
      for (let j = 0; j < steps; j++, work(L, ELEMENT)) {
        const offset = forward ? j : steps - 1 - j
        set(L, target, at + offset, get(L, source, from + offset))
      }
      return give(L, target)
    }
    const step = (j: bigint) => {
      work(L, FAR_ELEMENT)
      putIndex(L, target, wrap(BigInt(at) + j), getIndex(L, source, wrap(BigInt(from) + j)))
    }
    if (forward) for (let j = 0n; j < count; j++) step(j)
    else for (let j = count - 1n; j >= 0n; j--) step(j)
  }
  return give(L, target)
}

export const TABLE_FUNCTIONS: Readonly<Record<string, NativeFunction>> = {
  concat,
  insert,
  move,
  pack,
  remove,
  sort,
  unpack,
}
