/** Certificates that are made at hand are certificates. */
import { X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { makeSelfSigned } from '../../src/live/self-signed.js'

it.each(['127.0.0.1', '192.0.2.7', '::1', '2001:db8::1', 'mail.example.com', 'x'.repeat(200)])(
  'is for %s, self-signed, and valid now',
  (name) => {
    const { cert, key } = makeSelfSigned(name)
    const read = new X509Certificate(cert)
    expect(read.verify(read.publicKey)).toBe(true)
    expect(read.checkIssued(read)).toBe(true)
    expect(read.subject).toBe(`CN=${name}`)
    expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(read.checkHost('localhost')).toBe('localhost')
    if (/^[\d.]+$|:/.test(name)) expect(read.checkIP(name)).toBe(name)
    else expect(read.subjectAltName).toContain(`DNS:${name}`)
    expect(Date.parse(read.validFrom)).toBeLessThan(Date.now())
    expect(Date.parse(read.validTo)).toBeGreaterThan(Date.now())
    expect(key).toContain('BEGIN PRIVATE KEY')
  },
)

it('is different each time', () => {
  const [one, two] = [makeSelfSigned('localhost'), makeSelfSigned('localhost')].map(
    ({ cert }) => new X509Certificate(cert),
  )
  expect(one!.serialNumber).not.toBe(two!.serialNumber)
  expect(one!.fingerprint256).not.toBe(two!.fingerprint256)
})
