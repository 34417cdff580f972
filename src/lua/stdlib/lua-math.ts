/** The library math (lmathlib.c) for 64-bit integers; the host provides the seed of its generator. */
import {
  argument,
  argumentCount,
  checkFloat,
  checkInt,
  checkInteger,
  checkAny,
  checkNumber,
  give,
  throwArgumentError,
  throwError,
} from '../vm/arguments.js'
import { fromFloat, lessUnsigned, MAX_INTEGER, MIN_INTEGER, negate, wrap } from '../vm/integer.js'
import { exponentOf, timesPowerOf2 } from '../vm/double.js'
import { toInteger } from '../vm/number-text.js'
import { isLess } from '../vm/native-operations.js'
import { rawArithmetic, Arithmetic } from '../vm/operations.js'
import type { LuaThread } from '../vm/state.js'
import { FALLBACK, LuaFloat, POSITIVE_NAN, type LuaValue, type NativeFunction } from '../vm/value.js'
import type { Integer } from '../vm/integer.js'
import { Xoshiro } from './xoshiro.js'

const float =
  (f: (x: number) => number): NativeFunction =>
  (L) =>
    give(L, new LuaFloat(f(checkFloat(L, 1))))

/** An integer if the float has an integer representation, otherwise the float. */
const rounded = (n: number): LuaValue => fromFloat(n) ?? new LuaFloat(n)

const isInteger = (value: LuaValue): value is Integer => typeof value === 'number' || typeof value === 'bigint'

const floor: NativeFunction = (L) => {
  const value = checkNumber(L, 1)
  return give(L, isInteger(value) ? value : rounded(Math.floor(value.n)))
}
floor.direct1 = (_, x) => (typeof x === 'number' ? x : x instanceof LuaFloat ? rounded(Math.floor(x.n)) : FALLBACK)

const ceil: NativeFunction = (L) => {
  const value = checkNumber(L, 1)
  return give(L, isInteger(value) ? value : rounded(Math.ceil(value.n)))
}

const abs: NativeFunction = (L) => {
  const value = argument(L, 1)
  if (isInteger(value)) return give(L, value < 0 ? negate(value) : value)
  const n = checkFloat(L, 1)
  return give(L, n !== n ? POSITIVE_NAN : new LuaFloat(Math.abs(n)))
}
abs.direct1 = (_, x) => (typeof x === 'number' ? Math.abs(x) : FALLBACK)

const fmod: NativeFunction = (L) => {
  const [a, b] = [argument(L, 1), argument(L, 2)]
  if (!isInteger(a) || !isInteger(b)) {
    // the second argument is checked first: C compilers evaluate arguments in that order
    const divisor = checkFloat(L, 2)
    return give(L, new LuaFloat(checkFloat(L, 1) % divisor))
  }
  if (b === 0) throwArgumentError(L, 2, 'zero')
  return give(L, typeof a === 'number' && typeof b === 'number' ? (a % b) + 0 : wrap(BigInt(a) % BigInt(b)))
}

const modf: NativeFunction = (L) => {
  const value = checkNumber(L, 1)
  if (isInteger(value)) {
    give(L, value)
    give(L, new LuaFloat(0))
    return 2
  }
  const { n } = value
  const whole = n >= 0 ? Math.floor(n) : Math.ceil(n)
  give(L, rounded(whole))
  give(L, new LuaFloat(n === whole ? 0 : n - whole))
  return 2
}

const tointeger: NativeFunction = (L) => {
  const value = argument(L, 1)
  const integer = toInteger(value)
  if (integer === undefined) checkAny(L, 1)
  return give(L, integer)
}

const type: NativeFunction = (L) => {
  const value = argument(L, 1)
  if (value === undefined) checkAny(L, 1)
  return give(L, isInteger(value) ? 'integer' : value instanceof LuaFloat ? 'float' : undefined)
}

const extreme =
  (isBetter: (L: LuaThread, a: LuaValue, b: LuaValue) => boolean): NativeFunction =>
  (L) => {
    const count = argumentCount(L)
    if (count < 1) throwArgumentError(L, 1, 'value expected')
    let best: LuaValue = argument(L, 1)
    for (let i = 2; i <= count; i++) {
      const value = argument(L, i)
      if (isBetter(L, value, best)) best = value
    }
    return give(L, best)
  }

const max = extreme((L, a, b) => isLess(L, b, a))
max.direct2 = (_, a, b) => (typeof a === 'number' && typeof b === 'number' ? (a > b ? a : b) : FALLBACK)
const min = extreme(isLess)
min.direct2 = (_, a, b) => (typeof a === 'number' && typeof b === 'number' ? (a < b ? a : b) : FALLBACK)

const log: NativeFunction = (L) => {
  const x = checkFloat(L, 1)
  if (argument(L, 2) === undefined) return give(L, new LuaFloat(Math.log(x)))
  const base = checkFloat(L, 2)
  if (base === 2) return give(L, new LuaFloat(Math.log2(x)))
  if (base === 10) return give(L, new LuaFloat(Math.log10(x)))
  return give(L, new LuaFloat(Math.log(x) / Math.log(base)))
}

