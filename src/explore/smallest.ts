/** Finds a smallest schedule with a given result: by shrinking the one found, and by a short search for another. */
import { fingerprint, type Micros, type Schedule } from '../engine/index.js'
import { DelaySearch } from './delay.js'
import type { RunResult, Seeds } from './run.js'
import { asHolds, shrink, type Attempt, type SameResult } from './shrink.js'

/** A run and its seeds. */
export interface FoundRun {
  readonly run: RunResult
  readonly seeds: Seeds
}

export interface SmallSchedule {
  readonly schedule: Schedule
  readonly seeds: Seeds
}

export interface SmallestOptions {
  /** runs a schedule; returns undefined if it does not apply */
  readonly play: (schedule: Schedule, seeds: Seeds) => RunResult | undefined
  readonly isSame: SameResult
  readonly maxStall: Micros
}

/** Schedules this small are not minimised further. */
const FEW_DEVIATIONS = 2
const SHORT_SEARCH_RUNS = 400

/** Minimises a run: without varied latencies and `pairs` order if possible, and with as few deviations as possible. */
export const smallest = ({ run, seeds }: FoundRun, { play, isSame, maxStall }: SmallestOptions): SmallSchedule => {
  if (run.schedule.length === 0 && isDefault(seeds)) return { schedule: [], seeds }
  const isReproduced = ({ schedule, seeds: own }: SmallSchedule): boolean => {
    const tried = play(schedule, own)
    return tried !== undefined && isSame(tried)
  }
  const holds = run.schedule.some((each) => each.kind !== 'hold') ? asHolds(run, fingerprint) : run.schedule
  const fewerSeeds: Seeds[] = [{}, pickSeed(seeds, 'pairsSeed'), pickSeed(seeds, 'latencySeed'), seeds]
  const candidates = fewerSeeds.flatMap((own) =>
    [[], holds, run.schedule].map((schedule): SmallSchedule => ({ schedule, seeds: own })),
  )
  const from = candidates.find(isReproduced) ?? { schedule: run.schedule, seeds }
  const attempt: Attempt = (schedule) => play(schedule, from.seeds)
  const { schedule } = shrink(from.schedule, attempt, isSame)
  if (schedule.length <= FEW_DEVIATIONS) return { schedule, seeds: from.seeds }
  const fewer = searchFewest(attempt, isSame, maxStall)
  return { schedule: fewer && fewer.length < schedule.length ? fewer : schedule, seeds: from.seeds }
}

/** Searches briefly for a schedule of few deviations with the same result. */
const searchFewest = (attempt: Attempt, isSame: SameResult, maxStall: Micros): Schedule | undefined => {
  const search = new DelaySearch({ deviations: FEW_DEVIATIONS, stalls: true, deliveries: true, maxStall })
  for (let tried = 0; tried < SHORT_SEARCH_RUNS; tried++) {
    const schedule = search.next()
    if (schedule === undefined) return undefined
    const run = attempt(schedule)
    if (run === undefined) continue
    if (isSame(run)) return shrink(schedule, attempt, isSame).schedule
    search.expand(schedule, run)
  }
  return undefined
}

const isDefault = (seeds: Seeds): boolean => seeds.latencySeed === undefined && seeds.pairsSeed === undefined

const pickSeed = (seeds: Seeds, key: keyof Seeds): Seeds => (seeds[key] === undefined ? {} : { [key]: seeds[key] })
