/** Traffic through the real HAProxy and ours: bytes of both sides, ends of connections, log lines and statistics. */
import { beforeAll, describe, expect, it } from 'vitest'
import { REAL } from '../support/programs.js'
import { describeUpstream } from '../support/upstream.js'
import { SUBJECTS } from './cases/index.js'
import { compareAll, type Comparison } from './harness/compare.js'

describeUpstream('traffic', () => {
  describe.each(Object.entries(SUBJECTS))('%s', (_, cases) => {
    let comparisons: readonly Comparison[] = []
    beforeAll(async () => {
      comparisons = await compareAll(cases, REAL, REAL)
    }, 120_000)
    it.each(cases.map(({ name }, i) => [name, i] as const))('%s', (_name, i) => {
      const { expected, actual } = comparisons[i]!
      expect(actual).toEqual(expected)
    })
  })
})
