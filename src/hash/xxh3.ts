/** XXH3 with 64 bits and a seed (doc/xxhash_spec.md of github.com/Cyan4973/xxHash), HAProxy's converter `xxh3`. */
import { read32, read64, rotate64, u64 } from './uint64.js'
import { avalanche64, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME64_5 } from './xxh64.js'

const PRIME32_1 = 0x9e3779b1n
const PRIME32_2 = 0x85ebca77n
const PRIME32_3 = 0xc2b2ae3dn
const PRIME_MX1 = 0x165667919e3779f9n
const PRIME_MX2 = 0x9fb21c651e98df25n

const bytesOf = (hex: string): string =>
  String.fromCharCode(...Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16)))

/** The specification's default secret. */
const SECRET = bytesOf(
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f' +
    'cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
    '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8' +
    'a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364' +
    'eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e' +
    '2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e',
)
/** The shortest secret that the specification allows, from whose end inputs of 129 to 240 bytes count. */
const SECRET_MIN = 136
const STRIPE = 64
/** Bytes of the secret by which each stripe moves on. */
const STEP = 8
const LANES = 8
const LONGEST_MIDDLE = 240

/** The two halves of a product of 128 bits, xored. */
const fold = (a: bigint, b: bigint): bigint => {
  const product = a * b
  return u64(product) ^ (product >> 64n)
}

const avalanche = (hash: bigint): bigint => {
  const value = u64((hash ^ (hash >> 37n)) * PRIME_MX1)
  return value ^ (value >> 32n)
}

const swapBytes = (value: bigint, bytes: bigint): bigint => {
  let swapped = 0n
  for (let i = 0n; i < bytes; i++) swapped = (swapped << 8n) | ((value >> (8n * i)) & 0xffn)
  return swapped
}

const secret64 = (at: number): bigint => read64(SECRET, at)

const hashUpTo3 = (bytes: string, seed: bigint): bigint => {
  const { length } = bytes
  const [first, middle, last] = [0, length >> 1, length - 1].map((at) => bytes.charCodeAt(at)) as [
    number,
    number,
    number,
  ]
  const combined = ((first << 16) | (middle << 24) | last | (length << 8)) >>> 0
  const flip = BigInt((read32(SECRET, 0) ^ read32(SECRET, 4)) >>> 0) + seed
  return avalanche64(u64(BigInt(combined) ^ u64(flip)))
}

const hashUpTo8 = (bytes: string, seed: bigint): bigint => {
  const { length } = bytes
  const keyedSeed = seed ^ (swapBytes(seed & 0xffffffffn, 4n) << 32n)
  const flip = u64((secret64(8) ^ secret64(16)) - keyedSeed)
  const input = BigInt(read32(bytes, length - 4)) + (BigInt(read32(bytes, 0)) << 32n)
  let hash = input ^ flip
  hash = u64((hash ^ rotate64(hash, 49n) ^ rotate64(hash, 24n)) * PRIME_MX2)
  hash = u64((hash ^ u64((hash >> 35n) + BigInt(length))) * PRIME_MX2)
  return hash ^ (hash >> 28n)
}

const hashUpTo16 = (bytes: string, seed: bigint): bigint => {
  const { length } = bytes
  const low = read64(bytes, 0) ^ u64((secret64(24) ^ secret64(32)) + seed)
  const high = read64(bytes, length - 8) ^ u64((secret64(40) ^ secret64(48)) - seed)
  return avalanche(u64(BigInt(length) + swapBytes(low, 8n) + high + fold(low, high)))
}

/** Mixes 16 bytes of the input with 16 of the secret. */
const mix = (bytes: string, at: number, secretAt: number, seed: bigint): bigint =>
  fold(read64(bytes, at) ^ u64(secret64(secretAt) + seed), read64(bytes, at + 8) ^ u64(secret64(secretAt + 8) - seed))

