/** Functions of the libraries take, and refuse, what those of the real HAProxy do. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { decodeText } from '../../../src/bytes/text.js'
import { runScript } from '../../lua/world.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { describeUpstream, upstream } from '../support/upstream.js'
import {
  ARGUMENTS,
  C_STRINGS,
  CHAINS,
  LENGTHS,
  LIMITS_AND_MOVES,
  PACKED_FLOATS,
  PATTERN_DEPTHS,
  READERS,
  REPEATED_LABELS,
  RESULT_COUNTS,
  SORTS,
  ZERO_BYTES_AND_DATES,
} from './library-programs.js'

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    lua-load x.lua
`

const real = (program: string): string => {
  const folder = temporaryFolder('library')
  writeFileSync(join(folder, 'x.lua'), program)
  writeFileSync(join(folder, 'haproxy.cfg'), CONFIG)
  const env = { ...process.env, TZ: 'UTC' }
  return decodeText(spawnSync(upstream('haproxy'), ['-q', '-c', '-f', 'haproxy.cfg'], { cwd: folder, env }).stdout)
}

const masked = (output: string): string[] =>
  output
    .trimEnd()
    .replace(/0x[0-9a-f]+/g, 'ADDRESS')
    .split('\n')

describeUpstream('functions of the libraries', () => {
  it.each([
    ['report missing and wrong arguments in the same order', ARGUMENTS],
    ['end names and messages at zero bytes, and fill in the fields of dates', ZERO_BYTES_AND_DATES],
    ['read texts part by part, no further than the first mistake', READERS],
    ['report labels that are repeated, the last one first', REPEATED_LABELS],
    ['sort with the same comparisons and assignments', SORTS],
    ['limit the length of texts, and compare tables that are moved', LIMITS_AND_MOVES],
    ['accept all lengths and positions', LENGTHS],
    ['keep the sign of packed floats', PACKED_FLOATS],
    ['refuse patterns that are too complex', PATTERN_DEPTHS],
    ['find fields through chains of objects of a limited length', CHAINS],
    ['give as many results, directly called', RESULT_COUNTS],
    ['end arguments at zero bytes where C functions read them as C strings', C_STRINGS],
  ])('%s', (_, program) => {
    const expected = masked(real(program))
    expect(expected.length).toBeGreaterThan(10)
    expect(masked(runScript(program).printed.join('\n'))).toEqual(expected)
  })
})
