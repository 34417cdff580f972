/**
 * Compares generated programs, in two test files so that two processors share them.
 *
 * `HAPSIM_PROGRAMS=200000` is the number of programs, `HAPSIM_SEED` the seed of the first one; both together repeat a failure.
 */
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { describeUpstream } from '../../support/upstream.js'
import { Choices, shrink } from './choices.js'
import { differing, FORCED_YIELDS, type Difference } from './compare.js'
import { generate } from './program.js'

const PROGRAMS = Number(process.env.HAPSIM_PROGRAMS ?? 10_000)
const FIRST = Number(process.env.HAPSIM_SEED ?? 1)
const BATCH = 200

/** The smallest program found that still differs, with what it prints in both. */
const report = (folder: string, seed: number, forcedYield: number, first: Difference): string => {
  const original = Choices.random(seed)
  generate(original)
  const of = (sequence: readonly number[]): Choices => {
    const choices = Choices.replay(sequence)
    generate(choices)
    return choices
  }
  const program = (sequence: readonly number[]): string => generate(Choices.replay(sequence))
  const find = (candidates: readonly (readonly number[])[]): number =>
    differing(folder, candidates.map(program), forcedYield)[0]?.index ?? -1
  if (find([original.made]) < 0)
    return `only beside others:\n${shown(seed, forcedYield, program(original.made), first)}`
  const smallest = program(shrink(original.made, find, (candidate) => of(candidate).made))
  const [found] = differing(folder, [smallest], forcedYield)
  return shown(seed, forcedYield, smallest, found!)
}

const LINES = 12

/** Both outputs, from shortly before the first line that differs. */
const fromDifference = (ours: string, real: string): string => {
  const [mine, theirs] = [ours.split('\n'), real.split('\n')]
  const first = Math.max(0, mine.findIndex((line, i) => line !== theirs[i]) - 3)
  const part = (lines: readonly string[]): string => lines.slice(first, first + LINES).join('\n')
  return `--- ours, from line ${first + 1}\n${part(mine)}\n--- HAProxy\n${part(theirs)}`
}

const shown = (seed: number, forcedYield: number, program: string, { where, ours, real }: Difference): string =>
  `HAPSIM_SEED=${seed} HAPSIM_PROGRAMS=1 in the ${where}, tune.lua.forced-yield ${forcedYield}:\n${program}\n${fromDifference(ours, real)}`

/** The part of a batch, which begins after a multiple of {@link BATCH}, that is among the programs to run. */
const seedsOf = (batch: number): number[] =>
  Array.from({ length: BATCH }, (_, i) => batch * BATCH + 1 + i).filter(
    (seed) => seed >= FIRST && seed < FIRST + PROGRAMS,
  )

/** Tests every second batch. @param remainder 0: those with even numbers, 1: those with odd ones */
export const comparePrograms = (remainder: 0 | 1): void =>
  describeUpstream('generated programs', () => {
    it(`print the same, in ${remainder === 0 ? 'even' : 'odd'} batches`, { timeout: 36_000_000, retry: 0 }, () => {
      const folder = temporaryFolder('fuzz')
      const [first, last] = [FIRST, FIRST + PROGRAMS - 1].map((seed) => Math.floor((seed - 1) / BATCH)) as [
        number,
        number,
      ]
      for (let batch = first; batch <= last; batch++) {
        if (batch % 2 !== remainder) continue
        const seeds = seedsOf(batch)
        const forcedYield = FORCED_YIELDS[Math.floor(batch / 2) % FORCED_YIELDS.length]!
        const programs = seeds.map((seed) => generate(Choices.random(seed)))
        const [found] = differing(folder, programs, forcedYield)
        if (found) expect.fail(report(folder, seeds[found.index]!, forcedYield, found))
      }
    })
  })
