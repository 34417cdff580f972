/** The contents of a report: one or more runs with their timelines. */
import type { Timeline } from './timeline.js'

/** A run in a report. */
export interface ReportRun {
  /** its title in the report: `default order`, `failing` */
  readonly name: string
  readonly timeline: Timeline
  /** its deviations from the default order, described */
  readonly deviations?: readonly string[]
  /** the token that replays it */
  readonly token?: string
  /** its outcome, by subject */
  readonly outcome?: Readonly<Record<string, readonly string[]>>
}

/** The contents of a report. */
export interface RunReport {
  readonly title: string
  readonly subtitle?: string
  /** one run, or a baseline followed by others */
  readonly runs: readonly ReportRun[]
  /** the command that reproduces it */
  readonly command?: string
}
