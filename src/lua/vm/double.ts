/** The representation of doubles: bits and powers of 2. */

const float64 = new Float64Array(1)
const halves = new Uint32Array(float64.buffer)

/** Returns the exponent of the lowest set bit of a finite number other than 0: `n` is an odd number times 2 to that power. */
export const exponentOf2 = (n: number): number => {
  float64[0] = n
  const [low, high] = [halves[0]!, halves[1]!]
  const biased = (high >>> 20) & 0x7ff
  const mantissa = high & 0xfffff
  const zeros = low !== 0 ? trailingZeros(low) : 32 + trailingZeros(biased === 0 ? mantissa : mantissa | 0x100000)
  return Math.max(biased, 1) - 1075 + zeros
}

const trailingZeros = (bits: number): number => 31 - Math.clz32(bits & -bits)

/** Returns the exponent of the highest set bit of a finite number other than 0: `2^e <= |n| < 2^(e+1)`. */
export const exponentOf = (n: number): number => {
  float64[0] = n
  const biased = (halves[1]! >>> 20) & 0x7ff
  return biased > 0 ? biased - 1023 : exponentOf(n * 2 ** 60) - 60
}

/** `n * 2^exponent`, rounded once (C's `ldexp`). */
export const timesPowerOf2 = (n: number, exponent: number): number => {
  if (n === 0 || !Number.isFinite(n)) return n
  const high = exponentOf(n) + exponent
  if (high > 1023) return n < 0 ? -Infinity : Infinity
  if (high < -1080) return n < 0 ? -0 : 0
  // only the last multiplication can round
  if (high < -1022) return scaled(n, exponent + 1000) * 2 ** -1000
  return scaled(n, exponent)
}

/** `n * 2^exponent`, if no intermediate result overflows, underflows or is rounded. */
const scaled = (n: number, exponent: number): number => {
  let [value, left] = [n, exponent]
  while (left > 1000) [value, left] = [value * 2 ** 1000, left - 1000]
  while (left < -1000) [value, left] = [value * 2 ** -1000, left + 1000]
  return value * 2 ** left
}

/** `mantissa * 2^exponent`, rounded once. */
export const roundedFrom = (mantissa: bigint, exponent: number): number => {
  if (mantissa === 0n) return 0
  const bits = mantissa.toString(2).length
  if (bits + exponent > 1100) return Infinity
  if (bits + exponent < -1200) return 0
  // bits that do not fit in the result's precision are folded into one sticky bit, so that only one rounding happens
  const keep = Math.min(64, 1075 + bits + exponent)
  const excess = bits - Math.max(keep, 2)
  if (excess > 0) {
    const cut = mantissa >> BigInt(excess)
    const lost = cut << BigInt(excess) !== mantissa
    return timesPowerOf2(roundTo(cut, lost, excess + exponent), 0)
  }
  return roundTo(mantissa, false, exponent)
}

const roundTo = (mantissa: bigint, lost: boolean, exponent: number): number => {
  const bits = mantissa.toString(2).length
  const precision = Math.min(53, 1074 + bits + exponent)
  const drop = bits - precision
  if (drop <= 0) return timesPowerOf2(Number(mantissa), exponent)
  const unit = 1n << BigInt(drop)
  const rest = mantissa & (unit - 1n)
  let kept = mantissa >> BigInt(drop)
  const half = unit >> 1n
  if (rest > half || (rest === half && (lost || (kept & 1n) === 1n))) kept++
  return timesPowerOf2(Number(kept), exponent + drop)
}

/**
 * `(high + low) * 2^exponent`, rounded once if the result is subnormal.
 *
 * @param high between 0.5 and 2, rounded from the sum
 */
export const roundedPower = (high: number, low: number, exponent: number): number => {
  if (exponent > -1020) return timesPowerOf2(high, exponent)
  if (exponent < -1100) return 0
  return roundedFrom((BigInt(high * 2 ** 53) << 59n) + BigInt(Math.round(low * 2 ** 112)), exponent - 112)
}
