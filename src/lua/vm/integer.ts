/** Arithmetic on Lua's 64-bit integers: JavaScript numbers in the safe range, bigints beyond; results wrap around. */

/** A 64-bit integer: a number in the safe range, a bigint beyond. */
export type Integer = number | bigint

const MAX = Number.MAX_SAFE_INTEGER
export const MAX_INTEGER = 0x7fffffffffffffffn
export const MIN_INTEGER = -0x8000000000000000n

/** Normalizes a bigint of 64 bits. */
export const normal = (value: bigint): Integer => {
  WIDE[0] = value
  const upper = HALVES[HIGH]!
  return upper < -0x200000 || upper >= 0x200000 ? value : fromHalves(upper, HALVES[LOW]!)
}

const TWO_TO_32 = 2 ** 32
/** Scratch memory to split and join bigints; it holds no state. */
const WIDE = new BigInt64Array(1)
const HALVES = new Int32Array(WIDE.buffer)
const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1
const HIGH = 1 - LOW

const POWERS: readonly number[] = Array.from({ length: 64 }, (_, i) => 2 ** i)

/** The lower 32 bits as a signed integer: the conversion to C's `int`. */
export const toInt = (a: Integer): number => {
  if (typeof a === 'number') return a | 0
  WIDE[0] = a
  return HALVES[LOW]!
}

/** The upper 32 bits as a signed integer. */
const high = (a: Integer): number => {
  if (typeof a === 'number') return Math.floor(a / TWO_TO_32)
  WIDE[0] = a
  return HALVES[HIGH]!
}

/** Joins two halves, of which only the lower 32 bits are used. */
const fromHalves = (upper: number, lower: number): Integer => {
  const value = (upper | 0) * TWO_TO_32 + (lower >>> 0)
  if (value <= MAX && value >= -MAX) return value
  HALVES[LOW] = lower
  HALVES[HIGH] = upper
  return WIDE[0]!
}

/** Wraps a bigint to 64 bits. */
export const wrap = (value: bigint): Integer => normal(BigInt.asIntN(64, value))

export const addIntegers = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (sum <= MAX && sum >= -MAX) return sum
  }
  const sum = (toInt(a) >>> 0) + (toInt(b) >>> 0)
  return fromHalves(high(a) + high(b) + (sum >= TWO_TO_32 ? 1 : 0), sum)
}

export const subtractIntegers = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (difference <= MAX && difference >= -MAX) return difference
  }
  const difference = (toInt(a) >>> 0) - (toInt(b) >>> 0)
  return fromHalves(high(a) - high(b) - (difference < 0 ? 1 : 0), difference)
}

export const multiplyIntegers = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (product <= MAX && product >= -MAX) return product + 0
  } else if (typeof a === 'bigint' && typeof b === 'bigint') return wrap(a * b)
  const [al, bl] = [toInt(a), toInt(b)]
  // by 16 bits, so that no intermediate result exceeds 53 bits
  const [a0, a1, b0, b1] = [al & 0xffff, al >>> 16, bl & 0xffff, bl >>> 16]
  const lowest = a0 * b0
  const middle = a0 * b1 + a1 * b0 + (lowest >>> 16)
  const upper = a1 * b1 + Math.floor(middle / 0x10000)
  return fromHalves((upper | 0) + Math.imul(al, high(b)) + Math.imul(high(a), bl), (middle << 16) | (lowest & 0xffff))
}

/** Rounds towards minus infinity; `b` is not 0. */
export const divideIntegers = (a: Integer, b: Integer): Integer => {
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

/** The result has the sign of `b`, which is not 0. */
export const moduloIntegers = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b
    return (rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest) + 0
  }
  const n = BigInt(b)
  const rest = BigInt(a) % n
  return wrap(rest !== 0n && rest < 0n !== n < 0n ? rest + n : rest)
}

export const negate = (a: Integer): Integer => (typeof a === 'number' ? 0 - a : wrap(-a))

export const and = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    if (a >>> 0 === a && b >>> 0 === b) return (a & b) >>> 0
    if ((a | 0) === a && (b | 0) === b) return a & b
  }
  return fromHalves(high(a) & high(b), toInt(a) & toInt(b))
}

export const or = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    if (a >>> 0 === a && b >>> 0 === b) return (a | b) >>> 0
    if ((a | 0) === a && (b | 0) === b) return a | b
  }
  return fromHalves(high(a) | high(b), toInt(a) | toInt(b))
}

export const xor = (a: Integer, b: Integer): Integer => {
  if (typeof a === 'number' && typeof b === 'number') {
    if (a >>> 0 === a && b >>> 0 === b) return (a ^ b) >>> 0
    if ((a | 0) === a && (b | 0) === b) return a ^ b
  }
  return fromHalves(high(a) ^ high(b), toInt(a) ^ toInt(b))
}

export const not = (a: Integer): Integer =>
  typeof a === 'number' && a !== MAX ? -a - 1 : fromHalves(~high(a), ~toInt(a))

export const shiftIntegerLeft = (a: Integer, by: Integer): Integer => {
  if (by < 0) return shiftIntegerRight(a, negate(by))
  if (by >= 64) return 0
  const n = Number(by)
  if (typeof a === 'number') {
    const shifted = a * POWERS[n]!
    if (shifted <= MAX && shifted >= -MAX) return shifted
  }
  if (n >= 32) return fromHalves(toInt(a) << (n - 32), 0)
  return n === 0 ? a : fromHalves((high(a) << n) | (toInt(a) >>> (32 - n)), toInt(a) << n)
}

/** A logical shift. */
export const shiftIntegerRight = (a: Integer, by: Integer): Integer => {
  if (by >= 64) return 0
  if (by < 0) return by === MIN_INTEGER ? 0 : shiftIntegerLeft(a, negate(by))
  const n = Number(by)
  if (typeof a === 'number' && a >= 0) return Math.floor(a / POWERS[n]!)
  if (n >= 32) return high(a) >>> (n - 32)
  return n === 0 ? a : fromHalves(high(a) >>> n, (toInt(a) >>> n) | (high(a) << (32 - n)))
}

/** Returns the integer equal to a float, if there is one. */
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
