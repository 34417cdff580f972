/** Verification of signatures: RSA with the two paddings of RFC 8017, and ECDSA. Byte strings. */
import { digest } from './digests.js'
import { bytesOfInteger, integerOf } from './der.js'
import { toByteArray } from './byte-arrays.js'
import type { PublicKey } from './public-key.js'

export type HashName = 'sha256' | 'sha384' | 'sha512'

type RsaKey = Extract<PublicKey, { kind: 'rsa' }>
type EcKey = Extract<PublicKey, { kind: 'ec' }>

/** The DER of a digest's algorithm and the beginning of its value (RFC 8017, 9.2). */
const DIGEST_PREFIXES: Readonly<Record<HashName, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
}

const fromHex = (digits: string): string =>
  digits.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

const bitLength = (value: bigint): number => value.toString(2).length

/** The encoded message of a signature; undefined if its size is not that of the key. */
const encodedMessage = ({ modulus, exponent }: RsaKey, signature: string, size: number): string | undefined => {
  const value = integerOf(signature)
  if (signature.length !== Math.ceil(bitLength(modulus) / 8) || value >= modulus) return undefined
  return bytesOfInteger(power(value, exponent, modulus), size)
}

/** RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2). */
export const verifyPkcs1 = (key: RsaKey, hash: HashName, message: string, signature: string): boolean => {
  const size = Math.ceil(bitLength(key.modulus) / 8)
  const info = fromHex(DIGEST_PREFIXES[hash]) + digest(hash, message)
  if (key.onlyPss || size < info.length + 11) return false
  return encodedMessage(key, signature, size) === `\0\x01${'\xff'.repeat(size - info.length - 3)}\0${info}`
}

/** MGF1 (RFC 8017, B.2.1). */
const mask = (hash: HashName, seed: string, length: number): string => {
  let bytes = ''
  for (let counter = 0n; bytes.length < length; counter++) bytes += digest(hash, seed + bytesOfInteger(counter, 4)!)
  return bytes.slice(0, length)
}

const xor = (a: string, b: string): string =>
  Array.from(a, (char, i) => String.fromCharCode(char.charCodeAt(0) ^ b.charCodeAt(i))).join('')

/** RSASSA-PSS (RFC 8017, 8.1.2) with a salt of any length, and the same hash for the mask. */
export const verifyPss = (key: RsaKey, hash: HashName, message: string, signature: string): boolean => {
  const bits = bitLength(key.modulus) - 1
  const size = Math.ceil(bits / 8)
  const encoded = encodedMessage(key, signature, size)
  const hashed = digest(hash, message)
  if (encoded === undefined || size < hashed.length + 2 || !encoded.endsWith('\xbc')) return false
  const masked = encoded.slice(0, size - hashed.length - 1)
  const expected = encoded.slice(masked.length, -1)
  // bits beyond those of the modulus are 0
  const unused = 8 * size - bits
  if (masked.charCodeAt(0) >> (8 - unused) !== 0) return false
  const block = xor(masked, mask(hash, expected, masked.length))
  const cleared = String.fromCharCode(block.charCodeAt(0) & (0xff >> unused)) + block.slice(1)
  const salt = /^\0*\x01([^]*)$/.exec(cleared)?.[1]
  return salt !== undefined && digest(hash, `${'\0'.repeat(8)}${hashed}${salt}`) === expected
}

/** ECDSA with the two numbers of a signature (FIPS 186-5, 6.4.2). */
export const verifyEcdsa = (
  { curve, point }: EcKey,
  hash: HashName,
  message: string,
  { r, s }: { readonly r: bigint; readonly s: bigint },
): boolean => {
  const { ORDER } = curve.Point.Fn
  if (r < 1n || s < 1n || r >= ORDER || s >= ORDER) return false
  const signature = new curve.Signature(r, s).toBytes('compact')
  return curve.verify(signature, toByteArray(digest(hash, message)), point, { prehash: false, lowS: false })
}
