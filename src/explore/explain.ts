/** Describes a schedule: which task was delayed, for how long, and which tasks ran meanwhile. */
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
  /** one line per deviation */
  readonly deviations: readonly string[]
}

/** Records the decisions of a run. */
class DecisionLog {
  readonly #expected: string[] = []
  readonly #times: Micros[] = []
  /** the task that ran; undefined: time passed */
  readonly #ran: (string | undefined)[] = []

  record(at: Micros, ready: ReadySet, decision: number, chosen: Task | typeof STALL): void {
    this.#expected[decision] = ready.first().name
    this.#times[decision] = at
    this.#ran[decision] = chosen === STALL ? undefined : chosen.name
  }

  describe(deviation: Deviation): string {
    const { kind, decision } = deviation
    if (kind === 'due') return `of several events due at the same instant, number ${deviation.index + 1} came first`
    const start = this.#times[decision] ?? 0
    const at = `at ${milliseconds(start)}`
    const name = this.#expected[decision] ?? 'a task'
    return kind === 'stall'
      ? `${at}, time passed while ${name} was runnable`
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

/** Replays a schedule and describes the effect of its deviations. */
export const explain = (
  scenario: Scenario,
  schedule: Schedule,
  options: { readonly seed: number; readonly seeds: Seeds; readonly maxStall: Micros },
): Explanation => {
  const log = new DecisionLog()
  const failures: ReadonlySet<FailureKind> = new Set()
  const follow = (now: () => Micros) =>
    new Follow(schedule, now, (ready, decision, chosen) => log.record(now(), ready, decision, chosen))
  runOnce(scenario, follow, { ...options, failures })
  return { deviations: [...describeSeeds(options.seeds), ...schedule.map((deviation) => log.describe(deviation))] }
}

const milliseconds = (time: Micros): string => `${(time / MILLISECOND).toFixed(3)} ms`

const describeSeeds = ({ latencySeed, pairsSeed }: Seeds): string[] => [
  ...(latencySeed === undefined ? [] : ['network latencies varied within their ranges']),
  ...(pairsSeed === undefined ? [] : ['pairs() visited string keys in a different order']),
]
