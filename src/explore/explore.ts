/** `explore`: a scenario in a test of any kind, under many schedules. */
import type { Simulation } from '../sim/index.js'
import { explain } from './explain.js'
import { runOnce, type Scenario } from './run.js'
import type { ExploreOptions } from './options.js'
import type { ExploreReport, FailureGroup } from './result.js'
import { Search } from './search.js'
import { decodeToken } from './token.js'
import { USUAL_FAILURES } from './failure.js'
import { Follow, type Micros } from '../engine/index.js'

export interface ExploreCall extends Omit<ExploreOptions, 'shard' | 'onProgress'> {
  /** what tokens name the scenario by (default: the function's name) */
  readonly name?: string
  /** a token that an earlier failure printed: only that schedule is run */
  readonly replay?: string
}

/** A schedule made the scenario fail. `token` is given to `replay` to see it again. */
export class ExploreError extends Error {
  constructor(
    readonly token: string,
    readonly failure: FailureGroup,
    /** what the smallest failing schedule does, a line each */
    readonly deviations: readonly string[],
    readonly report: ExploreReport,
  ) {
    super(
      [
        `${failure.kind}: ${failure.message}`,
        ...(failure.count === report.schedules && report.schedules > 1
          ? ['It fails whatever the schedule: this is no race.']
          : deviations.length === 0
            ? ['It fails in the usual order.']
            : deviations.map((line) => `  ${line}`)),
        `Found in schedule ${report.schedules}. To see it again: explore(…, { replay: '${token}' })`,
      ].join('\n'),
      { cause: failure.error },
    )
    this.name = 'ExploreError'
  }
}

/** A schedule that was replayed has failed by itself: the scenario threw nothing. */
export class ReplayFailure extends Error {}

/**
 * Plays `scenario` in a fresh simulation under many schedules. Whatever it throws, and what `options.failures` names, is a
 * failure: an {@link ExploreError} with the smallest schedule that fails is thrown then. Returns the report otherwise.
 * Throws a {@link TokenError} for a token that does not fit.
 */
export const explore = (scenario: (simulation: Simulation) => void, options: ExploreCall = {}): ExploreReport => {
  const named: Scenario = { name: options.name ?? scenario.name, play: scenario }
  if (options.replay !== undefined) return replay(named, options.replay, options)
  const report = new Search(named, { clock: () => performance.now(), ...options }).explore()
  if (report.nondeterminism !== undefined) throw new Error(`the scenario is not repeatable: ${report.nondeterminism}`)
  const failure = report.failures[0]
  if (failure === undefined) return report
  const { deviations } = explain(named, failure.schedule, { ...report, seeds: failure.seeds })
  throw new ExploreError(failure.token, failure, deviations, report)
}

/** Plays one schedule; what the scenario throws comes through as it is. */
const replay = (scenario: Scenario, token: string, options: ExploreCall): ExploreReport => {
  const found = decodeToken(scenario.name, token)
  let follow: Follow | undefined
  const run = runOnce(scenario, (now: () => Micros) => (follow = new Follow(found.schedule, now)), {
    ...options,
    ...found,
    failures: new Set(options.failures ?? USUAL_FAILURES),
  })
  const { mismatch, unreached } = follow!
  if (mismatch ?? unreached)
    throw new Error(
      `the scenario is not the one that the token was made for: ${mismatch ? `at decision ${mismatch.decision} ${mismatch.reason}` : 'the run ended before the schedule did'}`,
    )
  if (run.failure?.error !== undefined) throw run.failure.error
  if (run.failure !== undefined) throw new ReplayFailure(`${run.failure.kind}: ${run.failure.message}`)
  return {
    scenario: scenario.name,
    strategy: 'delay',
    schedules: 1,
    complete: false,
    covered: -1,
    failures: [],
    outcomes: [{ ...run.outcome, count: 1, ...found, token }],
    usual: run,
    nondeterminism: undefined,
    seed: found.seed,
    maxStall: found.maxStall,
  }
}
