/** Plays cases against two programs and pairs the transcripts. What differs is played again, as machines are sometimes slow. */
import { appendFileSync } from 'node:fs'
import { diffArrays } from 'diff'
import type { TrafficCase } from './case.js'
import { playAll, startErrors } from './process.js'
import { Crashed, DidNotStart, type MakeProgram } from './programs.js'
import type { Transcript } from './transcript.js'

export { INVALID } from './process.js'

/** How often a case that differs is played; HAPSIM_TRAFFIC_ATTEMPTS changes it. */
const ATTEMPTS = Number(process.env.HAPSIM_TRAFFIC_ATTEMPTS ?? 4)

export interface Comparison {
  readonly traffic: TrafficCase
  /** the last transcripts, or those of two attempts that are the same: a program may have more than one right outcome */
  readonly expected: Transcript
  readonly actual: Transcript
  /** differences of the attempts without such a pair, as text */
  readonly differences: readonly string[]
}

/** The transcripts of a case in all attempts so far. */
interface Attempts {
  readonly expected: Transcript[]
  readonly actual: Transcript[]
}

/**
 * @param expected the program whose transcripts are right
 * @param actual the program that is compared with it
 */
export const compareAll = async (
  cases: readonly TrafficCase[],
  expected: MakeProgram,
  actual: MakeProgram,
): Promise<Comparison[]> => {
  const attempts = new Map(cases.map((traffic) => [traffic, { expected: [], actual: [] } as Attempts]))
  const comparison = (traffic: TrafficCase): Comparison => toComparison(traffic, attempts.get(traffic)!)
  let remaining = cases
  for (let attempt = 1; attempt <= ATTEMPTS && remaining.length > 0; attempt++) {
    const [right, other] = [await playValid(expected, remaining), await playValid(actual, remaining)]
    remaining.forEach((traffic, i) => {
      attempts.get(traffic)!.expected.push(right[i]!)
      attempts.get(traffic)!.actual.push(other[i]!)
    })
    remaining = remaining.filter((traffic) => differs(comparison(traffic)))
  }
  const comparisons = cases.map(comparison)
  report(comparisons)
  return comparisons
}

const toComparison = (traffic: TrafficCase, { expected, actual }: Attempts): Comparison => {
  const texts = actual.map((transcript) => transcript.join('\n'))
  const same = expected.find((transcript) => texts.includes(transcript.join('\n')))
  const last = same ?? expected.at(-1)!
  const pairs = expected.map((transcript, i) => [transcript, actual[i]!] as const)
  return {
    traffic,
    expected: last,
    actual: same ?? actual.at(-1)!,
    differences: pairs.flatMap(([a, b]) => (a.join('\n') === b.join('\n') ? [] : [difference(a, b)])),
  }
}

export const differs = ({ expected, actual }: Comparison): boolean => expected.join('\n') !== actual.join('\n')

/** Plays all cases in one process, except those whose configuration is the reason that it does not start. */
const playValid = async (program: MakeProgram, cases: readonly TrafficCase[]): Promise<Transcript[]> => {
  try {
    return await playSeparating(program, cases)
  } catch (error) {
    if (!(error instanceof DidNotStart)) throw error
    const problems = await findInvalid(program, cases)
    const valid = cases.filter((traffic) => !problems.has(traffic))
    const transcripts = valid.length === cases.length ? [] : await playSeparating(program, valid)
    return cases.map(
      (traffic) => problems.get(traffic) ?? transcripts[valid.indexOf(traffic)] ?? error.message.split('\n'),
    )
  }
}

/** Plays all cases in one process; where it ends while it serves, plays those that are the reason separately. */
const playSeparating = async (program: MakeProgram, cases: readonly TrafficCase[]): Promise<Transcript[]> => {
  try {
    return await playAll(program, cases)
  } catch (error) {
    if (!(error instanceof Crashed)) throw error
    if (cases.length === 1) return [error.message.split('\n')]
    const middle = cases.length >> 1
    return [
      ...(await playSeparating(program, cases.slice(0, middle))),
      ...(await playSeparating(program, cases.slice(middle))),
    ]
  }
}

/** The cases whose configuration a program rejects, with its messages. */
const findInvalid = async (
  program: MakeProgram,
  cases: readonly TrafficCase[],
): Promise<ReadonlyMap<TrafficCase, Transcript>> => {
  const messages = await startErrors(program, cases)
  if (messages === undefined) return new Map()
  if (cases.length === 1) return new Map([[cases[0]!, messages]])
  const middle = cases.length >> 1
  const halves = [cases.slice(0, middle), cases.slice(middle)]
  const problems = await Promise.all(halves.map((half) => findInvalid(program, half)))
  return new Map(problems.flatMap((found) => [...found]))
}

/**
 * Appends to the files that the environment names: HAPSIM_TRAFFIC_REPORT gets the differences, HAPSIM_TRAFFIC_TRANSCRIPTS all
 * transcripts of the first program.
 */
const report = (comparisons: readonly Comparison[]): void => {
  const { HAPSIM_TRAFFIC_REPORT: differences, HAPSIM_TRAFFIC_TRANSCRIPTS: transcripts } = process.env
  for (const comparison of comparisons) {
    const { traffic, expected, differences: found } = comparison
    const outcome = differs(comparison) ? '' : ' (agreed at last)'
    if (differences !== undefined && found.length > 0)
      appendFileSync(differences, `## ${traffic.name}${outcome}\n${found.at(-1)}\n`)
    if (transcripts !== undefined) appendFileSync(transcripts, `## ${traffic.name}\n${expected.join('\n')}\n\n`)
  }
}

/** Two transcripts of a case, with lines of one program only marked. */
const difference = (expected: Transcript, actual: Transcript): string =>
  diffArrays([...expected], [...actual])
    .flatMap(({ value, added, removed }) => value.map((line) => `${added ? '+' : removed ? '-' : ' '} ${line}\n`))
    .join('')
