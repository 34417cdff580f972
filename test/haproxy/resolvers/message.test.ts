/** Questions and answers on the wire. Expected bytes and hashes come from RFC 1035 and from xxHash's own documents. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildQuery, encodeName, readAnswer } from '../../../src/haproxy/resolvers/message.js'
import { xxh32 } from '../../../src/haproxy/resolvers/xxh32.js'

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0))
const name = encodeName('a.test')!

describe('a name', () => {
  it('is its labels, each after its length', () => {
    expect(encodeName('www.haproxy.org')).toEqual(bytes('\x03www\x07haproxy\x03org'))
    expect(encodeName('www.haproxy.org.')).toEqual(encodeName('www.haproxy.org'))
  })

  it.each(['', 'a..b', '.a', 'x'.repeat(64), 'abcdefghi.'.repeat(26) + 'a'])('%j is none', (text) => {
    expect(encodeName(text)).toBeUndefined()
  })
})

it('a question has one name, and how long the answer may be', () => {
  expect(buildQuery(0x1234, 'AAAA', name, 512)).toEqual(
    bytes('\x12\x34\x01\0\0\x01\0\0\0\0\0\x01\x01a\x04test\0\0\x1c\0\x01\0\0\x29\x02\0\0\0\0\0\0\0'),
  )
})

const answer = (code: string, count: string, records: string) =>
  bytes(`\x12\x34\x81${code}\0\x01\0${count}\0\0\0\0\x01a\x04test\0\0\x01\0\x01${records}`)

const ADDRESS = '\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x0a\0\0\x01'
const ALIAS = '\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x04\x01b\xc0\x0e'

describe('an answer', () => {
  it('has addresses, whose name may be a pointer', () => {
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
  ])('is counted as what is wrong with it: %j %j %j', (code, count, records, expected) => {
    expect(readAnswer(answer(code, count, records), name, 512)).toBe(expected)
  })

  it('for another name is invalid, however it is written', () => {
    expect(readAnswer(answer('\x80', '\x01', ADDRESS), encodeName('b.test')!, 512)).toBe('invalid')
    expect(readAnswer(answer('\x80', '\x01', ADDRESS), encodeName('A.Test')!, 512)).toMatchObject([{ ip: '10.0.0.1' }])
  })

  it('of any bytes at all is judged and does not hang', () => {
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
])('the hash of %j is what xxHash says', (text, seed, expected) => {
  expect(xxh32(bytes(text), seed)).toBe(expected)
})
