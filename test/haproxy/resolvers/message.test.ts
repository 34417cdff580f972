/** DNS queries and responses as bytes. Expected bytes and hashes come from RFC 1035 and from xxHash's documents. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildQuery, encodeName, readAnswer, readServices } from '../../../src/haproxy/resolvers/message.js'
import { xxh32 } from '../../../src/hash/xxh32.js'

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0))
const name = encodeName('a.test')!

describe('a name', () => {
  it('is encoded as labels, each after its length', () => {
    expect(encodeName('www.haproxy.org')).toEqual(bytes('\x03www\x07haproxy\x03org'))
    expect(encodeName('www.haproxy.org.')).toEqual(encodeName('www.haproxy.org'))
  })

  it.each(['', 'a..b', '.a', 'x'.repeat(64), 'abcdefghi.'.repeat(26) + 'a'])('%j is invalid', (text) => {
    expect(encodeName(text)).toBeUndefined()
  })
})

it('a query has one name, and the maximum size of the response', () => {
  expect(buildQuery(0x1234, 'AAAA', name, 512)).toEqual(
    bytes('\x12\x34\x01\0\0\x01\0\0\0\0\0\x01\x01a\x04test\0\0\x1c\0\x01\0\0\x29\x02\0\0\0\0\0\0\0'),
  )
})

const answer = (code: string, count: string, records: string) =>
  bytes(`\x12\x34\x81${code}\0\x01\0${count}\0\0\0\0\x01a\x04test\0\0\x01\0\x01${records}`)

const ADDRESS = '\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x0a\0\0\x01'
const ALIAS = '\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x04\x01b\xc0\x0e'

describe('a response', () => {
  it('contains addresses, whose name may be a pointer', () => {
    expect(readAnswer(answer('\x80', '\x01', ADDRESS), name, 512)).toMatchObject([{ family: 'ipv4', ip: '10.0.0.1' }])
  })

  it('is followed from an alias to its addresses', () => {
    const target = ADDRESS.replace('\xc0\x0c', '\x01b\xc0\x0e')
    expect(readAnswer(answer('\x80', '\x02', ALIAS + target), name, 512)).toMatchObject([{ ip: '10.0.0.1' }])
  })

  it.each([
    ['\x83', '\0', '', 'nx'],
    ['\x85', '\0', '', 'refused'],
    ['\x82', '\0', '', 'other'],
    ['\x80', '\0', '', 'any_err'],
    ['\x80', '\x01', ALIAS, 'cname_error'],
    ['\x80', '\x02', ALIAS + ADDRESS, 'cname_error'],
    ['\x80', '\x01', ADDRESS.slice(0, -1), 'invalid'],
    ['\x80', '\x01', ADDRESS.replace('\0\x04', '\0\x03'), 'invalid'],
    ['\x80', '\x01', '\xc0\xff' + ADDRESS.slice(2), 'invalid'],
    ['\x80', '\xff', ADDRESS, 'invalid'],
  ])('is counted by its error: %j %j %j', (code, count, records, expected) => {
    expect(readAnswer(answer(code, count, records), name, 512)).toBe(expected)
  })

  it('for another name is invalid, in any form', () => {
    expect(readAnswer(answer('\x80', '\x01', ADDRESS), encodeName('b.test')!, 512)).toBe('invalid')
    expect(readAnswer(answer('\x80', '\x01', ADDRESS), encodeName('A.Test')!, 512)).toMatchObject([{ ip: '10.0.0.1' }])
  })

  it('of any bytes is classified in bounded time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(60), (noise, at) => {
        const whole = answer('\x80', '\x02', ALIAS + ADDRESS)
        whole.set(noise.subarray(0, Math.max(0, whole.length - at)), Math.min(at, whole.length))
        for (const each of [noise, whole]) {
          const found = readAnswer(each, name, 512)
          if (typeof found !== 'string') expect(found.every(({ ip }) => ip !== '')).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

it.each([
  // what xxHash's own `xxhsum -H0` and its documents give
  ['', 0, 0x02cc5d05],
  ['a', 0, 0x550d7456],
  ['abc', 0, 0x32d153ff],
  ['Nobody inspects the spammish repetition', 0, 0xe2293b2f],
])('the hash of %j is that of xxHash', (text, seed, expected) => {
  expect(xxh32(bytes(text), seed)).toBe(expected)
})

const SERVICE = encodeName('_a._tcp.b')!
const text = (name: Uint8Array) => String.fromCharCode(...name)
const short = (value: number) => String.fromCharCode(value >> 8, value & 255)

/** An answer to a question for SRV records. RFC 2782: priority, weight, port, target. */
const serviceAnswer = (answers: readonly string[], additional: readonly string[] = []) =>
  bytes(
    `\x12\x34\x81\x80\0\x01${short(answers.length)}\0\0${short(additional.length)}${text(SERVICE)}\0\0\x21\0\x01` +
      [...answers, ...additional].join(''),
  )

