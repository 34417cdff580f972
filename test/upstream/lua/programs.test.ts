/** Some hundred small programs print here what they print in the real Lua. */
import { expect, it } from 'vitest'
import { PROGRAMS } from './programs.js'
import { differences, withLua } from './real-lua.js'

for (const version of ['5.4', '5.3'] as const)
  withLua(version, 'small programs', () => {
    it(`${PROGRAMS.length} of them`, () => {
      expect(PROGRAMS.length).toBeGreaterThan(400)
      expect(differences(version, PROGRAMS)).toEqual([])
    })
  })
