/**
 * The packages of noble, loaded when a digest, cipher or curve is first used: loading them takes longer than most runs need for everything else
 * that they do with samples.
 */
// eslint-disable-next-line no-restricted-imports -- a module loader; it does not reach the host
import { createRequire } from 'node:module'
import type * as aesModule from '@noble/ciphers/aes.js'
import type * as weierstrassModule from '@noble/curves/abstract/weierstrass.js'
import type * as blakeModule from '@noble/hashes/blake2.js'
import type * as hmacModule from '@noble/hashes/hmac.js'
import type * as legacyModule from '@noble/hashes/legacy.js'
import type * as sha2Module from '@noble/hashes/sha2.js'
import type * as sha3Module from '@noble/hashes/sha3.js'

const load: (name: string) => unknown = createRequire(import.meta.url)

export const aes = (): typeof aesModule => load('@noble/ciphers/aes.js') as typeof aesModule
export const blake2 = (): typeof blakeModule => load('@noble/hashes/blake2.js') as typeof blakeModule
export const hmac = (): typeof hmacModule => load('@noble/hashes/hmac.js') as typeof hmacModule
export const legacy = (): typeof legacyModule => load('@noble/hashes/legacy.js') as typeof legacyModule
export const sha2 = (): typeof sha2Module => load('@noble/hashes/sha2.js') as typeof sha2Module
export const weierstrass = (): typeof weierstrassModule =>
  load('@noble/curves/abstract/weierstrass.js') as typeof weierstrassModule
export const sha3 = (): typeof sha3Module => load('@noble/hashes/sha3.js') as typeof sha3Module