const hashUpTo128 = (bytes: string, seed: bigint): bigint => {
  const { length } = bytes
  let sum = BigInt(length) * PRIME64_1
  for (let i = (length - 1) >> 5; i >= 0; i--)
    sum += mix(bytes, 16 * i, 32 * i, seed) + mix(bytes, length - 16 * (i + 1), 32 * i + 16, seed)
  return avalanche(u64(sum))
}

const hashUpTo240 = (bytes: string, seed: bigint): bigint => {
  const { length } = bytes
  let sum = BigInt(length) * PRIME64_1
  for (let i = 0; i < 8; i++) sum += mix(bytes, 16 * i, 16 * i, seed)
  sum = avalanche(u64(sum)) + mix(bytes, length - 16, SECRET_MIN - 17, seed)
  for (let i = 8; i < length >> 4; i++) sum += mix(bytes, 16 * i, 16 * (i - 8) + 3, seed)
  return avalanche(u64(sum))
}

/** The 64-bit words of a secret at offsets 0 to 128, which each stripe reads eight of; seeded as the specification says. */
const seeded = (seed: bigint): string => {
  if (seed === 0n) return SECRET
  let secret = ''
  for (let at = 0; at < SECRET.length; at += 16)
    for (const word of [u64(secret64(at) + seed), u64(secret64(at + 8) - seed)])
      for (let shift = 0n; shift < 64n; shift += 8n) secret += String.fromCharCode(Number((word >> shift) & 0xffn))
  return secret
}

const accumulate = (lanes: bigint[], bytes: string, at: number, secret: string, secretAt: number): void => {
  for (let lane = 0; lane < LANES; lane++) {
    const input = read64(bytes, at + 8 * lane)
    const keyed = input ^ read64(secret, secretAt + 8 * lane)
    lanes[lane ^ 1] = u64(lanes[lane ^ 1]! + input)
    lanes[lane] = u64(lanes[lane]! + (keyed & 0xffffffffn) * (keyed >> 32n))
  }
}

const scramble = (lanes: bigint[], secret: string): void => {
  for (let lane = 0; lane < LANES; lane++) {
    const value = lanes[lane]!
    const key = read64(secret, secret.length - STRIPE + 8 * lane)
    lanes[lane] = u64((value ^ (value >> 47n) ^ key) * PRIME32_1)
  }
}

const hashLong = (bytes: string, seed: bigint): bigint => {
  const { length } = bytes
  const secret = seeded(seed)
  const lanes = [PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1]
  const stripesPerBlock = (secret.length - STRIPE) / STEP
  const stripes = Math.floor((length - 1) / STRIPE)
  for (let stripe = 0; stripe < stripes; stripe++) {
    accumulate(lanes, bytes, stripe * STRIPE, secret, (stripe % stripesPerBlock) * STEP)
    if (stripe % stripesPerBlock === stripesPerBlock - 1) scramble(lanes, secret)
  }
  accumulate(lanes, bytes, length - STRIPE, secret, secret.length - STRIPE - 7)
  let hash = BigInt(length) * PRIME64_1
  for (let i = 0; i < LANES; i += 2)
    hash += fold(lanes[i]! ^ read64(secret, 11 + 8 * i), lanes[i + 1]! ^ read64(secret, 19 + 8 * i))
  return avalanche(u64(hash))
}

/**
 * @param bytes a character per byte
 * @param seed any integer, taken modulo 2^64
 * @returns 64 bits, unsigned
 */
export const xxh3 = (bytes: string, seed: bigint): bigint => {
  const { length } = bytes
  const key = u64(seed)
  if (length === 0) return avalanche64(key ^ secret64(56) ^ secret64(64))
  if (length <= 3) return hashUpTo3(bytes, key)
  if (length <= 8) return hashUpTo8(bytes, key)
  if (length <= 16) return hashUpTo16(bytes, key)
  if (length <= 128) return hashUpTo128(bytes, key)
  if (length <= LONGEST_MIDDLE) return hashUpTo240(bytes, key)
  return hashLong(bytes, key)
}
