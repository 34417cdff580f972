/**
 * Lua's operators and calls for native functions. Operators of translated code (operations.ts) may leave a suspended metamethod, which that
 * code continues. A native function cannot be continued in the middle, so here metamethods finish before the operator returns, and cannot
 * yield, as in C ("attempt to yield across a C-call boundary").
 */
import { call2FromNative, callFromNative, finishFromNative } from './call.js'
import {
  arithmetic,
  concat,
  equals,
  index,
  length,
  lessEqual,
  lessThan,
  setIndex,
  type Arithmetic,
} from './operations.js'
import type { LuaThread } from './state.js'
import { LuaTable } from './table.js'
import { isFalse, type LuaValue, type Result } from './value.js'

type Operator = (L: LuaThread, a: LuaValue, b: LuaValue, c: LuaValue) => Result

const finished = (L: LuaThread, operator: Operator, a: LuaValue, b?: LuaValue, c?: LuaValue): LuaValue =>
  finishFromNative(L, true, operator, a, b, c) as LuaValue

/** Calls a value and returns the first result. */
export const callWithoutYield = (L: LuaThread, f: LuaValue, args: readonly LuaValue[]): LuaValue =>
  callFromNative(L, f, args, true) as LuaValue

export { call2FromNative as call2WithoutYield }

/** `o[key]`. */
export const getIndex = (L: LuaThread, o: LuaValue, key: LuaValue): LuaValue => {
  if (o instanceof LuaTable) {
    const value = o.get(key)
    if (value !== undefined || o.metatable === null) return value
  }
  return finished(L, index, o, key)
}

/** `o[key] = value`. */
export const putIndex = (L: LuaThread, o: LuaValue, key: LuaValue, value: LuaValue): void => {
  finished(L, setIndex, o, key, value)
}

/** `#o`; a metamethod may return a value of any type. */
export const getLength = (L: LuaThread, o: LuaValue): LuaValue =>
  o instanceof LuaTable && o.metatable === null ? o.length : finished(L, length, o)

/** `a == b`. */
export const isEqual = (L: LuaThread, a: LuaValue, b: LuaValue): boolean => !isFalse(finished(L, equals, a, b))

/** `a < b`. */
export const isLess = (L: LuaThread, a: LuaValue, b: LuaValue): boolean => !isFalse(finished(L, lessThan, a, b))

/** `a <= b`. */
export const isLessOrEqual = (L: LuaThread, a: LuaValue, b: LuaValue): boolean => !isFalse(finished(L, lessEqual, a, b))

/** `a .. b`. */
export const concatenate = (L: LuaThread, a: LuaValue, b: LuaValue): LuaValue => finished(L, concatOf, a, b)

const concatOf: Operator = (L, a, b) => concat(L, a, b, -1)

/** An arithmetic operator; for unary ones `b` is `a`. */
export const compute = (L: LuaThread, op: Arithmetic, a: LuaValue, b: LuaValue): LuaValue =>
  finished(L, arithmeticOf, op, a, b)

const arithmeticOf: Operator = (L, op, a, b) => arithmetic(L, op as Arithmetic, a, b)
