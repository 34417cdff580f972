/** Names of certificates, as HAProxy compares them (`ssl_sock_srv_hostcheck` in src/ssl_sock.c; RFC 6125, section 6.4.3). */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesHostName, checkCertificateNames } from '../../src/net/tls.js'

const label = fc.stringMatching(/^[a-z0-9]{1,8}$/)
const host = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'))

describe('a name of a certificate', () => {
  it.each([
    ['example.com', 'EXAMPLE.com', true],
    ['*.example.com', 'www.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.b.example.com', false],
    ['w*w.example.com', 'www.example.com', true],
    ['w*w.example.com', 'w.example.com', false],
    ['**.example.com', 'www.example.com', false],
    ['*', 'localhost', false],
    ['www.*.com', 'www.example.com', false],
    ['', '', true],
  ])('%s matches %s: %s', (name, wanted, expected) => {
    expect(matchesHostName(name, wanted)).toBe(expected)
  })

  it('matches itself, and a wildcard matches any first label', () => {
    fc.assert(
      fc.property(host, (name) => matchesHostName(name, name) && matchesHostName(name.replace(/^[^.]+/, '*'), name)),
    )
  })

  it('matches no host with another suffix', () => {
    fc.assert(
      fc.property(host, label, (name, other) => !matchesHostName(name.replace(/^[^.]+/, '*'), `${name}.${other}`)),
    )
  })

  it('a missing name is reported according to the request', () => {
    expect(checkCertificateNames({ verify: true, serverName: 'a.com', verifyHost: 'b.com' }, ['b.com'])).toBe(
      'SSL_MISMATCH_SNI',
    )
    expect(checkCertificateNames({ verify: true, verifyHost: 'b.com' }, ['a.com'])).toBe('SSL_MISMATCH')
    expect(checkCertificateNames({ verify: true }, [])).toBeUndefined()
  })
})
