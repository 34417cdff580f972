/** Values, numbers as text and library arguments come out here as in the real Lua. */
import { expect, it } from 'vitest'
import { differences, withLua } from './real-lua.js'
import { numberPrograms, powerPrograms } from './number-programs.js'
import { VALUE_PROGRAMS, VALUE_PROGRAMS_53, VALUE_PROGRAMS_54 } from './value-programs.js'

for (const version of ['5.4', '5.3'] as const)
  withLua(version, 'values', () => {
    it('are converted, formatted and refused as there', () => {
      const programs = [...VALUE_PROGRAMS, ...(version === '5.4' ? VALUE_PROGRAMS_54 : VALUE_PROGRAMS_53)]
      expect(differences(version, programs)).toEqual([])
    })
  })

/** Doubles in all; `HAPSIM_DOUBLES=1000000` has that many looked at by hand. */
const DOUBLES = Number(process.env.HAPSIM_DOUBLES ?? 50_000)
const PER_PROGRAM = 1000

/** The lines that differ, which are few among thousands. */
const lines = (found: ReturnType<typeof differences>): (readonly [ours: string, real: string])[] =>
  found.flatMap(({ ours = '', real = '' }) => {
    const theirs = real.split('\n')
    return ours.split('\n').flatMap((line, i) => (line === theirs[i] ? [] : [[line, theirs[i] ?? ''] as const]))
  })

withLua('5.4', 'numbers as text', () => {
  it(`is the same of ${DOUBLES} random and boundary doubles`, { timeout: 3_600_000 }, () => {
    const seeds = Array.from({ length: DOUBLES / PER_PROGRAM }, (_, i) => i + 1)
    for (let at = 0; at < seeds.length; at += 50)
      expect(lines(differences('5.4', numberPrograms(seeds.slice(at, at + 50), PER_PROGRAM)))).toEqual([])
  })

  it('is the same of powers', () => {
    expect(differences('5.4', powerPrograms([1, 2, 3, 4, 5], 400))).toEqual([])
  })
})
