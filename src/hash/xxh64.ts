/** XXH64 (doc/xxhash_spec.md of github.com/Cyan4973/xxHash), HAProxy's converter `xxh64`. */
import { read32, read64, rotate64, u64 } from './uint64.js'

export const PRIME64_1 = 0x9e3779b185ebca87n
export const PRIME64_2 = 0xc2b2ae3d27d4eb4fn
export const PRIME64_3 = 0x165667b19e3779f9n
export const PRIME64_4 = 0x85ebca77c2b2ae63n
export const PRIME64_5 = 0x27d4eb2f165667c5n

/** Spreads the bits of the result, which XXH3 does in the same way for short inputs. */
export const avalanche64 = (hash: bigint): bigint => {
  let value = u64((hash ^ (hash >> 33n)) * PRIME64_2)
  value = u64((value ^ (value >> 29n)) * PRIME64_3)
  return value ^ (value >> 32n)
}

const round = (lane: bigint, input: bigint): bigint => u64(rotate64(u64(lane + input * PRIME64_2), 31n) * PRIME64_1)

const merge = (hash: bigint, lane: bigint): bigint => u64((hash ^ round(0n, lane)) * PRIME64_1 + PRIME64_4)

/**
 * @param bytes a character per byte
 * @param seed any integer, taken modulo 2^64
 * @returns 64 bits, unsigned
 */
export const xxh64 = (bytes: string, seed: bigint): bigint => {
  const { length } = bytes
  let at = 0
  let hash = u64(seed + PRIME64_5)
  if (length >= 32) {
    let [a, b, c, d] = [seed + PRIME64_1 + PRIME64_2, seed + PRIME64_2, seed, seed - PRIME64_1].map(u64) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ]
    for (; at + 32 <= length; at += 32) {
      a = round(a, read64(bytes, at))
      b = round(b, read64(bytes, at + 8))
      c = round(c, read64(bytes, at + 16))
      d = round(d, read64(bytes, at + 24))
    }
    hash = u64(rotate64(a, 1n) + rotate64(b, 7n) + rotate64(c, 12n) + rotate64(d, 18n))
    for (const lane of [a, b, c, d]) hash = merge(hash, lane)
  }
  hash = u64(hash + BigInt(length))
  for (; at + 8 <= length; at += 8)
    hash = u64(rotate64(hash ^ round(0n, read64(bytes, at)), 27n) * PRIME64_1 + PRIME64_4)
  if (at + 4 <= length) {
    hash = u64(rotate64(hash ^ u64(BigInt(read32(bytes, at)) * PRIME64_1), 23n) * PRIME64_2 + PRIME64_3)
    at += 4
  }
  for (; at < length; at++) hash = u64(rotate64(hash ^ u64(BigInt(bytes.charCodeAt(at)) * PRIME64_5), 11n) * PRIME64_1)
  return avalanche64(hash)
}
