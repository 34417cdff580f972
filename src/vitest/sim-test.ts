/** `simTest`: a vitest test with its own world, run in the default order of tasks or under many schedules. */
import { test } from 'vitest'
import { explore, ExploreError, type ExploreCall } from '../explore/index.js'
import { Simulation, type SimulationOptions } from '../sim/index.js'

export interface SimTestOptions extends Omit<SimulationOptions, 'strategy'> {
  /**
   * run the test under many schedules; `true` for the default limits. The test fails if it fails under one of them. Only `seed` of the
   * world options can be combined with it.
   */
  readonly explore?: Omit<ExploreCall, 'name' | 'replay'> | true
  /** a token printed by a failure: only its schedule is run */
  readonly replay?: string
  /** time limit in milliseconds of real time (default: vitest's) */
  readonly timeout?: number
}

/** The body of a test. It is synchronous: time advances only in `sim.advance` and the like. */
export type SimTestBody = (sim: Simulation) => void

export interface SimTest {
  (name: string, body: SimTestBody, options?: SimTestOptions): void
  /** Runs only this test of the file. */
  only(name: string, body: SimTestBody, options?: SimTestOptions): void
  /** Skips this test. */
  skip(name: string, body: SimTestBody, options?: SimTestOptions): void
  /** Expects this test to fail. */
  fails(name: string, body: SimTestBody, options?: SimTestOptions): void
}

/** The environment variable with the token to replay: `HAPSIM_REPLAY=hs1-… npx vitest run -t 'name of the test'` */
const REPLAY_VARIABLE = 'HAPSIM_REPLAY'

/** The test failed under some schedule. The cause is the exception of the test, whose stack is this error's, too. */
export class SimTestError extends Error {
  constructor(
    name: string,
    readonly token: string,
    { failure, deviations, report, cause }: ExploreError,
  ) {
    super(
      [
        `${failure.kind}: ${failure.message}`,
        ...describeOrder(failure.count === report.schedules && report.schedules > 1, deviations),
        `Found in schedule ${report.schedules}. To reproduce: simTest(…, { replay: '${token}' }), or`,
        `  ${REPLAY_VARIABLE}=${token} npx vitest run -t ${namePattern(name)}`,
      ].join('\n'),
      { cause },
    )
    this.name = 'SimTestError'
    const frames = cause instanceof Error ? cause.stack?.match(/^ {4}at .*$/gm) : undefined
    if (frames) this.stack = [`${this.name}: ${this.message}`, ...frames].join('\n')
  }
}

const describeOrder = (always: boolean, deviations: readonly string[]): readonly string[] => {
  if (always) return ['It fails under every schedule: not a race.']
  if (deviations.length === 0) return ['It fails in the default order.']
  return deviations.map((line) => `  ${line}`)
}

/** Escapes the name for vitest's regular expression and the shell. */
const namePattern = (name: string): string =>
  `'${name.replace(/[$()*+.?[\]\\^{|}]/g, '\\$&').replaceAll("'", `'\\''`)}'`

/** World options that cannot be combined with a search. */
const UNSUPPORTED_WITH_EXPLORE = [
  'epoch',
  'maxStall',
  'latencySeed',
  'pairsSeed',
  'latency',
  'instructionCost',
] as const

const bodyOf = (name: string, body: SimTestBody, options: SimTestOptions): (() => void) => {
  const { explore: search, ...world } = options
  const replay = options.replay ?? (search === undefined ? undefined : process.env[REPLAY_VARIABLE])
  if (search === undefined && replay === undefined) return () => playSynchronously(body, new Simulation(world))
  const own = UNSUPPORTED_WITH_EXPLORE.find((each) => world[each] !== undefined)
  if (own !== undefined) throw new TypeError(`simTest: '${own}' cannot be combined with explore or replay`)
  const { seed } = world
  const call: ExploreCall = {
    clock: () => performance.now(),
    ...(seed !== undefined && { seed }),
    ...(search === true ? {} : search),
    name,
  }
  const scenario = (sim: Simulation) => playSynchronously(body, sim)
  if (replay !== undefined) return () => void explore(scenario, { ...call, replay })
  return () => {
    try {
      explore(scenario, call)
    } catch (error) {
      throw error instanceof ExploreError ? new SimTestError(name, error.token, error) : error
    }
  }
}

/** Rejects bodies that return a promise: what they do later would not be part of the test. */
const playSynchronously = (body: SimTestBody, sim: Simulation): void => {
  let result: unknown
  try {
    result = body(sim)
  } finally {
    sim.closeFiles()
  }
  if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function')
    throw new TypeError('the function of a simTest returned a promise: simulations are synchronous, do not use await')
}

const define =
  (declare: (name: string, body: () => void, timeout?: number) => void) =>
  (name: string, body: SimTestBody, options: SimTestOptions = {}): void =>
    declare(name, bodyOf(name, body, options), options.timeout)

/**
 * Defines a test with a fresh {@link Simulation}. With `explore`, every schedule has its own, and a failure prints the token to `replay`
 * it.
 */
export const simTest: SimTest = Object.assign(define(test), {
  only: define(test.only),
  skip: define(test.skip),
  fails: define(test.fails),
})
