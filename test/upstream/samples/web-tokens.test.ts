/** `jwt_verify` with keys and signatures that OpenSSL makes, beside the real HAProxy. */
import { constants, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { expect, it } from 'vitest'
import { describeUpstream } from '../support/upstream.js'
import { ourSamples } from './our-samples.js'
import { realSamples } from './real-samples.js'

interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const rsa = (modulusLength: number): Pair => generateKeyPairSync('rsa', { modulusLength })
const ec = (namedCurve: string): Pair => generateKeyPairSync('ec', { namedCurve })

const PAIRS: Readonly<Record<string, Pair>> = {
  rsa2048: rsa(2048),
  rsa1025: rsa(1025),
  rsa1031: rsa(1031),
  p224: ec('secp224r1'),
  p256: ec('prime256v1'),
  p384: ec('secp384r1'),
  p521: ec('secp521r1'),
  secp256k1: ec('secp256k1'),
  brainpool: ec('brainpoolP384r1'),
  ed25519: generateKeyPairSync('ed25519'),
  pss: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
}

const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string
const RSA_PEM = spki(PAIRS.rsa2048!.publicKey)
const EC_PRIVATE = PAIRS.p256!.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const RSA_BASE64 = RSA_PEM.split('\n').slice(1, -2).join('')

const FILES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(PAIRS).map(([name, { publicKey }]) => [`${name}.pem`, spki(publicKey)])),
  'pkcs1.pem': PAIRS.rsa2048!.publicKey.export({ type: 'pkcs1', format: 'pem' }) as string,
  'private.pem': EC_PRIVATE,
  'both.pem': `text\n${EC_PRIVATE}${RSA_PEM}`,
  'crlf.pem': RSA_PEM.replace(/\n/g, '\r\n'),
  'indented.pem': RSA_PEM.replace(/^/gm, ' '),
  'cut-off.pem': RSA_PEM.slice(0, -30),
  'one-line.pem': `-----BEGIN PUBLIC KEY-----\n${RSA_BASE64}\n-----END PUBLIC KEY-----`,
  'no-lines.pem': RSA_PEM.replace(/\n/g, ''),
  'blank-line.pem': RSA_PEM.replace('\n', '\n\n'),
  'header.pem': RSA_PEM.replace('\n', '\nX-Name: x\n\n'),
  'not-base64.pem': RSA_PEM.replace('AQ', '!Q'),
  'other-data.pem': RSA_PEM.replace(RSA_BASE64.slice(0, 12), 'AAAAAAAAAAAA'),
  'wrong-label.pem': RSA_PEM.replace(/PUBLIC/g, 'PUBLISHED'),
  'empty.pem': '',
}

const HASHES = { 256: 'sha256', 384: 'sha384', 512: 'sha512' } as const
const MESSAGE = `${Buffer.from('{"alg":"x"}').toString('base64url')}.${Buffer.from('{"sub":"1"}').toString('base64url')}`

const signature = (family: string, bits: 256 | 384 | 512, { privateKey }: Pair): Buffer => {
  const padding = family === 'PS' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  const isRsa = privateKey.asymmetricKeyType!.startsWith('rsa')
  const hash = privateKey.asymmetricKeyType === 'ed25519' ? null : HASHES[bits]
  return sign(hash, Buffer.from(MESSAGE), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
    ...(isRsa && privateKey.asymmetricKeyType === 'rsa' ? { padding } : {}),
  })
}

const token = (signed: Buffer): string => `${MESSAGE}.${signed.toString('base64url')}`

const changed = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at] = copy[at]! ^ 1
  return copy
}

const BITS = [256, 384, 512] as const

/** Signatures that are no signatures: of each length and of numbers that are out of range. */
const ODD_SIGNATURES = [
  ...[1, 2, 3, 64, 65, 66, 128, 132, 1000].map((length) => Buffer.alloc(length, 0xff)),
  Buffer.alloc(64),
  Buffer.alloc(256),
]

