/** Lua's operators for operands that the fast paths of translated code do not cover (lvm.c). */
import { callMeta, callMeta2 } from './call.js'
import { arithmeticError, concatError, Operand, orderError, runtimeError, throwValue, typeError } from './errors.js'
import * as integer from './integer.js'
import { fastMetamethod, metamethodOf } from './metamethod.js'
import { numberText, toFloat, toInteger } from './number-text.js'
import { power } from './power.js'
import { ERRMEM, NEGATED, type LuaThread } from './state.js'
import { LuaTable } from './table.js'
import {
  isFalse,
  isFunction,
  LuaFloat,
  POSITIVE_NAN,
  SUSPENDED,
  Userdata,
  type LuaValue,
  type Result,
} from './value.js'
import type { Integer } from './integer.js'

const MOST_LOOPS = 2000

/** `o[key]`. */
export const index = (L: LuaThread, o: LuaValue, key: LuaValue): Result => {
  let object = o
  for (let loop = 0; loop < MOST_LOOPS; loop++) {
    let method: LuaValue
    if (object instanceof LuaTable) {
      const value = object.get(key)
      if (value !== undefined) return value
      method = fastMetamethod(object.metatable, '__index')
      if (method === undefined) return undefined
    } else {
      method = metamethodOf(L, object, '__index')
      if (method === undefined) return indexError(L, object, key, loop)
    }
    if (isFunction(method)) return callMeta2(L, method, object, key)
    object = method
  }
  // a field of the last object is found, but its metatable is not considered
  const last = object instanceof LuaTable ? object.get(key) : undefined
  return last ?? runtimeError(L, "'__index' chain too long; possible loop")
}

const indexError = (L: LuaThread, object: LuaValue, _key: LuaValue, loop: number): never =>
  typeError(L, object, 'index', loop === 0 ? Operand.INDEXED : Operand.UNKNOWN)

/** `o[key] = value`. */
export const setIndex = (L: LuaThread, o: LuaValue, key: LuaValue, value: LuaValue): Result => {
  let object = o
  for (let loop = 0; loop < MOST_LOOPS; loop++) {
    let method: LuaValue
    if (object instanceof LuaTable) {
      const mt = object.metatable
      if (mt === null || (method = mt.meta('__newindex')) === undefined || object.get(key) !== undefined) {
        rawSet(L, object, key, value)
        return undefined
      }
    } else {
      method = metamethodOf(L, object, '__newindex')
      if (method === undefined) return indexError(L, object, key, loop)
    }
    if (isFunction(method)) return callMeta(L, method, [object, key, value])
    object = method
  }
  if (!(object instanceof LuaTable) || object.get(key) === undefined)
    return runtimeError(L, "'__newindex' chain too long; possible loop")
  rawSet(L, object, key, value)
  return undefined
}

/** Sets an entry; throws Lua's errors for invalid keys. */
export const rawSet = (L: LuaThread, table: LuaTable, key: LuaValue, value: LuaValue): void => {
  if (key === undefined) runtimeError(L, 'table index is nil')
  if (key instanceof LuaFloat && key.n !== key.n) runtimeError(L, 'table index is NaN')
  table.set(key, value)
}

/** Arithmetic operators, in the order of the instructions and of the C API. */
export const enum Arithmetic {
  ADD,
  SUB,
  MUL,
  MOD,
  POW,
  DIV,
  IDIV,
  BAND,
  BOR,
  BXOR,
  SHL,
  SHR,
  UNM,
  BNOT,
}

const METHODS = [
  '__add',
  '__sub',
  '__mul',
  '__mod',
  '__pow',
  '__div',
  '__idiv',
  '__band',
  '__bor',
  '__bxor',
  '__shl',
  '__shr',
  '__unm',
  '__bnot',
] as const

const isInteger = (value: LuaValue): value is Integer => typeof value === 'number' || typeof value === 'bigint'

/** An arithmetic operator; for unary ones `b` is `a`. */
export const arithmetic = (L: LuaThread, op: Arithmetic, a: LuaValue, b: LuaValue): Result => {
  const value = rawArithmetic(L, op, a, b)
  return value === undefined ? arithmeticThrough(L, op, a, b) : value
}

