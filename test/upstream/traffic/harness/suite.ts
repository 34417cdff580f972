/**
 * Tests of traffic by subject. The transcripts of the real HAProxy are compared with ours for the subjects in `COMPARED`;
 * for the others it is played twice, which shows that their transcripts are stable.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { OURS, REAL } from '../../support/programs.js'
import { describeUpstream } from '../../support/upstream.js'
import { SUBJECTS } from '../cases/index.js'
import { executable, simulated, type MakeProgram } from './programs.js'
import { compareAll, INVALID, type Comparison } from './compare.js'

type Subject = keyof typeof SUBJECTS

/** Subjects in which both are the same, and the program that they are played with. */
const COMPARED: ReadonlyMap<Subject, 'executable' | 'simulation'> = new Map([
  ['PROXY protocol', 'simulation'],
  ['actions', 'simulation'],
  ['cookies', 'simulation'],
])

const PROGRAMS: Readonly<Record<string, MakeProgram>> = { executable: executable(OURS), simulation: simulated }

/** HAPSIM_TRAFFIC_COMPARE compares all subjects, with the `executable` or the `simulation`. */
const program = (subject: Subject): MakeProgram =>
  PROGRAMS[process.env.HAPSIM_TRAFFIC_COMPARE ?? COMPARED.get(subject) ?? ''] ?? executable(REAL)

export const describeTraffic = (...subjects: readonly Subject[]): void =>
  describeUpstream('traffic', () => {
    describe.each(subjects)('%s', (subject) => {
      const cases = SUBJECTS[subject]
      let comparisons: readonly Comparison[] = []
      beforeAll(async () => {
        comparisons = await compareAll(cases, executable(REAL), program(subject))
      }, 300_000)
      it.each(cases.map(({ name }, i) => [name, i] as const))('%s', (_name, i) => {
        const { expected, actual } = comparisons[i]!
        expect(expected[0]).not.toBe(INVALID)
        expect(actual).toEqual(expected)
      })
    })
  })