const ODD_TOKENS = ['', '.', '..', '...', 'a.b', 'a.b.', 'a.b.c', 'a.b.!', 'a.b.AAAA.d', `${MESSAGE}.`, MESSAGE]

const rows = (): string[] => [
  ...Object.entries(PAIRS).flatMap(([name, pair]) =>
    ['RS', 'PS', 'ES'].flatMap((family) =>
      BITS.flatMap((bits) => {
        const signed = signature(family, bits, pair)
        // of the algorithm, another one, with a byte changed, and with zeros before it
        return [
          `str(${token(signed)}),jwt_verify(${family}${bits},${name}.pem)`,
          `str(${token(signed)}),jwt_verify(${family}${bits === 256 ? 384 : 256},${name}.pem)`,
          `str(${token(changed(signed, 5))}),jwt_verify(${family}${bits},${name}.pem)`,
          `str(${token(Buffer.concat([Buffer.alloc(2), signed]))}),jwt_verify(${family}${bits},${name}.pem)`,
        ]
      }),
    ),
  ),
  ...Object.keys(FILES).flatMap((name) => [
    `str(${token(signature('RS', 256, PAIRS.rsa2048!))}),jwt_verify(RS256,${name})`,
    `str(${token(signature('ES', 256, PAIRS.p256!))}),jwt_verify(ES256,${name})`,
  ]),
  ...ODD_SIGNATURES.flatMap((signed) =>
    ['RS256,rsa2048.pem', 'PS512,rsa2048.pem', 'ES256,p256.pem', 'ES512,p521.pem', 'ES256,rsa2048.pem', 'HS256,x'].map(
      (args) => `str(${token(signed)}),jwt_verify(${args})`,
    ),
  ),
  ...BITS.flatMap((bits) =>
    ['secret', '', 'x'.repeat(200)].flatMap((key) => {
      const signed = createHmac(HASHES[bits], key).update(MESSAGE).digest()
      return [
        `str(${token(signed)}),jwt_verify(HS${bits},${key})`,
        `str(${token(signed.subarray(1))}),jwt_verify(HS${bits},${key})`,
        `str(${token(signed)}),jwt_verify(HS${bits},other)`,
      ]
    }),
  ),
  ...ODD_TOKENS.flatMap((text) =>
    ['none,', 'none', 'none,x', 'HS256,k', 'ES256,p256.pem', 'RS256,missing.pem'].map(
      (args) => `str(${text}),jwt_verify(${args})`,
    ),
  ),
  ...['proc.v1', 'proc.v2', 'proc.v3', 'proc.none', 'x', ''].flatMap((algorithm) =>
    ['proc.v1', 'proc.v4', 'proc.none', 'rsa2048.pem', 'proc.v5'].map(
      (key) => `str(${token(signature('RS', 256, PAIRS.rsa2048!))}),jwt_verify(${algorithm},${key})`,
    ),
  ),
]

const BEFORE = ['str(RS256)', 'int(5)', 'str(none)', 'str(rsa2048.pem)', 'bool(true)']

describeUpstream('jwt_verify', () => {
  it('verifies with keys of all kinds as the real HAProxy does', () => {
    const expressions = rows()
    const ours = ourSamples(expressions, { before: BEFORE, files: FILES })
    const real = realSamples(expressions, { before: BEFORE, files: FILES, isRefused: (i) => 'error' in ours[i]! })
    const differences = expressions.flatMap((expression, i) => {
      const [own, other] = [JSON.stringify(ours[i]), JSON.stringify(real[i])]
      return own === other ? [] : [`${expression}: ${own}, HAProxy: ${other}`]
    })
    expect(differences).toEqual([])
    const values = ours.map((sample) => ('error' in sample ? 'error' : Buffer.from(sample.bytes, 'hex').toString()))
    expect([...new Set(values)].sort()).toEqual(['-1', '-3', '-5', '0', '1', 'error', 'nil'])
  })
})
