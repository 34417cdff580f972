/** A schedule in words: who was held back, for how long, past what, and what followed. */
import {
  Follow,
  MILLISECOND,
  STALL,
  type Deviation,
  type Micros,
  type ReadySet,
  type Schedule,
  type Task,
} from '../engine/index.js'
import type { FailureKind } from './failure.js'
import { runOnce, type Scenario, type Seeds } from './run.js'

export interface Explanation {
  /** a line for each deviation */
  readonly deviations: readonly string[]
}

/** What happened at each decision of a run. */
class Watched {
  readonly #turns: string[] = []
  readonly #times: Micros[] = []
  /** who ran; undefined: time passed */
  readonly #ran: (string | undefined)[] = []

  take(at: Micros, ready: ReadySet, decision: number, chosen: Task | typeof STALL): void {
    this.#turns[decision] = ready.first().name
    this.#times[decision] = at
    this.#ran[decision] = chosen === STALL ? undefined : chosen.name
  }

  describe(deviation: Deviation): string {
    const { kind, decision } = deviation
    if (kind === 'due') return `of several things that were due at once, number ${deviation.index + 1} came first`
    const start = this.#times[decision] ?? 0
    const at = `at ${milliseconds(start)}`
    const name = this.#turns[decision] ?? 'a task'
    return kind === 'stall'
      ? `${at}, time passed although ${name} was runnable`
      : `${at}, ${this.#delayed(name, decision, start)}`
  }

  #delayed(name: string, decision: number, start: Micros): string {
    const end = this.#ran.indexOf(name, decision)
    const overtakers = this.#ran.slice(decision, end < 0 ? undefined : end).filter((each) => each !== undefined)
    const length = ((end < 0 ? this.#times.at(-1) : this.#times[end]) ?? start) - start
    const delay = length === 0 ? '' : ` by ${milliseconds(length)}`
    const past = overtakers.length === 0 ? '' : `, past ${[...new Set(overtakers)].join(', ')}`
    return `${name} was delayed${delay}${past}`
  }
}

/** Plays a schedule once more and tells what its deviations did. */
export const explain = (
  scenario: Scenario,
  schedule: Schedule,
  options: { readonly seed: number; readonly seeds: Seeds; readonly maxStall: Micros },
): Explanation => {
  const watched = new Watched()
  const failures: ReadonlySet<FailureKind> = new Set()
  const follow = (now: () => Micros) =>
    new Follow(schedule, now, (ready, decision, chosen) => watched.take(now(), ready, decision, chosen))
  runOnce(scenario, follow, { ...options, failures })
  return { deviations: [...chanceOf(options.seeds), ...schedule.map((deviation) => watched.describe(deviation))] }
}

const milliseconds = (time: Micros): string => `${(time / MILLISECOND).toFixed(3)} ms`

const chanceOf = ({ latencySeed, pairsSeed }: Seeds): string[] => [
  ...(latencySeed === undefined ? [] : ['latencies of the network were others, within their ranges']),
  ...(pairsSeed === undefined ? [] : ['pairs went through string keys in another order']),
]
