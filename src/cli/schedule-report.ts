/** The report of a schedule that a search has found: the usual order and that schedule, side by side. */
import { fifo, Follow, type Strategy } from '../engine/index.js'
import {
  decodeToken,
  explain,
  USUAL_FAILURES,
  runOnce,
  type Replay,
  type Run,
  type Scenario,
} from '../explore/index.js'
import type { Report } from '../report/report.js'
import { collectTimeline } from '../report/timeline-recorder.js'
import type { Timeline } from '../report/timeline.js'

export interface ScheduleReportOptions {
  readonly title: string
  readonly subtitle?: string
  /** the command that shows it again */
  readonly command?: string
}

/** Plays both once more. Throws a TokenError for a token that does not fit. */
export const scheduleReport = (scenario: Scenario, token: string, options: ScheduleReportOptions): Report => {
  const found = decodeToken(scenario.name, token)
  const other = play(scenario, (now) => new Follow(found.schedule, now), found)
  const usual = usualRun(scenario, found, other.run)
  return {
    ...options,
    runs: [
      { name: nameOf('usual order', usual.run), timeline: usual.timeline, outcome: usual.run.outcome.lines },
      {
        name: nameOf('this schedule', other.run),
        timeline: other.timeline,
        deviations: explain(scenario, found.schedule, found).deviations,
        token,
        outcome: other.run.outcome.lines,
      },
    ],
  }
}

interface Played {
  readonly run: Run
  readonly timeline: Timeline
}

/** With the same latencies, so that nothing but the schedule differs; with the usual ones where it is they that matter. */
const usualRun = (scenario: Scenario, found: Replay, other: Run): Played => {
  const same = play(scenario, () => fifo, found)
  const isAlike = same.run.outcome.key === other.outcome.key && !same.run.failure === !other.failure
  return isAlike && Object.keys(found.seeds).length > 0 ? play(scenario, () => fifo, { ...found, seeds: {} }) : same
}

const play = (scenario: Scenario, strategy: (now: () => number) => Strategy, found: Replay): Played => {
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
    failures: new Set(USUAL_FAILURES),
  })
  return { run, timeline: timeline! }
}

const nameOf = (name: string, { failure }: Run): string => (failure ? `${name}: ${failure.message}` : name)
