/** Verification of JSON Web Tokens (`jwt_verify`, src/jwt.c; RFC 7515, 7518). */
import { fromBase64url } from '../../../bytes/base64.js'
import { hmac } from '../../../hash/digests.js'
import { integerOf } from '../../../hash/der.js'
import type { PublicKey } from '../../../hash/public-key.js'
import { verifyEcdsa, verifyPkcs1, verifyPss, type HashName } from '../../../hash/signatures.js'

/** `enum jwt_vrfy_status`. */
export const NOT_VERIFIED = 0
export const VERIFIED = 1
export const UNKNOWN_ALGORITHM = -1
export const INVALID_TOKEN = -3
export const UNKNOWN_KEY = -5

type Family = 'HS' | 'RS' | 'ES' | 'PS'

const HASHES: Readonly<Record<string, HashName>> = { 256: 'sha256', 384: 'sha384', 512: 'sha512' }

interface Algorithm {
  readonly family: Family
  readonly hash: HashName
}

const parseAlgorithm = (name: string): Algorithm | 'none' | undefined => {
  if (name === 'none') return name
  const [, family, bits] = /^([HREP]S)(256|384|512)$/.exec(name) ?? []
  return family === undefined ? undefined : { family: family as Family, hash: HASHES[bits!]! }
}

/** Whether an algorithm has that name. */
export const isTokenAlgorithm = (name: string): boolean => parseAlgorithm(name) !== undefined

/** Whether the key of an algorithm is in a file; otherwise it is a secret. */
export const hasKeyFile = (name: string): boolean => {
  const algorithm = parseAlgorithm(name)
  return algorithm !== undefined && (algorithm === 'none' || algorithm.family !== 'HS')
}

/** @returns true, false, or a status */
const verifyWithKey = (
  { family, hash }: Algorithm,
  message: string,
  signature: string,
  key: PublicKey,
): boolean | number => {
  if (family !== 'ES') {
    if (key.kind !== 'rsa') return false
    return (family === 'PS' ? verifyPss : verifyPkcs1)(key, hash, message, signature)
  }
  // two numbers of the same length
  if (signature.length % 2 === 1) return INVALID_TOKEN
  const [r, s] = [signature.slice(0, signature.length / 2), signature.slice(signature.length / 2)]
  return key.kind === 'ec' && verifyEcdsa(key, hash, message, { r: integerOf(r), s: integerOf(s) })
}

/**
 * Verifies the signature of a token in its compact form.
 * @param key a secret, or the name of a file
 * @param keys the keys of files, by name
 */
export const verifyToken = (
  token: string,
  algorithmName: string,
  key: string,
  keys: { get: (path: string) => PublicKey | undefined },
): number => {
  const algorithm = parseAlgorithm(algorithmName)
  if (algorithm === undefined) return UNKNOWN_ALGORITHM
  const parts = token.split('.')
  const encoded = parts[2] ?? ''
  if (parts.length > 3 || parts.length < (algorithm === 'none' ? 2 : 3)) return INVALID_TOKEN
  if (algorithm === 'none') return encoded === '' ? VERIFIED : NOT_VERIFIED
  const signature = encoded === '' ? undefined : fromBase64url(encoded)
  if (signature === undefined) return INVALID_TOKEN
  const message = `${parts[0]}.${parts[1]}`
  if (algorithm.family === 'HS') return hmac(algorithm.hash, key, message) === signature ? VERIFIED : NOT_VERIFIED
  const publicKey = keys.get(key)
  if (!publicKey) return UNKNOWN_KEY
  const result = verifyWithKey(algorithm, message, signature, publicKey)
  return typeof result === 'number' ? result : result ? VERIFIED : NOT_VERIFIED
}
