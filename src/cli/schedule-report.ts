/** The report of a schedule found by a search: the run in the default order and the run of the schedule, side by side. */
import { fifo, Follow, type Strategy } from '../engine/index.js'
import {
  decodeToken,
  explain,
  DEFAULT_FAILURE_KINDS,
  runOnce,
  type Replay,
  type RunResult,
  type Scenario,
} from '../explore/index.js'
import type { RunReport } from '../report/report.js'
import { collectTimeline } from '../report/timeline-recorder.js'
import type { Timeline } from '../report/timeline.js'

export interface ScheduleReportOptions {
  readonly title: string
  readonly subtitle?: string
  /** the command that replays it */
  readonly command?: string
}

/** Replays both. Throws a TokenError if the token does not match the scenario. */
export const scheduleReport = (scenario: Scenario, token: string, options: ScheduleReportOptions): RunReport => {
  const found = decodeToken(scenario.name, token)
  const other = play(scenario, (now) => new Follow(found.schedule, now), found)
  const baseline = baselineRun(scenario, found, other.run)
  return {
    ...options,
    runs: [
      {
        name: runTitle('default order', baseline.run),
        timeline: baseline.timeline,
        outcome: baseline.run.outcome.lines,
      },
      {
        name: runTitle('this schedule', other.run),
        timeline: other.timeline,
        deviations: explain(scenario, found.schedule, found).deviations,
        token,
        outcome: other.run.outcome.lines,
      },
    ],
  }
}

interface PlayedRun {
  readonly run: RunResult
  readonly timeline: Timeline
}

/**
 * The run in the default order with the same latencies, so that only the schedule differs; with default latencies if those make the
 * difference.
 */
const baselineRun = (scenario: Scenario, found: Replay, other: RunResult): PlayedRun => {
  const same = play(scenario, () => fifo, found)
  const isAlike = same.run.outcome.key === other.outcome.key && !same.run.failure === !other.failure
  return isAlike && Object.keys(found.seeds).length > 0 ? play(scenario, () => fifo, { ...found, seeds: {} }) : same
}

const play = (scenario: Scenario, strategy: (now: () => number) => Strategy, found: Replay): PlayedRun => {
  let timeline: Timeline | undefined
  const watched: Scenario = {
    name: scenario.name,
    play(simulation) {
      timeline = collectTimeline(simulation)
      scenario.play(simulation)
    },
  }
  const run = runOnce(watched, strategy, {
    ...found,
    failures: new Set(DEFAULT_FAILURE_KINDS),
  })
  return { run, timeline: timeline! }
}

const runTitle = (name: string, { failure }: RunResult): string => (failure ? `${name}: ${failure.message}` : name)
