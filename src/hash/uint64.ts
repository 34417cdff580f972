/** Unsigned 64-bit words as BigInt, for hashes that multiply them. Functions that read take a byte string, a character per byte. */
const MASK = 0xffffffffffffffffn

/** Modulo 2^64. */
export const u64 = (value: bigint): bigint => value & MASK

/** Rotates to the left by 1 to 63. */
export const rotate64 = (value: bigint, by: bigint): bigint => ((value << by) & MASK) | (value >> (64n - by))

/** 32 bits at an offset, the low byte first. */
export const read32 = (bytes: string, at: number): number =>
  (bytes.charCodeAt(at) |
    (bytes.charCodeAt(at + 1) << 8) |
    (bytes.charCodeAt(at + 2) << 16) |
    (bytes.charCodeAt(at + 3) << 24)) >>>
  0

/** 64 bits at an offset, the low byte first. */
export const read64 = (bytes: string, at: number): bigint =>
  (BigInt(read32(bytes, at + 4)) << 32n) | BigInt(read32(bytes, at))
