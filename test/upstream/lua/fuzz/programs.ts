/**
 * Generated programs print in a task with forced yields, and in the body of a script, what they print in the real Lua.
 * `HAPSIM_PROGRAMS=200000` has that many looked at; `HAPSIM_SEED` gives the seed of the first one.
 */
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { Choices, shrink } from './fuzz/choices.js'
import { differing, FORCED_YIELDS, type Difference } from './fuzz/compare.js'
import { generate } from './fuzz/program.js'
import { withLua } from './real-lua.js'

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
  return `--- ours, from line ${first + 1}\n${part(mine)}\n--- lua5.4\n${part(theirs)}`
}

const shown = (seed: number, forcedYield: number, program: string, { where, ours, real }: Difference): string =>
  `HAPSIM_SEED=${seed} HAPSIM_PROGRAMS=1 in the ${where}, tune.lua.forced-yield ${forcedYield}:\n${program}\n${fromDifference(ours, real)}`

withLua('5.4', 'generated programs', () => {
  it(`print the same: ${PROGRAMS} of them`, { timeout: 36_000_000, retry: 0 }, () => {
    const folder = temporaryFolder('fuzz')
    for (let done = 0; done < PROGRAMS; done += BATCH) {
      const seeds = Array.from({ length: Math.min(BATCH, PROGRAMS - done) }, (_, i) => FIRST + done + i)
      const forcedYield = FORCED_YIELDS[seeds[0]! % FORCED_YIELDS.length]!
      const programs = seeds.map((seed) => generate(Choices.random(seed)))
      const [first] = differing(folder, programs, forcedYield)
      if (first) expect.fail(report(folder, seeds[first.index]!, forcedYield, first))
    }
  })
})
