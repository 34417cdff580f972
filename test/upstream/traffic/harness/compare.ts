/** Plays cases against two programs and pairs the transcripts. What differs is played again, as machines are sometimes slow. */
import { appendFileSync } from 'node:fs'
import { diffArrays } from 'diff'
import type { TrafficCase } from './case.js'
import { DidNotStart, playAll } from './process.js'
import type { Transcript } from './transcript.js'

/** How often a case that differs is played. */
const ATTEMPTS = 3

export interface Comparison {
  readonly traffic: TrafficCase
  readonly expected: Transcript
  readonly actual: Transcript
  /** differences of earlier attempts, as text */
  readonly earlier: readonly string[]
}

/**
 * @param expected the program whose transcripts are right
 * @param actual the program that is compared with it
 */
export const compareAll = async (
  cases: readonly TrafficCase[],
  expected: string,
  actual: string,
): Promise<Comparison[]> => {
  const results = new Map<TrafficCase, Comparison>()
  let remaining = cases
  for (let attempts = 1; attempts <= ATTEMPTS && remaining.length > 0; attempts++) {
    const right = await playOrSplit(expected, remaining)
    const other = await playOrSplit(actual, remaining)
    remaining.forEach((traffic, i) => {
      const last = results.get(traffic)
      const earlier = last === undefined ? [] : [...last.earlier, difference(last)]
      results.set(traffic, { traffic, expected: right[i]!, actual: other[i]!, earlier })
    })
    remaining = remaining.filter((traffic) => differs(results.get(traffic)!))
  }
  const comparisons = cases.map((traffic) => results.get(traffic)!)
  report(comparisons)
  return comparisons
}

export const differs = ({ expected, actual }: Comparison): boolean => expected.join('\n') !== actual.join('\n')

/** Plays all cases in one process; where it does not start, finds the cases whose configuration is the reason, and plays the others. */
const playOrSplit = async (program: string, cases: readonly TrafficCase[]): Promise<Transcript[]> => {
  try {
    return await playAll(program, cases)
  } catch (error) {
    if (!(error instanceof DidNotStart)) throw error
    if (cases.length === 1) return [error.message.split('\n')]
    const middle = cases.length >> 1
    return [
      ...(await playOrSplit(program, cases.slice(0, middle))),
      ...(await playOrSplit(program, cases.slice(middle))),
    ]
  }
}

/**
 * Appends to the files that the environment names: HAPSIM_TRAFFIC_REPORT gets the differences, HAPSIM_TRAFFIC_TRANSCRIPTS all
 * transcripts of the first program.
 */
const report = (comparisons: readonly Comparison[]): void => {
  const { HAPSIM_TRAFFIC_REPORT: differences, HAPSIM_TRAFFIC_TRANSCRIPTS: transcripts } = process.env
  for (const comparison of comparisons) {
    const { traffic, expected, earlier } = comparison
    const attempts = [...earlier, ...(differs(comparison) ? [difference(comparison)] : [])]
    if (differences !== undefined && attempts.length > 0)
      appendFileSync(
        differences,
        `## ${traffic.name}${differs(comparison) ? '' : ' (agreed at last)'}\n${attempts.at(-1)}\n`,
      )
    if (transcripts !== undefined) appendFileSync(transcripts, `## ${traffic.name}\n${expected.join('\n')}\n\n`)
  }
}

/** The transcripts of a case, with lines of one program only marked. */
const difference = ({ expected, actual }: Comparison): string =>
  diffArrays([...expected], [...actual])
    .flatMap(({ value, added, removed }) => value.map((line) => `${added ? '+' : removed ? '-' : ' '} ${line}\n`))
    .join('')
