import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Deviation } from '../../src/engine/index.js'
import { decodeToken, encodeToken, TokenError } from '../../src/explore/index.js'

const task = fc.option(fc.nat(0xffff), { nil: undefined }).map((value) => (value === undefined ? {} : { task: value }))
const deviation: fc.Arbitrary<Deviation> = fc.oneof(
  fc
    .tuple(fc.nat(100_000), fc.nat(50), task)
    .map(([decision, index, t]) => ({ kind: 'pick' as const, decision, index, ...t })),
  fc.nat(100_000).map((decision) => ({ kind: 'stall' as const, decision })),
  fc.tuple(fc.nat(100_000), fc.nat(50)).map(([decision, index]) => ({ kind: 'due' as const, decision, index })),
  fc
    .tuple(fc.nat(100_000), fc.nat(10_000_000), task)
    .map(([decision, time, t]) => ({ kind: 'hold' as const, decision, time, ...t })),
)
const replay = fc.record({
  seed: fc.integer({ min: -1_000_000, max: 1_000_000 }),
  seeds: fc.record({ latencySeed: fc.nat(0xffffffff), pairsSeed: fc.nat(0xffffffff) }, { requiredKeys: [] }),
  maxStall: fc.nat(10_000_000),
  schedule: fc.array(deviation, { maxLength: 30 }).map((all) => all.sort((a, b) => a.decision - b.decision)),
})

describe('a token', () => {
  it('contains a schedule and its seeds', () => {
    fc.assert(
      fc.property(fc.string(), replay, (name, each) => {
        expect(decodeToken(name, encodeToken(name, each))).toEqual(each)
      }),
    )
  })

  it('is short for a short schedule', () => {
    const token = encodeToken('x', {
      seed: 1,
      seeds: {},
      maxStall: 10_000,
      schedule: [{ kind: 'hold', decision: 3, time: 140, task: 53881 }],
    })
    expect(token.length).toBeLessThan(32)
    expect(token).toMatch(/^[\w-]+$/)
  })

  it('that is truncated or mistyped is rejected', () => {
    fc.assert(
      fc.property(replay, fc.nat(), (each, seed) => {
        const token = encodeToken('x', each)
        expect(() => decodeToken('x', token.slice(0, token.length - 1 - (seed % (token.length - 1))))).toThrow(
          TokenError,
        )
      }),
    )
    for (const token of ['', 'x', 'hs1-', 'hs1-AAAA', 'hs1-not base64!'])
      expect(() => decodeToken('x', token)).toThrow(TokenError)
  })

  it('of another scenario or another version is rejected with specific messages', () => {
    const token = encodeToken('one', { seed: 1, seeds: {}, maxStall: 0, schedule: [] })
    expect(() => decodeToken('two', token)).toThrow('the token does not match two')
    expect(() => decodeToken('one', token.replace('hs1', 'hs2'))).toThrow('another version')
  })
})