const record = (owner: string, type: number, data: string) =>
  `${owner}${short(type)}\0\x01\0\0\0\x3c${short(data.length)}${data}`
const srvRecord = (weight: number, port: number, target: string) =>
  record('\xc0\x0c', 33, short(1) + short(weight) + short(port) + target)

describe('a response with SRV records', () => {
  it('contains weights, ports, targets and additional addresses, whose names may be pointers', () => {
    const first = srvRecord(300, 8080, '\x04Host\xc0\x14')
    const at = 12 + SERVICE.length + 1 + 4 + 12 + 6
    const address = record(String.fromCharCode(0xc0, at), 1, '\x0a\0\0\x01')
    expect(readServices(serviceAnswer([first], [address]), SERVICE, 512)).toMatchObject({
      services: [{ weight: 300, port: 8080, target: 'Host.b' }],
      additional: [{ name: 'Host.b', ip: '10.0.0.1' }],
    })
  })

  it('skips an OPT record, which has no name, and the rest', () => {
    const answer = serviceAnswer(
      [srvRecord(1, 1, '\x01h\0')],
      [record('\0', 41, ''), record('\x01h\0', 1, '\x0a\0\0\x01')],
    )
    expect(readServices(answer, SERVICE, 512)).toMatchObject({ services: [{ target: 'h' }], additional: [] })
  })

  it.each([
    ['a target that is the root', srvRecord(1, 1, '\0')],
    ['no target', record('\xc0\x0c', 33, '\0\0\0\0\0\0')],
    ['a target that points to itself', srvRecord(1, 1, '\xc0\x27')],
    ['a target that points ahead', srvRecord(1, 1, '\xc0\xf0')],
    ['an address of three bytes', record('\xc0\x0c', 1, '\x0a\0\0')],
  ])('is invalid with %s', (_, answer) => {
    expect(readServices(serviceAnswer([answer]), SERVICE, 512)).toBe('invalid')
  })

  const label = fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/)
  const word = fc.integer({ min: 0, max: 65_535 })
  const ip = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 255 })))

  it('is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ labels: fc.array(label, { minLength: 1, maxLength: 4 }), weight: word, port: word, ip }), {
          minLength: 1,
          maxLength: 20,
        }),
        (hosts) => {
          const name = ({ labels }: { labels: string[] }) => `${text(encodeName(labels.join('.'))!)}\0`
          const answer = serviceAnswer(
            hosts.map((host) => srvRecord(host.weight, host.port, name(host))),
            hosts.map((host) => record(name(host), 1, String.fromCharCode(...host.ip))),
          )
          expect(readServices(answer, SERVICE, 8192)).toMatchObject({
            services: hosts.map(({ labels, weight, port }) => ({ target: labels.join('.'), weight, port })),
            additional: hosts.map((host) => ({ name: host.labels.join('.'), ip: host.ip.join('.') })),
          })
        },
      ),
    )
  })

  it('neither throws nor hangs if bytes are changed or missing', () => {
    const good = serviceAnswer(
      [srvRecord(1, 80, '\x01h\xc0\x14'), srvRecord(2, 81, '\x01i\0')],
      [record('\x01i\0', 1, '\x0a\0\0\x01')],
    )
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 6 })
    fc.assert(
      fc.property(changes, fc.nat(good.length), (changed, length) => {
        const bad = Uint8Array.from(good)
        for (const [at, value] of changed) bad[at] = value
        const read = readServices(bad.subarray(0, length), SERVICE, 512)
        expect(['string', 'object']).toContain(typeof read)
      }),
      { numRuns: 500 },
    )
  })
})
