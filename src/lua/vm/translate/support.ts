/** The support library of translated code: operations that are not inlined. */
import { call0, call1, call2, call3, callMany, callMeta2, enter, settle, tailCallThrough } from '../call.js'
import { runtimeError } from '../errors.js'
import { tick } from '../hook.js'
import { begin, line, returns } from '../inspect.js'
import {
  addIntegers,
  and as andIntegers,
  divideIntegers,
  fromFloat,
  MAX_INTEGER,
  MIN_INTEGER,
  multiplyIntegers,
  normal,
  or as orIntegers,
  shiftIntegerLeft as shiftLeftIntegers,
  shiftIntegerRight as shiftRightIntegers,
  subtractIntegers,
  xor as xorIntegers,
} from '../integer.js'
import { toFloat } from '../number-text.js'
import {
  Arithmetic,
  arithmetic,
  concat,
  equals,
  index,
  length,
  lessEqual,
  lessThan,
  rawEquals,
  setIndex,
} from '../operations.js'
import { nextFunction } from '../../stdlib/next.js'
import { results } from '../results.js'
import { tailCall } from '../set-aside.js'
import type { LuaThread } from '../state.js'
import { LuaTable } from '../table.js'
import { closeVariables, markToClose } from '../to-close.js'
import { LuaClosure, LuaFloat, SUSPENDED, UpValue, type LuaValue, type Result } from '../value.js'
import type { Integer } from '../integer.js'
import { typeName } from '../type-of.js'

const isInteger = (value: LuaValue): value is Integer => typeof value === 'number' || typeof value === 'bigint'

export const add = (L: LuaThread, a: LuaValue, b: LuaValue): Result => {
  if (a instanceof LuaFloat) {
    if (b instanceof LuaFloat) return new LuaFloat(a.n + b.n)
    if (typeof b === 'number') return new LuaFloat(a.n + b)
  } else if (typeof a === 'number') {
    if (b instanceof LuaFloat) return new LuaFloat(a + b.n)
    if (isInteger(b)) return addIntegers(a, b)
  } else if (typeof a === 'bigint' && isInteger(b)) return addIntegers(a, b)
  return arithmetic(L, Arithmetic.ADD, a, b)
}

export const subtract = (L: LuaThread, a: LuaValue, b: LuaValue): Result => {
  if (a instanceof LuaFloat) {
    if (b instanceof LuaFloat) return new LuaFloat(a.n - b.n)
    if (typeof b === 'number') return new LuaFloat(a.n - b)
  } else if (typeof a === 'number') {
    if (b instanceof LuaFloat) return new LuaFloat(a - b.n)
    if (isInteger(b)) return subtractIntegers(a, b)
  } else if (typeof a === 'bigint' && isInteger(b)) return subtractIntegers(a, b)
  return arithmetic(L, Arithmetic.SUB, a, b)
}

/** `a - 0` with the integer as a constant: Lua 5.4 adds -0 instead, which is 0 for an integer, so that -0.0 becomes 0.0. */
export const minusZero = (L: LuaThread, a: LuaValue): Result =>
  a instanceof LuaFloat && L.l_G.lua54 ? new LuaFloat(a.n + 0) : subtract(L, a, 0)

export const multiply = (L: LuaThread, a: LuaValue, b: LuaValue): Result => {
  if (a instanceof LuaFloat) {
    if (b instanceof LuaFloat) return new LuaFloat(a.n * b.n)
    if (typeof b === 'number') return new LuaFloat(a.n * b)
  } else if (isInteger(a)) {
    if (isInteger(b)) return multiplyIntegers(a, b)
    if (b instanceof LuaFloat && typeof a === 'number') return new LuaFloat(a * b.n)
  }
  return arithmetic(L, Arithmetic.MUL, a, b)
}

export const divide = (L: LuaThread, a: LuaValue, b: LuaValue): Result => {
  const x = typeof a === 'number' ? a : a instanceof LuaFloat ? a.n : undefined
  const y = typeof b === 'number' ? b : b instanceof LuaFloat ? b.n : undefined
  return x === undefined || y === undefined ? arithmetic(L, Arithmetic.DIV, a, b) : new LuaFloat(x / y)
}

/** `a % b`; the fast path for integers is the most frequent case. */
export const modulo = (L: LuaThread, a: LuaValue, b: LuaValue): Result => {
  if (typeof a === 'number' && typeof b === 'number' && b > 0) {
    const rest = a % b
    return rest < 0 ? rest + b : rest + 0
  }
  return arithmetic(L, Arithmetic.MOD, a, b)
}

export const floorDivide = (L: LuaThread, a: LuaValue, b: LuaValue): Result => {
  if (typeof a === 'number' && typeof b === 'number' && b !== 0) return divideIntegers(a, b)
  return arithmetic(L, Arithmetic.IDIV, a, b)
}

export const bitAnd = (L: LuaThread, a: LuaValue, b: LuaValue): Result =>
  isInteger(a) && isInteger(b) ? andIntegers(a, b) : arithmetic(L, Arithmetic.BAND, a, b)

export const bitOr = (L: LuaThread, a: LuaValue, b: LuaValue): Result =>
  isInteger(a) && isInteger(b) ? orIntegers(a, b) : arithmetic(L, Arithmetic.BOR, a, b)

export const bitXor = (L: LuaThread, a: LuaValue, b: LuaValue): Result =>
  isInteger(a) && isInteger(b) ? xorIntegers(a, b) : arithmetic(L, Arithmetic.BXOR, a, b)

