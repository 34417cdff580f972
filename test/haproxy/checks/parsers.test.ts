/** Parsers used by checks accept arbitrary input: HTTP responses, bytes, log formats, patterns. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toByteString } from '../../../src/bytes/text.js'
import { parseHex } from '../../../src/config/syntax/bytes.js'
import { SAMPLES } from '../../../src/haproxy/samples/registry.js'
import { parseCheckFormat, parseSampleExpression } from '../../../src/config/samples/log-format.js'
import { fromBytes, toBytes } from '../../../src/haproxy/dialogue/byte-buffer.js'
import { hexOf } from '../../../src/haproxy/dialogue/messages.js'
import { ldapCheck } from '../../../src/config/checks/kinds/ldap.js'
import { mysqlCheck } from '../../../src/config/checks/kinds/mysql.js'
import { spopCheck } from '../../../src/config/checks/kinds/spop.js'
import { Simulation } from '../../../src/sim/index.js'

const byteString = fc.uint8Array({ maxLength: 300 }).map(fromBytes)

describe('byte strings', () => {
  it('consist of the given bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(toBytes(fromBytes(bytes))).toEqual(bytes)))
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (text) => void expect(toBytes(toByteString(text))).toEqual(new TextEncoder().encode(text)),
      ),
    )
  })

  it('can be parsed from hexadecimal digits', () => {
    fc.assert(fc.property(byteString, (text) => void expect(parseHex(hexOf(text))).toBe(text)))
  })
})

describe('log-formats and expressions', () => {
  it('are parsed or rejected for any text', () => {
    const piece = fc.constantFrom(
      '%',
      '[',
      ']',
      '(',
      ')',
      ',',
      'str',
      'var',
      'check.x',
      'hex',
      ' ',
      '"',
      "'",
      '\\',
      'a',
      '{+M}',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        parseCheckFormat(pieces.join(''), SAMPLES)
        parseSampleExpression(pieces.join(''), SAMPLES)
      }),
    )
  })
})

describe('custom dialogues', () => {
  const judges = [
    spopCheck.parse([]),
    ldapCheck.parse([]),
    mysqlCheck.parse([]),
    mysqlCheck.parse(['user', 'u', 'pre-41']),
  ].flatMap((program) => {
    if ('error' in program) throw new Error(program.error)
    const { rules } = program
    return rules.flatMap((rule) =>
      rule.action === 'expect' && rule.pattern.type === 'custom' ? [rule.pattern.judge] : [],
    )
  })

  it('judge any input, and wait only while more may arrive', () => {
    const start = fc.constantFrom('', '\0\0\0\x20', '\x30\x84', '\x30\x0c\x02\x01\x01\x61', '\x4a\0\0\0')
    fc.assert(
      fc.property(start, byteString, (begin, rest) => {
        const input = begin + rest
        if (input === '') return
        for (const judge of judges) {
          judge({ input, lastRead: false, isLast: true })
          expect(judge({ input, lastRead: true, isLast: true })).not.toBe('wait')
        }
      }),
    )
  })
})

describe('a peer that sends endlessly', () => {
  it('is disconnected after the same time as by HAProxy', () => {
    const sim = new Simulation()
    const server = sim.tcp('10.0.0.1:80').greet('x'.repeat(10_000_000))
    sim
      .haproxy({
        config: `
global
    stats socket unix@/run/haproxy.sock level admin
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend be1
    option tcp-check
    tcp-check expect string never
    server s1 10.0.0.1:80 check inter 1s
`,
        directory: false,
      })
      .start()
    const before = process.memoryUsage().arrayBuffers
    sim.advance('60s')
    expect(server.connections.length).toBeGreaterThan(50)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000)
  })
})
