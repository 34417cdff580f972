/**
 * `x ^ y` with the results of C's `pow`. JavaScript's `**` is wrong in the last bit for one pair of operands in ten. For integer and
 * half-integer exponents, which are the most frequent and may have exact results, the power is computed with twice the precision and
 * rounded once.
 */
import { exponentOf, roundedPower, timesPowerOf2 } from './double.js'

/** The largest integer exponent for the exact algorithm; beyond it, results other than 0, 1 and infinity need a base very close to 1. */
const LARGEST = 2 ** 31

export const power = (x: number, y: number): number => {
  if (y === 2) return x * x
  if (x === 1 || y === 0) return 1
  if (x === -1 && (y === Infinity || y === -Infinity)) return 1
  if (!Number.isFinite(x) || x === 0) return x ** y
  if (Math.abs(y) >= LARGEST) return x ** y
  if (Number.isInteger(y)) return wholePower(x, y)
  if (!Number.isInteger(2 * y) || x < 0) return x ** y
  return y === 0.5 ? Math.sqrt(x) : powerOfRoot(x, 2 * y)
}

/** `high + low`, where low is at most half a unit in the last place of high. */
interface Pair {
  readonly high: number
  readonly low: number
}

const SPLIT = 2 ** 27 + 1

/** A product with its rounding error (Dekker 1971; Veltkamp's splitting). Factors are near 1, so that nothing overflows. */
const exactProduct = (a: number, b: number): Pair => {
  const high = a * b
  const [a1, b1] = [a * SPLIT, b * SPLIT]
  const [aHigh, bHigh] = [a1 - (a1 - a), b1 - (b1 - b)]
  const [aLow, bLow] = [a - aHigh, b - bHigh]
  return { high, low: aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow) }
}

/** @param low small beside `high` */
const pair = (high: number, low: number): Pair => {
  const sum = high + low
  return { high: sum, low: low - (sum - high) }
}

const product = (a: Pair, b: Pair): Pair => {
  const { high, low } = exactProduct(a.high, b.high)
  return pair(high, low + (a.high * b.low + a.low * b.high))
}

const reciprocal = (a: Pair): Pair => {
  const first = 1 / a.high
  const { high, low } = exactProduct(first, a.high)
  return pair(first, (1 - high - low - first * a.low) / a.high)
}

/** The power of `|x|`, with the sign of an odd power. @param y whole */
const wholePower = (x: number, y: number): number => {
  const exponent = exponentOf(x)
  const magnitude = raise({ high: timesPowerOf2(Math.abs(x), -exponent), low: 0 }, exponent, y)
  return x < 0 && y % 2 !== 0 ? -magnitude : magnitude
}

/** The power of the square root of `x`. @param y whole */
const powerOfRoot = (x: number, y: number): number => {
  const exponent = 2 * Math.floor(exponentOf(x) / 2)
  const square = timesPowerOf2(x, -exponent)
  const root = Math.sqrt(square)
  const { high, low } = exactProduct(root, root)
  return raise(pair(root, (square - high - low) / (2 * root)), exponent / 2, y)
}

/** `(base * 2^exponent) ^ y` by squaring; powers of 2 are kept apart, so that all factors stay between 1 and 2. */
const raise = (start: Pair, exponent: number, y: number): number => {
  let base = start
  let baseExponent = exponent
  let result: Pair = { high: 1, low: 0 }
  let resultExponent = 0
  for (let left = Math.abs(y); ;) {
    if (left % 2 === 1) {
      result = product(result, base)
      resultExponent += baseExponent
      if (result.high >= 2) {
        result = { high: result.high / 2, low: result.low / 2 }
        resultExponent++
      }
    }
    left = Math.floor(left / 2)
    if (left === 0) break
    base = product(base, base)
    baseExponent *= 2
    if (base.high >= 2) {
      base = { high: base.high / 2, low: base.low / 2 }
      baseExponent++
    }
  }
  if (y < 0) {
    result = reciprocal(result)
    resultExponent = -resultExponent
  }
  return roundedPower(result.high, result.low, resultExponent)
}
