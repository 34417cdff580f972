/** Signatures of JSON Web Tokens, with the examples of RFC 7515, appendix A. */
import { describe, expect, it } from 'vitest'
import { readPublicKey, type PublicKey } from '../../../src/hash/public-key.js'
import { verifyToken } from '../../../src/haproxy/samples/formats/web-token.js'

const CLAIMS = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
const HS256 = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${CLAIMS}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`
const SECRET = Buffer.from(
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
  'base64url',
).toString('latin1')
const RS256 =
  `eyJhbGciOiJSUzI1NiJ9.${CLAIMS}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4` +
  'BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw'
const RSA_MODULUS =
  'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ'
const ES256 = `eyJhbGciOiJFUzI1NiJ9.${CLAIMS}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`
const EC_POINT = ['f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0']
const ES512 =
  'eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn'
const EC_POINT_521 = [
  'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
  'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
]

const der = (tag: number, ...contents: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(contents)
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}
const integer = (bytes: Buffer): Buffer => der(0x02, Buffer.from([0]), bytes)
const pem = (label: string, bytes: Buffer): string =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`

const EC_ALGORITHMS = {
  p256: '06072a8648ce3d0201 06082a8648ce3d030107',
  p521: '06072a8648ce3d0201 06052b81040023',
}

const ecKey = (curve: keyof typeof EC_ALGORITHMS, [x, y]: readonly string[]): string => {
  const algorithm = der(0x30, Buffer.from(EC_ALGORITHMS[curve].replace(' ', ''), 'hex'))
  const point = Buffer.concat([Buffer.from([0, 4]), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')])
  return pem('PUBLIC KEY', der(0x30, algorithm, der(0x03, point)))
}

const KEYS = new Map<string, PublicKey>(
  Object.entries({
    'rsa.pem': pem(
      'RSA PUBLIC KEY',
      der(0x30, integer(Buffer.from(RSA_MODULUS, 'base64url')), integer(Buffer.from('AQAB', 'base64url'))),
    ),
    'p256.pem': ecKey('p256', EC_POINT),
    'p521.pem': ecKey('p521', EC_POINT_521),
  }).map(([name, text]) => [name, readPublicKey(text)!]),
)

const CASES: Readonly<Record<string, readonly [token: string, key: string]>> = {
  HS256: [HS256, SECRET],
  RS256: [RS256, 'rsa.pem'],
  ES256: [ES256, 'p256.pem'],
  ES512: [ES512, 'p521.pem'],
}

describe('signatures of tokens', () => {
  it.each(Object.entries(CASES))('%s is verified', (algorithm, [token, key]) => {
    expect(verifyToken(token, algorithm, key, KEYS)).toBe(1)
  })

  it.each(Object.entries(CASES))('%s fails for other claims', (algorithm, [token, key]) => {
    const [header, claims, signature] = token.split('.')
    expect(verifyToken(`${header}.${claims}A.${signature}`, algorithm, key, KEYS)).toBe(0)
  })

  it('a token without a signature is valid only for "none"', () => {
    const token = `eyJhbGciOiJub25lIn0.${CLAIMS}.`
    expect(verifyToken(token, 'none', '', KEYS)).toBe(1)
    expect(verifyToken(token, 'ES256', 'p256.pem', KEYS)).toBe(-3)
    expect(verifyToken(HS256, 'none', '', KEYS)).toBe(0)
  })

  it('unknown algorithms and keys have separate results', () => {
    expect(verifyToken(ES256, 'ES999', 'p256.pem', KEYS)).toBe(-1)
    expect(verifyToken(ES256, 'ES256', 'p384.pem', KEYS)).toBe(-5)
    expect(verifyToken(ES256, 'ES256', 'rsa.pem', KEYS)).toBe(0)
  })
})
