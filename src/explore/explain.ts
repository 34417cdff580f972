/** A schedule in words: who was held back, for how long, past what, and what followed. */
import { MILLISECOND, STALL, Follow, type Micros, type ReadySet, type Schedule, type Task } from '../engine/index.js'
import type { FailureKind } from './failure.js'
import { runOnce, type Scenario, type Seeds } from './run.js'

export interface Explanation {
  /** a line for each deviation */
  readonly deviations: readonly string[]
}

interface Step {
  readonly at: Micros
  readonly task: string
}

/** Plays a schedule once more and tells what its deviations did. */
export const explain = (
  scenario: Scenario,
  schedule: Schedule,
  options: { readonly seed: number; readonly seeds: Seeds; readonly maxStall: Micros },
): Explanation => {
  const steps: (Step | undefined)[] = []
  const turns: string[] = []
  const times: Micros[] = []
  let now = () => 0
  const watch = (ready: ReadySet, decision: number, chosen: Task | typeof STALL) => {
    turns[decision] = ready.first().name
    times[decision] = now()
    steps[decision] = chosen === STALL ? undefined : { at: now(), task: chosen.name }
  }
  const failures: ReadonlySet<FailureKind> = new Set()
  runOnce(scenario, (clock) => new Follow(schedule, (now = clock), watch), { ...options, failures })
  return {
    deviations: [
      ...chanceOf(options.seeds),
      ...schedule.map((deviation) => {
        const { decision } = deviation
        const start = times[decision] ?? 0
        const at = `at ${milliseconds(start)}`
        if (deviation.kind === 'due')
          return `of several things that were due at once, number ${deviation.index + 1} came first`
        if (deviation.kind === 'stall')
          return `${at}, time passed although ${turns[decision] ?? 'something'} was runnable`
        const name = turns[decision] ?? 'a task'
        const end = steps.findIndex((step, i) => i >= decision && step?.task === name)
        const until = end < 0 ? steps.length : end
        const passed = [...new Set(steps.slice(decision, until).flatMap((step) => (step ? [step.task] : [])))]
        const length = (end < 0 ? (times.at(-1) ?? start) : times[end]!) - start
        const delay = length === 0 ? '' : ` by ${milliseconds(length)}`
        const past = passed.length === 0 ? '' : `, past ${passed.join(', ')}`
        return `${at}, ${name} was delayed${delay}${past}`
      }),
    ],
  }
}

const milliseconds = (time: Micros): string => `${(time / MILLISECOND).toFixed(3)} ms`

const chanceOf = ({ latencySeed, pairsSeed }: Seeds): string[] => [
  ...(latencySeed === undefined ? [] : ['latencies of the network were others, within their ranges']),
  ...(pairsSeed === undefined ? [] : ['pairs went through string keys in another order']),
]