const isBitwise = (op: Arithmetic): boolean => (op >= Arithmetic.BAND && op <= Arithmetic.SHR) || op === Arithmetic.BNOT

/** The operator without metamethods; undefined if the operands are of other types. In 5.3, strings are converted to numbers. */
export const rawArithmetic = (
  L: LuaThread | undefined,
  op: Arithmetic,
  a: LuaValue,
  b: LuaValue,
): Integer | LuaFloat | undefined => {
  if (isBitwise(op)) {
    const numeric = L?.l_G.lua54 && (typeof a === 'string' || typeof b === 'string') ? undefined : a
    const [m, n] = [toInteger(numeric), toInteger(b)]
    return m === undefined || n === undefined ? undefined : onIntegers(L, op, m, n)
  }
  if (isInteger(a) && isInteger(b) && op !== Arithmetic.POW && op !== Arithmetic.DIV) return onIntegers(L, op, a, b)
  const strings = L !== undefined && !L.l_G.lua54
  const x = typeof a === 'string' && !strings ? undefined : toFloat(a)
  const y = typeof b === 'string' && !strings ? undefined : toFloat(b)
  if (x === undefined || y === undefined) return undefined
  if (op === Arithmetic.UNM && x !== x) return a === POSITIVE_NAN ? new LuaFloat(NaN) : POSITIVE_NAN
  return new LuaFloat(onFloats(op, x, y))
}

const onIntegers = (L: LuaThread | undefined, op: Arithmetic, a: Integer, b: Integer): Integer | undefined => {
  switch (op) {
    case Arithmetic.ADD:
      return integer.addIntegers(a, b)
    case Arithmetic.SUB:
      return integer.subtractIntegers(a, b)
    case Arithmetic.MUL:
      return integer.multiplyIntegers(a, b)
    case Arithmetic.MOD:
      if (b === 0) return L && runtimeError(L, "attempt to perform 'n%0'")
      return integer.moduloIntegers(a, b)
    case Arithmetic.IDIV:
      if (b === 0) return L && runtimeError(L, 'attempt to divide by zero')
      return integer.divideIntegers(a, b)
    case Arithmetic.BAND:
      return integer.and(a, b)
    case Arithmetic.BOR:
      return integer.or(a, b)
    case Arithmetic.BXOR:
      return integer.xor(a, b)
    case Arithmetic.SHL:
      return integer.shiftIntegerLeft(a, b)
    case Arithmetic.SHR:
      return integer.shiftIntegerRight(a, b)
    case Arithmetic.UNM:
      return integer.negate(a)
    case Arithmetic.BNOT:
      return integer.not(a)
  }
  return undefined
}

const onFloats = (op: Arithmetic, x: number, y: number): number => {
  switch (op) {
    case Arithmetic.ADD:
      return x + y
    case Arithmetic.SUB:
      return x - y
    case Arithmetic.MUL:
      return x * y
    case Arithmetic.DIV:
      return x / y
    case Arithmetic.POW:
      return power(x, y)
    case Arithmetic.IDIV:
      return Math.floor(x / y)
    case Arithmetic.MOD: {
      const rest = x % y
      return (rest > 0 ? y < 0 : rest < 0 && y > rest) ? rest + y : rest
    }
  }
  return -x
}

const arithmeticThrough = (L: LuaThread, op: Arithmetic, a: LuaValue, b: LuaValue): Result => {
  const method = metamethodOf(L, a, METHODS[op]!) ?? metamethodOf(L, b, METHODS[op]!)
  return method === undefined ? arithmeticError(L, a, b, isBitwise(op)) : callMeta2(L, method, a, b)
}

/** `a == b`; SUSPENDED if a metamethod yields. */
export const equals = (L: LuaThread, a: LuaValue, b: LuaValue): Result => {
  if (a === b) return !(a instanceof LuaFloat) || a.n === a.n
  if (a instanceof LuaFloat) return b instanceof LuaFloat ? a.n === b.n : isInteger(b) && a.n == b
  if (b instanceof LuaFloat) return isInteger(a) && a == b.n
  const tables = a instanceof LuaTable && b instanceof LuaTable
  if (!tables && !(a instanceof Userdata && b instanceof Userdata)) return false
  const method = fastMetamethod(a.metatable, '__eq') ?? fastMetamethod(b.metatable, '__eq')
  return method === undefined ? false : truth(callMeta2(L, method, a, b))
}

