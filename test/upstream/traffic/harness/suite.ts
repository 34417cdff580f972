/**
 * Tests of traffic by subject: the transcripts of the real HAProxy are those of the simulation, except where a difference is known
 * (`known-differences.ts`). Such cases are played twice with the real one, which shows that their transcripts are stable.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { OURS, REAL } from '../../support/programs.js'
import { describeUpstream } from '../../support/upstream.js'
import { SUBJECTS } from '../cases/index.js'
import { KNOWN_DIFFERENCES } from '../known-differences.js'
import type { TrafficCase } from './case.js'
import { executable, simulated, type MakeProgram } from './programs.js'
import { compareAll, INVALID, type Comparison } from './compare.js'

type Subject = keyof typeof SUBJECTS

/** Cases that are played at the same time where code that is not compiled yet would change durations. */
const FEW = 4

/** The programs that all cases can be compared with, and the real one as it is played for that. */
const PROGRAMS: Readonly<Record<string, readonly [real: MakeProgram, other: MakeProgram]>> = {
  executable: [executable(REAL, FEW), executable(OURS, FEW)],
  simulation: [executable(REAL), simulated],
}

/** HAPSIM_TRAFFIC_COMPARE names the program that all cases are compared with, those with known differences, too. */
const { HAPSIM_TRAFFIC_COMPARE: compared = '' } = process.env

/** Compares cases that have the same global settings in one process each time. */
const compareGroups = async (
  cases: readonly TrafficCase[],
  ...programs: readonly [MakeProgram, MakeProgram]
): Promise<Comparison[]> => {
  const results: Comparison[] = []
  for (const settings of new Set(cases.map(({ global }) => global))) {
    const group = cases.filter(({ global }) => global === settings)
    results.push(...(await compareAll(group, ...programs)))
  }
  return cases.map((each) => results.find(({ traffic }) => traffic === each)!)
}

/** Pairs of transcripts of the real HAProxy and the simulation, or of two plays of the real one where a difference is known. */
const compareSubject = async (cases: readonly TrafficCase[]): Promise<readonly Comparison[]> => {
  const programs = PROGRAMS[compared]
  if (programs) return compareGroups(cases, ...programs)
  const real = executable(REAL)
  const isKnown = ({ name }: TrafficCase): boolean => KNOWN_DIFFERENCES.has(name)
  const results = [
    ...(await compareGroups(
      cases.filter((traffic) => !isKnown(traffic)),
      real,
      simulated,
    )),
    ...(await compareGroups(cases.filter(isKnown), real, real)),
  ]
  return cases.map((each) => results.find(({ traffic }) => traffic === each)!)
}

export const describeTraffic = (...subjects: readonly Subject[]): void =>
  describeUpstream('traffic', () => {
    describe.each(subjects)('%s', (subject) => {
      const cases = SUBJECTS[subject]
      let comparisons: readonly Comparison[] = []
      beforeAll(async () => {
        comparisons = await compareSubject(cases)
      }, 600_000)
      it.each(cases.map(({ name }, i) => [name, i] as const))('%s', (_name, i) => {
        const { expected, actual } = comparisons[i]!
        expect(expected[0]).not.toBe(INVALID)
        expect(actual).toEqual(expected)
      })
    })
  })
