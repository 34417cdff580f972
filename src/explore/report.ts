/**
 * The report of a search as data: what `--json` prints, what shards hand to one another, and how several become one.
 */
import type { FailureKind } from './failure.js'
import type { ExploreReport } from './result.js'

/** How a smallest schedule is shown to people, where that was asked for. */
export interface Shown {
  /** what it does, a line each */
  readonly deviationLines?: readonly string[]
  /** the command that replays it */
  readonly replay?: string
}

/** A way to fail, with a smallest schedule for it. */
export interface FailureData extends Shown {
  readonly kind: FailureKind
  readonly message: string
  /** how many schedules fail like this */
  readonly count: number
  /** how many deviations from `fifo` the smallest of them takes */
  readonly deviations: number
  readonly token: string
}

export interface OutcomeData extends Shown {
  /** alike for outcomes that are alike */
  readonly key: string
  readonly count: number
  readonly deviations: number
  readonly token: string
  /** the lines of the outcome by subject */
  readonly summary: Readonly<Record<string, readonly string[]>>
}

export interface ReportData {
  readonly type: 'end'
  readonly scenario: string
  readonly strategy: string
  readonly schedules: number
  /** `delay`: whether every schedule within the bound was run */
  readonly complete: boolean
  /** the bound: the most deviations of a schedule */
  readonly depth: number
  /** `delay`: the most deviations of which every schedule was run; -1 when not even that */
  readonly covered: number
  /** the key of the outcome of the usual order */
  readonly usual: string
  readonly outcomes: readonly OutcomeData[]
  readonly failures: readonly FailureData[]
  /** where two runs under one schedule parted: the scenario is not repeatable */
  readonly nondeterminism?: string
  /** which part of the schedules it is about, as `2/4` */
  readonly shard?: string
}

export const reportData = (report: ExploreReport, depth: number, shard?: string): ReportData => ({
  type: 'end',
  scenario: report.scenario,
  strategy: report.strategy,
  schedules: report.schedules,
  complete: report.complete,
  depth,
  covered: report.covered,
  usual: report.usual.outcome.key,
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

/** Reports that do not belong together; the message says why. */
export class MergeError extends Error {}

/** The reports of the shards of one search as that of the whole. Throws a {@link MergeError} when they are not that. */
export const mergeReports = (reports: readonly ReportData[]): ReportData => {
  const first = reports[0]
  if (first === undefined) throw new MergeError('there is no report to merge')
  for (const each of reports)
    if (each.scenario !== first.scenario || each.strategy !== first.strategy || each.depth !== first.depth)
      throw new MergeError(`reports of different searches: '${first.scenario}' and '${each.scenario}'`)
  const isWhole = shardsAreAllThere(reports.map((each) => each.shard))
  const nondeterminism = reports.find((each) => each.nondeterminism !== undefined)?.nondeterminism
  return {
    type: 'end',
    scenario: first.scenario,
    strategy: first.strategy,
    schedules: reports.reduce((sum, each) => sum + each.schedules, 0),
    complete: isWhole && reports.every((each) => each.complete),
    depth: first.depth,
    covered: isWhole ? Math.min(...reports.map((each) => each.covered)) : -1,
    usual: first.usual,
    outcomes: join(
      reports.flatMap((each) => each.outcomes),
      (each) => each.key,
    ).sort((a, b) => Number(b.key === first.usual) - Number(a.key === first.usual)),
    failures: join(
      reports.flatMap((each) => each.failures),
      (each) => `${each.kind}: ${each.message}`,
    ),
    ...(nondeterminism !== undefined && { nondeterminism }),
  }
}

const shardsAreAllThere = (shards: readonly (string | undefined)[]): boolean => {
  const names = shards.map((shard) => shard ?? '1/1')
  const counts = new Set(names.map((name) => name.split('/')[1]))
  if (counts.size > 1) throw new MergeError(`shards of different searches: ${names.join(', ')}`)
  const different = new Set(names)
  if (different.size < names.length) throw new MergeError(`a shard is there twice: ${names.join(', ')}`)
  return different.size === Number([...counts][0])
}

/** Those that are alike as one: counts added, the smallest schedule kept. */
const join = <T extends { readonly count: number; readonly deviations: number }>(
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

/** The report with what `show` says of each smallest schedule. */
export const showSchedules = (report: ReportData, show: (token: string) => Shown): ReportData => {
  const shown = <T extends { readonly token: string }>(each: T): T & Shown => ({ ...each, ...show(each.token) })
  return { ...report, outcomes: report.outcomes.map(shown), failures: report.failures.map(shown) }
}
