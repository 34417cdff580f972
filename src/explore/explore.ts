/** `explore`: runs a scenario under many schedules, from any test framework. */
import type { Simulation } from '../sim/index.js'
import { explain } from './explain.js'
import { runOnce, type Scenario } from './run.js'
import type { ExploreOptions } from './options.js'
import type { ExploreReport, FailureGroup } from './result.js'
import { Search } from './search.js'
import { decodeToken } from './token.js'
import { DEFAULT_FAILURE_KINDS } from './failure.js'
import { Follow, type Micros } from '../engine/index.js'

export interface ExploreCall extends Omit<ExploreOptions, 'shard' | 'onProgress'> {
  /** the scenario's name in tokens (default: the function's name) */
  readonly name?: string
  /** a token printed by an earlier failure: only its schedule is run */
  readonly replay?: string
}

/** A schedule made the scenario fail. Pass `token` as `replay` to reproduce it. */
export class ExploreError extends Error {
  constructor(
    readonly token: string,
    readonly failure: FailureGroup,
    /** the deviations of the smallest failing schedule, one line each */
    readonly deviations: readonly string[],
    readonly report: ExploreReport,
  ) {
    super(
      [
        `${failure.kind}: ${failure.message}`,
        ...(failure.count === report.schedules && report.schedules > 1
          ? ['It fails under every schedule: not a race.']
          : deviations.length === 0
            ? ['It fails in the default order.']
            : deviations.map((line) => `  ${line}`)),
        `Found in schedule ${report.schedules}. To reproduce: explore(…, { replay: '${token}' })`,
      ].join('\n'),
      { cause: failure.error },
    )
    this.name = 'ExploreError'
  }
}

/** A replayed schedule failed without an exception from the scenario. */
export class ReplayFailure extends Error {}

/**
 * Runs `scenario` in a fresh simulation under many schedules. An exception or an occurrence listed in `options.failures` is a failure: an
 * {@link ExploreError} with the smallest failing schedule is thrown. Otherwise returns the report. Throws a {@link TokenError} for a token
 * that does not match.
 */
export const explore = (scenario: (simulation: Simulation) => void, options: ExploreCall = {}): ExploreReport => {
  const named: Scenario = { name: options.name ?? scenario.name, play: scenario }
  if (options.replay !== undefined) return replay(named, options.replay, options)
  const report = new Search(named, { clock: () => performance.now(), ...options }).explore()
  if (report.nondeterminism !== undefined)
    throw new Error(`the scenario is not deterministic: ${report.nondeterminism}`)
  const failure = report.failures[0]
  if (failure === undefined) return report
  const { deviations } = explain(named, failure.schedule, { ...report, seeds: failure.seeds })
  throw new ExploreError(failure.token, failure, deviations, report)
}

/** Replays one schedule; exceptions of the scenario are passed on unchanged. */
const replay = (scenario: Scenario, token: string, options: ExploreCall): ExploreReport => {
  const found = decodeToken(scenario.name, token)
  let follow: Follow | undefined
  const run = runOnce(scenario, (now: () => Micros) => (follow = new Follow(found.schedule, now)), {
    ...options,
    ...found,
    failures: new Set(options.failures ?? DEFAULT_FAILURE_KINDS),
  })
  const { mismatch, unreached } = follow!
  if (mismatch ?? unreached)
    throw new Error(
      `the scenario does not match the one the token was created for: ${mismatch ? `at decision ${mismatch.decision} ${mismatch.reason}` : 'the run ended before the schedule'}`,
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
    baseline: run,
    nondeterminism: undefined,
    seed: found.seed,
    maxStall: found.maxStall,
  }
}
