import fc from 'fast-check'
import { isIPv4, isIPv6 } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  addressKey,
  formatAddress,
  formatHostPort,
  isLoopback,
  parseAddress,
  sameAddress,
  type Address,
  type AddressOptions,
} from '../../src/net/address.js'
import { parseIp, parseLegacyIpv4 } from '../../src/net/ip.js'

const parse = (text: string, options: AddressOptions = { portOk: true }) => {
  const result = parseAddress(text, options)
  if ('error' in result) throw new Error(result.error)
  return result
}
const refusal = (text: string, options: AddressOptions = { portOk: true }) => {
  const result = parseAddress(text, options)
  return 'error' in result ? result.error : undefined
}

const ipv4 = fc.ipV4()
const ipv6 = fc.ipV6()
const port = fc.integer({ min: 1, max: 65535 })
const path = fc.stringMatching(/^[a-z0-9/._@:-]{1,90}$/)

describe('an IP address', () => {
  it('is accepted if inet_pton accepts it', () => {
    const pieces = [
      '0',
      '1',
      '9',
      'a',
      'F',
      '::',
      ':',
      '.',
      '1.2.3.4',
      'ffff',
      '255',
      '256',
      '01',
      '12345',
      '%eth0',
      ' ',
    ]
    const text = fc.oneof(
      ipv4,
      ipv6,
      fc.array(fc.constantFrom(...pieces), { maxLength: 16 }).map((list) => list.join('')),
    )
    fc.assert(
      fc.property(text, (text) => {
        expect(parseIp(text, 'ipv4') !== undefined).toBe(isIPv4(text))
        // Node takes zones as well
        expect(parseIp(text, 'ipv6') !== undefined).toBe(isIPv6(text) && !text.includes('%'))
      }),
      { numRuns: 2000 },
    )
  })

  // as inet_ntop of the GNU C library prints them
  it.each([
    ['::1.2.3.4', '::1.2.3.4'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['0:0:0:0:0:ffff:1:2', '::ffff:0.1.0.2'],
    ['::1:2', '::0.1.0.2'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['FE80::000A', 'fe80::a'],
    ['0:1::', '0:1::'],
    ['::', '::'],
    ['::1', '::1'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
  ])('%s prints as %s', (text, printed) => {
    expect(parseIp(text)?.ip).toBe(printed)
  })

  // as inet_aton(3) has them
  it.each([
    ['127.1', '127.0.0.1'],
    ['1.2.3', '1.2.0.3'],
    ['0x7f.0.0.1', '127.0.0.1'],
    ['010.0.0.1', '8.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['999.1.1.1', undefined],
    ['host', undefined],
  ])('the older form %s means %s', (text, ip) => {
    expect(parseLegacyIpv4(text)?.ip).toBe(ip)
  })
})

describe('an address', () => {
  it('is parsed from its printed form', () => {
    const address: fc.Arbitrary<Address> = fc.oneof(
      fc.record({ family: fc.constant('ipv4' as const), ip: ipv4, port }),
      fc.record({ family: fc.constant('ipv6' as const), ip: ipv6.map((ip) => parseIp(ip)!.ip), port }),
      fc.record({ family: fc.constantFrom('unix' as const, 'abns' as const, 'abnsz' as const), path }),
      fc.record({ family: fc.constant('fd' as const), fd: fc.nat(1000) }),
    )
    fc.assert(
      fc.property(address, (address) => {
        const options: AddressOptions = { portOk: true, descriptor: 'raw' }
        expect(parse(formatAddress(address), options).address).toEqual(address)
        expect(parse(formatHostPort(address), options).address).toEqual(address)
      }),
    )
  })

  it('has one key for all of its forms', () => {
    const texts = ['::1:25', '[::1]:25', 'ipv6@::1:25', 'tcp6@[0:0::1]:25', 'stream+ipv6@::1:25', 'ip@::1:25']
    expect(new Set(texts.map((text) => addressKey(parse(text).address)))).toEqual(new Set(['::1:25']))
    expect(sameAddress(parse('/a').address, parse('unix@/a').address)).toBe(true)
    expect(sameAddress(parse('abns@a').address, parse('abnsz@a').address)).toBe(false)
  })

  it.each([
    ['127.8.9.1:1', true],
    ['::1:1', true],
    ['::ffff:127.0.0.1:1', true],
    ['/run/x', true],
    ['128.0.0.1:1', false],
    ['::2:1', false],
  ])('%s is local to its host: %s', (text, expected) => {
    expect(isLoopback(parse(text).address)).toBe(expected)
  })

  it.each([
    ['10.0.0.1:80', 'ipv4', '10.0.0.1', 80],
    ['*:80', 'ipv4', '0.0.0.0', 80],
    [':80', 'ipv4', '0.0.0.0', 80],
    ['ipv6@*:80', 'ipv6', '::', 80],
    ['ipv6@:80', 'ipv6', '::', 80],
    [':::80', 'ipv6', '::', 80],
    ['[::1]', 'ipv6', '::1', 0],
    ['[10.0.0.1]:80', 'ipv4', '10.0.0.1', 80],
    ['10.0.0.1:', 'ipv4', '10.0.0.1', 0],
    ['10.0.0.1', 'ipv4', '10.0.0.1', 0],
  ])('%s is %s %s port %i', (text, family, ip, port) => {
    expect(parse(text).address).toEqual({ family, ip, port })
  })

  it.each([
    ['10.0.0.1:80', 'fixed', 80, 80],
    ['10.0.0.1:80-90', 'range', 80, 90],
    ['10.0.0.1:80-80', 'fixed', 80, 80],
    ['10.0.0.1:+10', 'offset', 10, 10],
    ['10.0.0.1:-10', 'offset', -10, -10],
    ['10.0.0.1:0', 'none', 0, 0],
    ['10.0.0.1', 'none', 0, 0],
  ])('the port of %s is %s', (text, portMode, port, portHigh) => {
    const result = parse(text, { portOk: true, portRange: true, portOffset: true })
    expect(result).toMatchObject({ portMode, port, portHigh })
    expect(result.address).toMatchObject({ port: portMode === 'offset' ? 0 : port })
  })

  it('determines the type of socket', () => {
    const sockets = 'stream or datagram'
    const protocol = (text: string, options: AddressOptions = {}) =>
      parse(text, { portOk: true, sockets, ...options }).protocol
    expect(protocol('1.2.3.4:1')).toBe('stream')
    expect(protocol('1.2.3.4:1', { sockets: 'datagram or stream' })).toBe('datagram')
    expect(protocol('udp@1.2.3.4:1')).toBe('datagram')
    expect(protocol('tcp@1.2.3.4:1', { sockets: 'datagram or stream' })).toBe('stream')
    expect(protocol('dgram+unix@/x')).toBe('datagram')
    expect(protocol('mptcp4@1.2.3.4:1')).toBe('mptcp')
    expect(protocol('quic6@::1:1')).toBe('quic')
    expect(refusal('1.2.3.4:1', { portOk: true, sockets: 'datagram' })).toBeUndefined()
    expect(refusal('tcp@1.2.3.4:1', { portOk: true, sockets: 'datagram' })).toBe(
      "stream-type address not acceptable in 'tcp@1.2.3.4:1'",
    )
  })

  it('never throws, for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `fd@${text}`),
        ),
        (text) => {
          const result = parseAddress(text, { portOk: true, portRange: true, portOffset: true, resolve: () => [] })
          expect('error' in result ? result.error.length : result.address.family.length).toBeGreaterThan(0)
        },
      ),
    )
  })
})