export const rawEquals = (a: LuaValue, b: LuaValue): boolean => {
  if (a === b) return !(a instanceof LuaFloat) || a.n === a.n
  if (a instanceof LuaFloat) return b instanceof LuaFloat ? a.n === b.n : isInteger(b) && a.n == b
  return b instanceof LuaFloat && isInteger(a) && a == b.n
}

const truth = (value: Result): Result => (value === SUSPENDED ? value : !isFalse(value))

const comparable = (value: LuaValue): Integer | undefined => {
  if (isInteger(value)) return value
  return value instanceof LuaFloat ? value.n : undefined
}

/** `a < b`. JavaScript compares integers, floats and bigints exactly, and strings as C's locale does. */
export const lessThan = (L: LuaThread, a: LuaValue, b: LuaValue): Result => {
  if (typeof a === 'string' && typeof b === 'string') return a < b
  const [x, y] = [comparable(a), comparable(b)]
  if (x !== undefined && y !== undefined) return x < y
  const method = metamethodOf(L, a, '__lt') ?? metamethodOf(L, b, '__lt')
  return method === undefined ? orderError(L, a, b) : truth(callMeta2(L, method, a, b))
}

/**
 * `a <= b`. `not (b < a)` replaces a missing `__le`: in 5.3, and in 5.4 as distributions build it (LUA_COMPAT_LT_LE),
 * which HAProxy's packages use.
 */
export const lessEqual = (L: LuaThread, a: LuaValue, b: LuaValue): Result => {
  if (typeof a === 'string' && typeof b === 'string') return a <= b
  const [x, y] = [comparable(a), comparable(b)]
  if (x !== undefined && y !== undefined) return x <= y
  const method = metamethodOf(L, a, '__le') ?? metamethodOf(L, b, '__le')
  if (method !== undefined) return truth(callMeta2(L, method, a, b))
  const other = metamethodOf(L, b, '__lt') ?? metamethodOf(L, a, '__lt')
  if (other === undefined) return orderError(L, a, b)
  const { ci } = L
  ci.callstatus |= NEGATED
  const less = callMeta2(L, other, b, a)
  if (less === SUSPENDED) return SUSPENDED
  ci.callstatus &= ~NEGATED
  return isFalse(less)
}

/** `#o`. */
export const length = (L: LuaThread, o: LuaValue): Result => {
  if (typeof o === 'string') return o.length
  let method: LuaValue
  if (o instanceof LuaTable) {
    method = fastMetamethod(o.metatable, '__len')
    if (method === undefined) return o.length
  } else {
    method = metamethodOf(L, o, '__len')
    if (method === undefined) return typeError(L, o, 'get length of', Operand.FIRST)
  }
  return callMeta2(L, method, o, o)
}

/** Concatenations that result in longer strings are counted as work. */
const LONG = 65_536
const BYTES_PER_INSTRUCTION = 256

/** `a .. b`; `b` is in register `second` of the running instruction. */
export const concat = (L: LuaThread, a: LuaValue, b: LuaValue, second: number): Result => {
  const x = typeof a === 'string' ? a : numberText(a)
  const y = typeof b === 'string' ? b : numberText(b)
  if (x !== undefined && y !== undefined) {
    const together = x.length + y.length
    if (together > LONG) {
      if (together > L.l_G.longestText) return notEnoughMemory(L)
      L.fuel -= Math.floor(together / BYTES_PER_INSTRUCTION)
    }
    return x + y
  }
  const method = metamethodOf(L, a, '__concat') ?? metamethodOf(L, b, '__concat')
  return method === undefined ? concatError(L, a, b, second) : callMeta2(L, method, a, b)
}

export const notEnoughMemory = (L: LuaThread): never => throwValue(L, 'not enough memory', ERRMEM)
