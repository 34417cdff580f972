/** Cryptographic digests of byte strings, by OpenSSL's names for them. */
import { blake2b, blake2s } from '@noble/hashes/blake2.js'
import { hmac as hmacOf } from '@noble/hashes/hmac.js'
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js'
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js'
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js'
import { toByteArray, toByteText } from './byte-arrays.js'

type Digest = typeof sha256 | typeof blake2b | typeof md5

const DIGESTS: Readonly<Record<string, Digest>> = {
  md5,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  'sha512-224': sha512_224,
  'sha512-256': sha512_256,
  'sha3-224': sha3_224,
  'sha3-256': sha3_256,
  'sha3-384': sha3_384,
  'sha3-512': sha3_512,
  ripemd160,
  blake2b512: blake2b,
  blake2s256: blake2s,
}

/** Other names of the same digests. */
const ALIASES: Readonly<Record<string, string>> = {
  'ssl3-md5': 'md5',
  'ssl3-sha1': 'sha1',
  rmd160: 'ripemd160',
  ripemd: 'ripemd160',
  'rsa-md5': 'md5',
  'rsa-sha1': 'sha1',
  'rsa-sha1-2': 'sha1',
  'rsa-sha224': 'sha224',
  'rsa-sha256': 'sha256',
  'rsa-sha384': 'sha384',
  'rsa-sha512': 'sha512',
  'rsa-ripemd160': 'ripemd160',
  'rsa-sha512/224': 'sha512-224',
  'rsa-sha512/256': 'sha512-256',
  'id-rsassa-pkcs1-v1_5-with-sha3-224': 'sha3-224',
  'id-rsassa-pkcs1-v1_5-with-sha3-256': 'sha3-256',
  'id-rsassa-pkcs1-v1_5-with-sha3-384': 'sha3-384',
  'id-rsassa-pkcs1-v1_5-with-sha3-512': 'sha3-512',
}

const find = (name: string): Digest | undefined => {
  const lower = name.toLowerCase()
  const known = ALIASES[lower] ?? lower
  return Object.hasOwn(DIGESTS, known) ? DIGESTS[known] : undefined
}

/** Whether there is a digest of that name, in upper or lower case. */
export const hasDigest = (name: string): boolean => find(name) !== undefined

/** @throws Error for a name that {@link hasDigest} does not know */
export const digest = (name: string, bytes: string): string => {
  const found = find(name)
  if (!found) throw new Error(`no digest ${name}`)
  return toByteText((found as typeof sha256)(toByteArray(bytes)))
}

/** RFC 2104. @throws Error for a name that {@link hasDigest} does not know */
export const hmac = (name: string, key: string, bytes: string): string => {
  const found = find(name)
  if (!found) throw new Error(`no digest ${name}`)
  return toByteText(hmacOf(found as typeof sha256, toByteArray(key), toByteArray(bytes)))
}
