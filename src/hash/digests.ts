/** Cryptographic digests of byte strings, by OpenSSL's names. */
import { toByteArray, toByteText } from './byte-arrays.js'
import { blake2, hmac as hmacModule, legacy, sha2, sha3 } from './noble.js'

type Digest = ReturnType<typeof sha2>['sha256']

const DIGESTS: Readonly<Record<string, () => unknown>> = {
  md5: () => legacy().md5,
  sha1: () => legacy().sha1,
  sha224: () => sha2().sha224,
  sha256: () => sha2().sha256,
  sha384: () => sha2().sha384,
  sha512: () => sha2().sha512,
  'sha512-224': () => sha2().sha512_224,
  'sha512-256': () => sha2().sha512_256,
  'sha3-224': () => sha3().sha3_224,
  'sha3-256': () => sha3().sha3_256,
  'sha3-384': () => sha3().sha3_384,
  'sha3-512': () => sha3().sha3_512,
  ripemd160: () => legacy().ripemd160,
  blake2b512: () => blake2().blake2b,
  blake2s256: () => blake2().blake2s,
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

/** The canonical name of a digest in upper or lower case; undefined if there is no such digest. */
const canonical = (name: string): string | undefined => {
  const lower = name.toLowerCase()
  const known = ALIASES[lower] ?? lower
  return Object.hasOwn(DIGESTS, known) ? known : undefined
}

const find = (name: string): Digest => {
  const known = canonical(name)
  if (known === undefined) throw new Error(`no digest ${name}`)
  return DIGESTS[known]!() as Digest
}

/** Whether there is a digest of that name, in upper or lower case. */
export const hasDigest = (name: string): boolean => canonical(name) !== undefined

/** @throws Error for a name that {@link hasDigest} does not know */
export const digest = (name: string, bytes: string): string => toByteText(find(name)(toByteArray(bytes)))

/** RFC 2104. @throws Error for a name that {@link hasDigest} does not know */
export const hmac = (name: string, key: string, bytes: string): string =>
  toByteText(hmacModule().hmac(find(name), toByteArray(key), toByteArray(bytes)))