export const shiftLeft = (L: LuaThread, a: LuaValue, b: LuaValue): Result =>
  isInteger(a) && isInteger(b) ? shiftLeftIntegers(a, b) : arithmetic(L, Arithmetic.SHL, a, b)

export const shiftRight = (L: LuaThread, a: LuaValue, b: LuaValue): Result =>
  isInteger(a) && isInteger(b) ? shiftRightIntegers(a, b) : arithmetic(L, Arithmetic.SHR, a, b)

/** `t[key]` for a constant string key that the table `t` does not have, or for another value of `t`. */
export const getMissing = (L: LuaThread, t: LuaValue, key: string): Result => {
  if (t instanceof LuaTable) {
    if (t.metatable === null) return undefined
    const method = t.metatable.meta('__index')
    if (method === undefined) return undefined
    if (method instanceof LuaTable) {
      const value = method.getKey(key)
      if (value !== undefined) return value
    }
  }
  return index(L, t, key)
}

/** `t:key`, which is mostly found in the table `__index` of the metatable. */
export const getMethod = (L: LuaThread, t: LuaValue, key: LuaValue): Result => {
  if (t instanceof LuaTable && typeof key === 'string') {
    const value = t.getKey(key)
    return value === undefined ? getMissing(L, t, key) : value
  }
  return index(L, t, key)
}

/** `t[key]` for any key. */
export const getItem = (L: LuaThread, t: LuaValue, key: LuaValue): Result => {
  if (t instanceof LuaTable) {
    const value = t.get(key)
    if (value !== undefined || t.metatable === null) return value
  }
  return index(L, t, key)
}

export const setField = (L: LuaThread, t: LuaValue, key: string, value: LuaValue): Result => {
  if (t instanceof LuaTable && t.metatable === null) {
    t.setKey(key, value)
    return undefined
  }
  return setIndex(L, t, key, value)
}

export const setItem = (L: LuaThread, t: LuaValue, key: LuaValue, value: LuaValue): Result => {
  if (t instanceof LuaTable && t.metatable === null) {
    if (typeof key === 'number') {
      t.setInt(key, value)
      return undefined
    }
    if (typeof key === 'string') {
      t.setKey(key, value)
      return undefined
    }
  }
  return setIndex(L, t, key, value)
}

/** The control values of a numeric `for` after its preparation; undefined if its body is not executed. */
export interface Loop {
  readonly init: Integer | LuaFloat
  readonly limit: Integer | LuaFloat
  readonly step: Integer | LuaFloat
}

export const prepareLoop = (L: LuaThread, init: LuaValue, limit: LuaValue, step: LuaValue): Loop | undefined => {
  if (isInteger(init) && isInteger(step)) {
    if (step === 0 && L.l_G.lua54) runtimeError(L, "'for' step is zero")
    const last = loopLimit(L, limit, step)
    if (last === undefined) return undefined
    return (step > 0 ? init <= last : init >= last) ? { init, limit: last, step } : undefined
  }
  const l = loopNumber(L, limit, 'limit')
  const s = loopNumber(L, step, 'step')
  const i = loopNumber(L, init, 'initial value')
  if (s === 0 && L.l_G.lua54) runtimeError(L, "'for' step is zero")
  // a limit that is NaN ends a loop of 5.4 after its first iteration
  const isOver = L.l_G.lua54 ? (s > 0 ? l < i : i < l) : !(s > 0 ? i <= l : l <= i)
  if (isOver) return undefined
  return { init: new LuaFloat(i), limit: new LuaFloat(l), step: new LuaFloat(s) }
}

const loopNumber = (L: LuaThread, value: LuaValue, what: string): number => {
  const n = toFloat(value)
  if (n !== undefined) return n
  return runtimeError(
    L,
    L.l_G.lua54 ? `bad 'for' ${what} (number expected, got ${typeName(value)})` : `'for' ${what} must be a number`,
  )
}

/** The last integer within a limit of any type; undefined if the loop does not run (`forlimit` in lvm.c, including NaN). */
const loopLimit = (L: LuaThread, limit: LuaValue, step: Integer): Integer | undefined => {
  if (isInteger(limit)) return limit
  const n = loopNumber(L, limit, 'limit')
  const rounded = fromFloat(step > 0 ? Math.floor(n) : Math.ceil(n))
  if (rounded !== undefined) return rounded
  if (n > 0) return step > 0 ? MAX_INTEGER : undefined
  return step > 0 ? undefined : MIN_INTEGER
}

/** The next value of a loop whose control values are not all small integers; undefined at its end. */
export const advanceLoop = (i: LuaValue, limit: LuaValue, step: LuaValue): Integer | LuaFloat | undefined => {
  if (i instanceof LuaFloat) {
    const next = i.n + (step as LuaFloat).n
    return ((step as LuaFloat).n > 0 ? next <= (limit as LuaFloat).n : (limit as LuaFloat).n <= next)
      ? new LuaFloat(next)
      : undefined
  }
  const next = BigInt(i as Integer) + BigInt(step as Integer)
  const within = (step as Integer) > 0 ? next <= (limit as Integer) : next >= (limit as Integer)
  return within ? addIntegers(i as Integer, step as Integer) : undefined
}

export {
  arithmetic,
  begin,
  call0,
  call1,
  call2,
  call3,
  callMany,
  callMeta2,
  closeVariables,
  concat,
  enter,
  equals,
  index,
  length,
  lessEqual,
  lessThan,
  line,
  LuaClosure,
  LuaFloat,
  LuaTable,
  markToClose,
  nextFunction,
  normal,
  rawEquals,
  results,
  returns,
  settle,
  SUSPENDED,
  tailCall,
  tailCallThrough,
  tick,
  UpValue,
}
