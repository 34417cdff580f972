/** The report of a search as data: printed by `--json`, exchanged and merged between shards. */
import type { FailureKind } from './failure.js'
import type { ExploreReport } from './result.js'

/** How a schedule is shown to users. */
export interface ScheduleDescription {
  /** its deviations, one line each */
  readonly deviationLines?: readonly string[]
  /** the command that replays it */
  readonly replay?: string
}

/** A failure and its smallest schedule. */
export interface FailureData extends ScheduleDescription {
  readonly kind: FailureKind
  readonly message: string
  /** number of schedules that fail like this */
  readonly count: number
  /** number of deviations from `fifo` of the smallest schedule */
  readonly deviations: number
  readonly token: string
}

/** An outcome and its smallest schedule. */
export interface OutcomeData extends ScheduleDescription {
  /** equal for equal outcomes */
  readonly key: string
  readonly count: number
  readonly deviations: number
  readonly token: string
  /** the lines of the outcome by subject */
  readonly summary: Readonly<Record<string, readonly string[]>>
}

/** The report of a search or of a shard. */
export interface ReportData {
  readonly type: 'end'
  readonly scenario: string
  readonly strategy: string
  readonly schedules: number
  /** `delay`: whether every schedule within the bound was run */
  readonly complete: boolean
  /** the bound: maximum deviations of a schedule */
  readonly depth: number
  /** `delay`: every schedule with up to this many deviations was run; -1: none */
  readonly covered: number
  /** the key of the outcome in the default order */
  readonly usual: string // language: allow (a JSON key)
  readonly outcomes: readonly OutcomeData[]
  readonly failures: readonly FailureData[]
  /** where two runs under one schedule diverged: the scenario is not deterministic */
  readonly nondeterminism?: string
  /** the shard, as `2/4` */
  readonly shard?: string
}

/**
 * Converts a report to data.
 *
 * @param shard as `2/4`
 */
export const reportData = (report: ExploreReport, depth: number, shard?: string): ReportData => ({
  type: 'end',
  scenario: report.scenario,
  strategy: report.strategy,
  schedules: report.schedules,
  complete: report.complete,
  depth,
  covered: report.covered,
  usual: report.baseline.outcome.key, // language: allow
  outcomes: report.outcomes.map(({ key, count, schedule, token, lines }) => ({
    key,
    count,
    deviations: schedule.length,
    token,
    summary: lines,
  })),
  failures: report.failures.map(({ kind, message, count, schedule, token }) => ({
    kind,
    message,
    count,
    deviations: schedule.length,
    token,
  })),
  ...(report.nondeterminism !== undefined && { nondeterminism: report.nondeterminism }),
  ...(shard !== undefined && { shard }),
})

/** The reports cannot be merged; the message says why. */
export class MergeError extends Error {}

/** Merges the reports of all shards of a search. Throws a {@link MergeError} if they do not belong together. */
export const mergeReports = (reports: readonly ReportData[]): ReportData => {
  const first = reports[0]
  if (first === undefined) throw new MergeError('no reports to merge')
  for (const each of reports)
    if (each.scenario !== first.scenario || each.strategy !== first.strategy || each.depth !== first.depth)
      throw new MergeError(`reports of different searches: '${first.scenario}' and '${each.scenario}'`)
  const isWhole = areShardsComplete(reports.map((each) => each.shard))
  const nondeterminism = reports.find((each) => each.nondeterminism !== undefined)?.nondeterminism
  return {
    type: 'end',
    scenario: first.scenario,
    strategy: first.strategy,
    schedules: reports.reduce((sum, each) => sum + each.schedules, 0),
    complete: isWhole && reports.every((each) => each.complete),
    depth: first.depth,
    covered: isWhole ? Math.min(...reports.map((each) => each.covered)) : -1,
    usual: first.usual, // language: allow
    outcomes: mergeByKey(
      reports.flatMap((each) => each.outcomes),
      (each) => each.key,
    ).sort((a, b) => Number(b.key === first.usual) - Number(a.key === first.usual)),
    failures: mergeByKey(
      reports.flatMap((each) => each.failures),
      (each) => `${each.kind}: ${each.message}`,
    ),
    ...(nondeterminism !== undefined && { nondeterminism }),
  }
}

const areShardsComplete = (shards: readonly (string | undefined)[]): boolean => {
  const names = shards.map((shard) => shard ?? '1/1')
  const counts = new Set(names.map((name) => name.split('/')[1]))
  if (counts.size > 1) throw new MergeError(`shards of different searches: ${names.join(', ')}`)
  const different = new Set(names)
  if (different.size < names.length) throw new MergeError(`duplicate shard: ${names.join(', ')}`)
  return different.size === Number([...counts][0])
}

/** Merges items with equal keys: sums their counts and keeps the smallest schedule. */
const mergeByKey = <T extends { readonly count: number; readonly deviations: number }>(
  all: readonly T[],
  key: (each: T) => string,
): T[] => {
  const joined = new Map<string, T>()
  for (const each of all) {
    const known = joined.get(key(each))
    if (known === undefined) joined.set(key(each), each)
    else {
      const smaller = each.deviations < known.deviations ? each : known
      joined.set(key(each), { ...smaller, count: known.count + each.count })
    }
  }
  return [...joined.values()]
}

/** Adds the descriptions returned by `show` to the schedules of a report. */
export const describeSchedules = (report: ReportData, describe: (token: string) => ScheduleDescription): ReportData => {
  const withDescription = <T extends { readonly token: string }>(each: T): T & ScheduleDescription => ({
    ...each,
    ...describe(each.token),
  })
  return { ...report, outcomes: report.outcomes.map(withDescription), failures: report.failures.map(withDescription) }
}
