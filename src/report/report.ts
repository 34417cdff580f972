/** The content of a report: one or more runs with their timelines. */
import type { Timeline } from './timeline.js'

/** One run of a report. */
export interface ReportRun {
  /** its name in the report: `usual order`, `failing` */
  readonly name: string
  readonly timeline: Timeline
  /** how its schedule deviates from the default one, in sentences */
  readonly deviations?: readonly string[]
  /** the token that replays it */
  readonly token?: string
  /** its results, by subject */
  readonly outcome?: Readonly<Record<string, readonly string[]>>
}

/** A report. */
export interface Report {
  readonly title: string
  readonly subtitle?: string
  /** a single run, or several, of which the first is the one that the others are compared with */
  readonly runs: readonly ReportRun[]
  /** the shell command that creates the report */
  readonly command?: string
}
