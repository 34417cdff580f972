/** Looks for a smallest schedule with the result of one that was found: by shrinking it, and by a short search for another. */
import { fingerprint, type Micros, type Schedule } from '../engine/index.js'
import { DelaySearch } from './delay.js'
import type { Run, Seeds } from './run.js'
import { asHolds, shrink, type Attempt, type IsSame } from './shrink.js'

/** A run, and what chance decided in it. */
export interface Found {
  readonly run: Run
  readonly seeds: Seeds
}

export interface Small {
  readonly schedule: Schedule
  readonly seeds: Seeds
}

export interface SmallestOptions {
  /** plays a schedule; undefined where it does not fit */
  readonly play: (schedule: Schedule, seeds: Seeds) => Run | undefined
  readonly isSame: IsSame
  readonly maxStall: Micros
}

/** So many deviations are few: nothing smaller is looked for. */
const FEW = 2
const SHORT_SEARCH = 400

/** Without other latencies and another order of `pairs` if that works, in as few deviations as possible. */
export const smallest = ({ run, seeds }: Found, { play, isSame, maxStall }: SmallestOptions): Small => {
  if (run.schedule.length === 0 && isUsual(seeds)) return { schedule: [], seeds }
  const works = ({ schedule, seeds: own }: Small): boolean => {
    const tried = play(schedule, own)
    return tried !== undefined && isSame(tried)
  }
  const holds = run.schedule.some((each) => each.kind !== 'hold') ? asHolds(run, fingerprint) : run.schedule
  const fewerSeeds: Seeds[] = [{}, only(seeds, 'pairsSeed'), only(seeds, 'latencySeed'), seeds]
  const candidates = fewerSeeds.flatMap((own) =>
    [[], holds, run.schedule].map((schedule): Small => ({ schedule, seeds: own })),
  )
  const from = candidates.find(works) ?? { schedule: run.schedule, seeds }
  const attempt: Attempt = (schedule) => play(schedule, from.seeds)
  const { schedule } = shrink(from.schedule, attempt, isSame)
  if (schedule.length <= FEW) return { schedule, seeds: from.seeds }
  const fewer = fewest(attempt, isSame, maxStall)
  return { schedule: fewer && fewer.length < schedule.length ? fewer : schedule, seeds: from.seeds }
}

/** A schedule of few deviations with the same result, if a short search finds one. */
const fewest = (attempt: Attempt, isSame: IsSame, maxStall: Micros): Schedule | undefined => {
  const search = new DelaySearch({ deviations: FEW, stalls: true, deliveries: true, maxStall })
  for (let tried = 0; tried < SHORT_SEARCH; tried++) {
    const schedule = search.take()
    if (schedule === undefined) return undefined
    const run = attempt(schedule)
    if (run === undefined) continue
    if (isSame(run)) return shrink(schedule, attempt, isSame).schedule
    search.expand(schedule, run)
  }
  return undefined
}

const isUsual = (seeds: Seeds): boolean => seeds.latencySeed === undefined && seeds.pairsSeed === undefined

const only = (seeds: Seeds, key: keyof Seeds): Seeds => (seeds[key] === undefined ? {} : { [key]: seeds[key] })
