/**
 * Tests of traffic by subject. The transcripts of the real HAProxy are compared with those of `hapsim-haproxy` for the subjects in `COMPARED`;
 * for the others it is played twice, which shows that their transcripts are stable.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { OURS, REAL } from '../../support/programs.js'
import { describeUpstream } from '../../support/upstream.js'
import { SUBJECTS } from '../cases/index.js'
import { compareAll, INVALID, type Comparison } from './compare.js'

type Subject = keyof typeof SUBJECTS

/** Subjects in which both are the same. HAPSIM_TRAFFIC_COMPARE=all compares all, and reports differences where HAPSIM_TRAFFIC_REPORT names a file. */
const COMPARED: ReadonlySet<Subject> = new Set([])

const program = (subject: Subject): string =>
  COMPARED.has(subject) || process.env.HAPSIM_TRAFFIC_COMPARE === 'all' ? OURS : REAL

export const describeTraffic = (...subjects: readonly Subject[]): void =>
  describeUpstream('traffic', () => {
    describe.each(subjects)('%s', (subject) => {
      const cases = SUBJECTS[subject]
      let comparisons: readonly Comparison[] = []
      beforeAll(async () => {
        comparisons = await compareAll(cases, REAL, program(subject))
      }, 300_000)
      it.each(cases.map(({ name }, i) => [name, i] as const))('%s', (_name, i) => {
        const { expected, actual } = comparisons[i]!
        expect(expected[0]).not.toBe(INVALID)
        expect(actual).toEqual(expected)
      })
    })
  })
