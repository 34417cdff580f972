/** Patterns that are recorded before the line that uses them is parsed. */
import { expect, it } from 'vitest'
import { PatternUses } from '../../src/config/rules/pattern-uses.js'
import type { PatternUse } from '../../src/config/model/patterns.js'

const MATCHING = { matching: 'str', kind: 'string', output: undefined, ignoreCase: false, noNames: false } as const
const INLINE = { keyword: 'path', id: -1, patterns: ['/'] }

it('a reserved use is given to the line at its place only', () => {
  const uses = new PatternUses({ resolve: () => [] })
  const reserved: PatternUse = {
    ...MATCHING,
    source: INLINE,
    place: { file: 'internal', line: 0 },
    proxiesBefore: 1,
  }
  uses.reserve(reserved)
  const at = (file: string) => ({ place: { file, line: 0 }, proxiesBefore: 1, directory: '' })
  const other = uses.useInline(at('haproxy.cfg'), INLINE, MATCHING)
  expect(other).not.toBe(reserved)
  expect(uses.useInline(at('internal'), INLINE, MATCHING)).toBe(reserved)
  expect(uses.useInline(at('internal'), INLINE, MATCHING)).not.toBe(reserved)
  expect(uses.all).toHaveLength(3)
})