const atan: NativeFunction = (L) => {
  const y = checkFloat(L, 1)
  return give(L, new LuaFloat(Math.atan2(y, argument(L, 2) === undefined ? 1 : checkFloat(L, 2))))
}

const pow: NativeFunction = (L) =>
  give(L, rawArithmetic(L, Arithmetic.POW, new LuaFloat(checkFloat(L, 1)), new LuaFloat(checkFloat(L, 2))))

const ult: NativeFunction = (L) => give(L, lessUnsigned(checkInteger(L, 1), checkInteger(L, 2)))

const sqrt = float(Math.sqrt)
sqrt.direct1 = (_, x) =>
  typeof x === 'number' ? new LuaFloat(Math.sqrt(x)) : x instanceof LuaFloat ? new LuaFloat(Math.sqrt(x.n)) : FALLBACK

const FUNCTIONS: Readonly<Record<string, NativeFunction>> = {
  abs,
  ceil,
  floor,
  max,
  min,
  fmod,
  modf,
  tointeger,
  type,
  ult,
  sqrt,
  log,
  atan,
  exp: float(Math.exp),
  sin: float(Math.sin),
  cos: float(Math.cos),
  tan: float(Math.tan),
  asin: float(Math.asin),
  acos: float(Math.acos),
  deg: float((x) => x * (180 / Math.PI)),
  rad: float((x) => x * (Math.PI / 180)),
}

/** Converts an integer to a C `int`, as the cast `(int)` does. */
const ldexp: NativeFunction = (L) => give(L, new LuaFloat(timesPowerOf2(checkFloat(L, 1), checkInt(L, 2))))

/** Splits a number into a fraction in [0.5, 1) and a power of 2. */
const frexp: NativeFunction = (L) => {
  const n = checkFloat(L, 1)
  const exponent = n === 0 || !Number.isFinite(n) ? 0 : exponentOf(n) + 1
  give(L, new LuaFloat(timesPowerOf2(n, -exponent)))
  return 1 + give(L, exponent)
}

/** Functions of older versions (LUA_COMPAT_MATHLIB), which Debian's builds of 5.3 and 5.4 include, as does HAProxy's Lua. */
const COMPATIBLE: Readonly<Record<string, NativeFunction>> = {
  atan2: atan,
  pow,
  ldexp,
  frexp,
  cosh: float(Math.cosh),
  sinh: float(Math.sinh),
  tanh: float(Math.tanh),
  log10: float(Math.log10),
}

export const MATH_CONSTANTS: Readonly<Record<string, LuaValue>> = {
  pi: new LuaFloat(Math.PI),
  huge: new LuaFloat(Infinity),
  maxinteger: MAX_INTEGER,
  mininteger: MIN_INTEGER,
}

/**
 * `math.random` and `math.randomseed` with a separate generator, xoshiro256** as in Lua 5.4.
 *
 * @param seed returns 64 bits, for the initial seed and for random seeds
 */
const randomFunctions = (seed: () => bigint): Readonly<Record<string, NativeFunction>> => {
  const generator = new Xoshiro(seed(), seed())
  const random: NativeFunction = (L) => {
    const count = argumentCount(L)
    // a failing call draws a number, too
    const drawn = generator.next()
    if (count === 0) return give(L, new LuaFloat(Xoshiro.toFloat(drawn)))
    if (count > 2) throwError(L, 'wrong number of arguments')
    const low = count === 1 ? 1 : checkInteger(L, 1)
    const high = checkInteger(L, count)
    if (count === 1 && high === 0 && L.l_G.lua54) return give(L, wrap(drawn))
    if (low > high) throwArgumentError(L, 1, 'interval is empty')
    return give(L, wrap(BigInt(low) + generator.upTo(BigInt(high) - BigInt(low), drawn)))
  }
  const randomseed: NativeFunction = (L) => {
    const given = argumentCount(L) > 0
    const [a, b] = given ? [seedPart(L, 1), argument(L, 2) === undefined ? 0n : seedPart(L, 2)] : [seed(), seed()]
    generator.seed(a, b)
    if (!L.l_G.lua54) return 0
    give(L, wrap(a))
    give(L, wrap(b))
    return 2
  }
  return { random, randomseed }
}

/** Truncates floats that have no integer representation. */
const seedPart = (L: LuaThread, n: number): bigint => {
  const value = checkNumber(L, n)
  if (isInteger(value)) return BigInt(value)
  const integer = fromFloat(value.n)
  if (integer !== undefined) return BigInt(integer)
  return L.l_G.lua54
    ? (throwArgumentError(L, n, 'number has no integer representation') as never)
    : BigInt(Math.trunc(value.n) || 0)
}

export const mathFunctions = (seed: () => bigint): Readonly<Record<string, NativeFunction>> => ({
  ...FUNCTIONS,
  ...COMPATIBLE,
  ...randomFunctions(seed),
})
