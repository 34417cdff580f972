/** Variables to be closed are closed here when they are in the real Lua, with the same values. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CLOSE_PROGRAMS } from './close-programs.js'
import { closingPrograms } from './closing-blocks.js'
import { differences, withLua } from './real-lua.js'

const BATCHES = 10
const PER_BATCH = 300

withLua('5.4', 'variables to be closed', () => {
  it(`in ${CLOSE_PROGRAMS.length} small programs`, () => {
    expect(CLOSE_PROGRAMS.length).toBeGreaterThan(60)
    expect(differences('5.4', CLOSE_PROGRAMS)).toEqual([])
  })

  it(`in ${BATCHES * PER_BATCH} generated ones: blocks, loops, jumps, errors, coroutines, yields`, () => {
    const batch = fc.array(closingPrograms, { minLength: PER_BATCH, maxLength: PER_BATCH })
    fc.assert(
      fc.property(batch, (programs) => {
        expect(differences('5.4', programs).slice(0, 1)).toEqual([])
      }),
      { numRuns: BATCHES, endOnFailure: true },
    )
  })
})

withLua('5.3', 'attributes of variables', () => {
  it('are no words of 5.3', () => {
    expect(
      differences('5.3', ['local x <close> = nil', 'local x <const> = 1', 'for k in next, {}, nil, 4 do end']),
    ).toEqual([])
  })
})
