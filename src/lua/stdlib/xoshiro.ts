/** xoshiro256**, the generator of Lua 5.4 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018). */
const MASK = 0xffffffffffffffffn

const rotate = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (64n - n))) & MASK

export class Xoshiro {
  #s: [bigint, bigint, bigint, bigint] = [0n, 0n, 0n, 0n]

  constructor(a: bigint, b: bigint) {
    this.seed(a, b)
  }

  /** Initializes the state as `math.randomseed(a, b)` does: the same seeds result in the same numbers as in Lua. */
  seed(a: bigint, b: bigint): void {
    this.#s = [a & MASK, 0xffn, b & MASK, 0n]
    for (let i = 0; i < 16; i++) this.next()
  }

  /** Returns 64 random bits. */
  next(): bigint {
    let [s0, s1, s2, s3] = this.#s
    const result = (rotate((s1 * 5n) & MASK, 7n) * 9n) & MASK
    const shifted = (s1 << 17n) & MASK
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotate(s3, 45n)
    this.#s = [s0, s1, s2, s3]
    return result
  }

  /** Returns a number in [0, 1), from 53 of the 64 bits. */
  static toFloat(bits: bigint): number {
    return Number(bits >> 11n) * 2 ** -53
  }

  /** Returns a uniform integer in 0 … `most`, starting with the 64 bits drawn (`project` in lmathlib.c). */
  upTo(most: bigint, drawn: bigint): bigint {
    let random = drawn
    if ((most & (most + 1n)) === 0n) return random & most
    let mask = most
    for (let shift = 1n; shift <= 32n; shift *= 2n) mask |= mask >> shift
    while ((random &= mask) > most) random = this.next()
    return random
  }
}