describe('a host name', () => {
  const resolve = (name: string) => (name === 'mail.example' ? ['10.0.0.25', 'fd00::25'] : [])

  it('is resolved to the requested family', () => {
    const options = { portOk: true, resolve }
    expect(parse('mail.example:25', options)).toMatchObject({
      address: { family: 'ipv4', ip: '10.0.0.25', port: 25 },
      name: 'mail.example',
      resolved: true,
    })
    expect(parse('ipv6@mail.example:25', options).address).toMatchObject({ ip: 'fd00::25' })
    expect(refusal('nobody:25', options)).toBe("invalid address: 'nobody' in 'nobody:25'")
  })

  it('can be resolved later', () => {
    expect(parse('mail.example:+1', { portOk: true, portOffset: true, allowUnresolved: true })).toMatchObject({
      name: 'mail.example',
      resolved: false,
      portMode: 'offset',
      port: 1,
    })
  })

  it('that cannot be resolved is rejected', () => {
    const asked: string[] = []
    const options = { portOk: true, resolve: (name: string) => (asked.push(name), ['10.0.0.1']) }
    for (const name of ['a b', 'xyz@1.2.3.4', 'x'.repeat(64), 'fe80::1%eth0'])
      expect(refusal(`${name}:1`, options)).toBeDefined()
    expect(asked).toEqual([])
    expect(refusal('mail.example:25')).toBe("invalid address: 'mail.example' in 'mail.example:25'")
  })
})
