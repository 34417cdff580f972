import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random } from '../../src/engine/index.js'

const draws = (random: Random, count = 8) => Array.from({ length: count }, () => random.uint32())

describe('random streams', () => {
  it('are the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(draws(new Random(seed))).toEqual(draws(new Random(seed)))
      }),
    )
  })

  it('differ between seeds and between the streams of a seed', () => {
    const all = [1, 2, 3].flatMap((seed) => {
      const random = new Random(seed)
      return [random, random.stream('network'), random.stream('lua')].map((each) => draws(each).join())
    })
    expect(new Set(all).size).toBe(all.length)
  })

  it('do not depend on draws from other streams', () => {
    const one = new Random(7)
    draws(one, 100)
    expect(draws(one.stream('checks'))).toEqual(draws(new Random(7).stream('checks')))
  })

  it('return integers of the whole range and no others', () => {
    const random = new Random(1)
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(-3, 3)))
    expect([...seen].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3])
  })

  it('return fractions of the unit interval, evenly distributed', () => {
    const random = new Random(1)
    const values = Array.from({ length: 10_000 }, () => random.float())
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThan(1)
    expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(0.5, 1)
  })
})
