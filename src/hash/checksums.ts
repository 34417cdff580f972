/**
 * The short hashes that HAProxy balances and matches by (src/hash.c): sdbm, djb2, wt6, CRC-32 and CRC-32C. All take a byte string, a
 * character per byte, and return 32 unsigned bits.
 */

/** `hash-type … sdbm`: the hash of the sdbm database library. */
export const sdbm = (bytes: string): number => {
  let hash = 0
  for (let i = 0; i < bytes.length; i++) hash = (bytes.charCodeAt(i) + (hash << 6) + (hash << 16) - hash) | 0
  return hash >>> 0
}

/** `hash-type … djb2`: Daniel J. Bernstein's hash with a multiplication by 33. */
export const djb2 = (bytes: string): number => {
  let hash = 5381
  for (let i = 0; i < bytes.length; i++) hash = ((hash << 5) + hash + bytes.charCodeAt(i)) | 0
  return hash >>> 0
}

/** Rotates 32 bits to the left by 0 to 31. */
const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by))

/** `hash-type … wt6`: two words whose rotations depend on the data. */
export const wt6 = (bytes: string): number => {
  let h0 = 0xa53c965a | 0
  let h1 = 0x5ca6953a
  let step0 = 6
  let step1 = 18
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes.charCodeAt(i)
    h0 = ~(h0 ^ byte)
    h1 = ~(h1 + byte)
    const rotated = rotate(h1, step0)
    h1 = rotate(h0, step1)
    h0 = rotated
    const mixed = ((h0 >>> 16) ^ h1) & 0xffff
    step0 = mixed & 0x1f
    step1 = mixed >>> 11
  }
  return (h0 ^ h1) >>> 0
}

/** The table of a reflected CRC of 32 bits. */
const table = (polynomial: number): Int32Array =>
  Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0)
    return crc
  })

const CRC32 = table(0xedb88320)
const CRC32C = table(0x82f63b78)

const crc = (remainders: Int32Array, bytes: string): number => {
  let value = -1
  for (let i = 0; i < bytes.length; i++) value = (value >>> 8) ^ remainders[(value ^ bytes.charCodeAt(i)) & 0xff]!
  return ~value >>> 0
}

/** CRC-32 as in Ethernet, gzip and PNG. */
export const crc32 = (bytes: string): number => crc(CRC32, bytes)

/** CRC-32C (Castagnoli; RFC 4960, appendix B). */
export const crc32c = (bytes: string): number => crc(CRC32C, bytes)

/** A prime near three quarters of the range, by which full_hash spreads its results over the tree of servers. */
const SPREAD = 3221225473

/** Spreads the bits of a hash over all of its word: `hash-type … avalanche` (full_hash, include/haproxy/intops.h; after Bob Jenkins). */
export const avalanche = (hash: number): number => {
  let a = hash | 0
  a = (a + 0x7ed55d16 + (a << 12)) | 0
  a = a ^ 0xc761c23c ^ (a >>> 19)
  a = (a + 0x165667b1 + (a << 5)) | 0
  a = ((a + 0xd3a2646c) ^ (a << 9)) | 0
  a = (a + 0xfd7046c5 + (a << 3)) | 0
  a = a ^ 0xb55a4f09 ^ (a >>> 16)
  return Math.imul(a, SPREAD) >>> 0
}
