/** Arithmetic on Lua's 64-bit integers: numbers while they are safe, bigints beyond; results wrap around. */
import type { Integer } from './value.js'

const MAX = Number.MAX_SAFE_INTEGER
export const MAX_INTEGER = 0x7fffffffffffffffn
export const MIN_INTEGER = -0x8000000000000000n

/** The integer that a bigint within 64 bits stands for. */
export const normal = (value: bigint): Integer =>
  value <= 9007199254740991n && value >= -9007199254740991n ? Number(value) : value

/** A bigint cut to 64 bits. */
export const wrap = (value: bigint): Integer => normal(BigInt.asIntN(64, value))

export const add = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (sum <= MAX && sum >= -MAX) return sum
  }
  return wrap(BigInt(a) + BigInt(b))
}

export const subtract = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (difference <= MAX && difference >= -MAX) return difference
  }
  return wrap(BigInt(a) - BigInt(b))
}

export const multiply = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (product <= MAX && product >= -MAX) return product + 0
  }
  return wrap(BigInt(a) * BigInt(b))
}

/** Rounds towards minus infinity; `b` is not 0. */
export const divide = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b
    const quotient = (a - rest) / b
    return (rest !== 0 && rest < 0 !== b < 0 ? quotient - 1 : quotient) + 0
  }
  const [m, n] = [BigInt(a), BigInt(b)]
  const rest = m % n
  const quotient = m / n
  return wrap(rest !== 0n && rest < 0n !== n < 0n ? quotient - 1n : quotient)
}

/** Has the sign of `b`, which is not 0. */
export const modulo = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b
    return (rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest) + 0
  }
  const n = BigInt(b)
  const rest = BigInt(a) % n
  return wrap(rest !== 0n && rest < 0n !== n < 0n ? rest + n : rest)
}

export const negate = (a: Integer): Integer => (typeof a === 'number' ? 0 - a : wrap(-a))

const small = (a: Integer): a is number => typeof a === 'number' && a === (a | 0)

export const and = (a: Integer, b: Integer): Integer => (small(a) && small(b) ? a & b : wrap(BigInt(a) & BigInt(b)))
export const or = (a: Integer, b: Integer): Integer => (small(a) && small(b) ? a | b : wrap(BigInt(a) | BigInt(b)))
export const xor = (a: Integer, b: Integer): Integer => (small(a) && small(b) ? a ^ b : wrap(BigInt(a) ^ BigInt(b)))
export const not = (a: Integer): Integer => (typeof a === 'number' && a !== -MAX ? -a - 1 : wrap(~BigInt(a)))

export const shiftLeft = (a: Integer, by: Integer): Integer => {
  if (by < 0) return shiftRight(a, negate(by))
  if (by >= 64) return 0
  if (typeof a === 'number') {
    const shifted = a * 2 ** Number(by)
    if (shifted <= MAX && shifted >= -MAX) return shifted
  }
  return wrap(BigInt(a) << BigInt(by))
}

/** Fills with zeros from the left. */
export const shiftRight = (a: Integer, by: Integer): Integer => {
  if (by >= 64) return 0
  if (by < 0) return by === MIN_INTEGER ? 0 : shiftLeft(a, negate(by))
  if (typeof a === 'number' && a >= 0) return Math.floor(a / 2 ** Number(by))
  return wrap(BigInt.asUintN(64, BigInt(a)) >> BigInt(by))
}

/** The integer that equals a float, if there is one. */
export const fromFloat = (n: number): Integer | undefined => {
  if (Number.isSafeInteger(n)) return n + 0
  if (n >= -9223372036854775808 && n < 9223372036854775808 && Math.floor(n) === n) return normal(BigInt(n))
  return undefined
}

/** `math.ult`. */
export const lessUnsigned = (a: Integer, b: Integer): boolean => {
  if (a >= 0 && b >= 0) return a < b
  return BigInt.asUintN(64, BigInt(a)) < BigInt.asUintN(64, BigInt(b))
}
