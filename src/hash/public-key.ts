/** Public keys in PEM files, as OpenSSL's `PEM_read_bio_PUBKEY` reads them: `PUBLIC KEY` (RFC 5280) and `RSA PUBLIC KEY` (RFC 8017). */
import type { ECDSA } from '@noble/curves/abstract/weierstrass.js'
import { fromBase64 } from '../bytes/base64.js'
import { toByteArray } from './byte-arrays.js'
import { curveNamed } from './curves.js'
import { DerError, DerReader, DerTag } from './der.js'

export type PublicKey =
  | {
      readonly kind: 'rsa'
      readonly modulus: bigint
      readonly exponent: bigint
      /** only for signatures with PSS */
      readonly onlyPss: boolean
    }
  | { readonly kind: 'ec'; readonly curve: ECDSA; readonly point: Uint8Array }
  /** of an algorithm with which nothing is verified here */
  | { readonly kind: 'other' }

const RSA = '1.2.840.113549.1.1.1'
const RSA_PSS = '1.2.840.113549.1.1.10'
const EC = '1.2.840.10045.2.1'
/** Ed25519, Ed448, X25519, X448, DSA, DH. */
const OTHERS = [
  ...['1.3.101.112', '1.3.101.113', '1.3.101.110', '1.3.101.111', '1.2.840.10040.4.1', '1.2.840.113549.1.3.1'],
]

const readRsa = (der: string, onlyPss: boolean): PublicKey => {
  const numbers = new DerReader(der).sequence()
  return { kind: 'rsa', modulus: numbers.integer(), exponent: numbers.integer(), onlyPss }
}

const readEc = (parameters: DerReader, bits: string): PublicKey => {
  // explicit parameters are taken as those of an unknown curve
  const curve = parameters.next === DerTag.OBJECT_IDENTIFIER ? curveNamed(parameters.objectIdentifier()) : undefined
  if (!curve) return { kind: 'other' }
  const point = toByteArray(bits)
  try {
    curve.Point.fromBytes(point).assertValidity()
  } catch {
    throw new DerError()
  }
  return { kind: 'ec', curve, point }
}

/** SubjectPublicKeyInfo. */
const readInfo = (der: string): PublicKey => {
  const info = new DerReader(der).sequence()
  const algorithm = info.sequence()
  const name = algorithm.objectIdentifier()
  const bits = info.bitString()
  if (name === RSA || name === RSA_PSS) return readRsa(bits, name === RSA_PSS)
  if (name === EC) return readEc(algorithm, bits)
  if (OTHERS.includes(name)) return { kind: 'other' }
  throw new DerError()
}

const READERS: Readonly<Record<string, (der: string) => PublicKey>> = {
  'PUBLIC KEY': readInfo,
  'RSA PUBLIC KEY': (der) => readRsa(der, false),
}

/** Blocks of PEM files: headers, which an empty line ends, and lines of base64. */
const BLOCK = /^-----BEGIN ([^\n]*)-----[ \t\r]*\n(?:(?:[^\n-][^\n]*\n)*\r?\n)?((?:[^\n:-]+\n)*)-----END \1-----/gm

/** The first public key of a PEM file; undefined if the file has no key. */
export const readPublicKey = (pem: string): PublicKey | undefined => {
  for (const [, label, lines] of pem.matchAll(BLOCK)) {
    const read = Object.hasOwn(READERS, label!) ? READERS[label!] : undefined
    const der = read && fromBase64(lines!.replace(/\s/g, ''))
    if (der === undefined) continue
    try {
      return read!(der)
    } catch (error) {
      if (!(error instanceof DerError)) throw error
    }
  }
  return undefined
}
