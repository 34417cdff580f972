/** The page and the trace of a search: the usual order beside the smallest schedule that makes a difference. */
import { fifo, Follow, type Micros, type Strategy } from '../engine/index.js'
import { decodeToken, explain, runOnce, type ReportData, type Scenario } from '../explore/index.js'
import { collectTimeline, type Timeline } from '../report/timeline.js'
import type { ReportRun } from '../report/html.js'
import { writeReports, type ReportOptions } from './report-files.js'

interface Details {
  readonly seed: number
  readonly maxStall: Micros
  /** the command that replays a token */
  readonly replay: (token: string) => string
}

export const writeExploreReports = (
  files: ReportOptions,
  scenario: Scenario,
  report: ReportData,
  { seed, maxStall, replay }: Details,
): void => {
  const usual = play(scenario, () => fifo, { seed, maxStall })
  const found = report.failures[0] ?? report.outcomes.find((outcome) => outcome.key !== report.usual)
  const runs: ReportRun[] = [{ name: 'usual order', ...usual }]
  if (found !== undefined) {
    const schedule = decodeToken(scenario.name, found.token)
    runs.push({
      name: 'message' in found ? `fails: ${found.message}` : 'another outcome',
      ...play(scenario, (now) => new Follow(schedule.schedule, now), schedule),
      deviations: explain(scenario, schedule.schedule, schedule).deviations,
      token: found.token,
    })
  }
  writeReports(files, {
    title: scenario.name,
    subtitle: `${report.schedules} schedules (${report.strategy}), ${report.outcomes.length} outcomes, ${report.failures.length} failures`,
    runs,
    ...(found && { command: replay(found.token) }),
  })
}

/** What happens in a run, and its outcome. */
const play = (
  scenario: Scenario,
  strategy: (now: () => Micros) => Strategy,
  options: { readonly seed: number; readonly maxStall: Micros; readonly latencySeed?: number | undefined },
): Pick<ReportRun, 'timeline' | 'outcome'> & { timeline: Timeline } => {
  let timeline: Timeline | undefined
  const watched: Scenario = {
    name: scenario.name,
    play(simulation) {
      timeline = collectTimeline(simulation)
      scenario.play(simulation)
    },
  }
  const { outcome } = runOnce(watched, strategy, { ...options, failures: new Set() })
  return { timeline: timeline!, outcome: outcome.lines }
}
