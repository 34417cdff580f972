/** Generated expressions, formats, patterns, packings, numbers as text and programs with errors give what the real Lua gives. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { conversions, expressions, formats, mutations, packs, patterns } from './cases.js'
import { PROGRAMS } from './programs.js'
import { differences, withLua } from './real-lua.js'

const COUNTS = {
  expressions: 8000,
  formats: 5000,
  patterns: 6000,
  packs: 2000,
  conversions: 3000,
  mutations: 4000,
} as const
const GENERATORS = { expressions, formats, patterns, packs, conversions, mutations: mutations(PROGRAMS) }

/** A few kinds of 5.3 are enough: what differs between the versions is compared by hand-written programs too. */
for (const version of ['5.4', '5.3'] as const)
  withLua(version, 'generated cases', () => {
    for (const [kind, count] of Object.entries(COUNTS) as [keyof typeof COUNTS, number][]) {
      const total = version === '5.4' ? count : Math.floor(count / 10)
      it(`${total} ${kind}`, () => {
        const cases = fc.sample(GENERATORS[kind], { numRuns: total, seed: 54 })
        for (let i = 0; i < cases.length; i += 1000)
          expect(differences(version, cases.slice(i, i + 1000)).slice(0, 20)).toEqual([])
      })
    }
  })
