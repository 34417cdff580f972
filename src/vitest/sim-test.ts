/** `simTest`: a test of vitest with a world of its own, under the usual order of tasks or under many. */
import { test } from 'vitest'
import { explore, ExploreError, type ExploreCall } from '../explore/index.js'
import { Simulation, type SimulationOptions } from '../sim/index.js'

export interface SimTestOptions extends Omit<SimulationOptions, 'strategy'> {
  /** runs the test under many orders of tasks, `true` with the usual limits; it fails when one of them fails. Of the world only `seed` can be given with it. */
  readonly explore?: Omit<ExploreCall, 'name' | 'replay'> | true
  /** a token that a failure printed: only that order is run */
  readonly replay?: string
  /** how long it may take of the host's time, in milliseconds (default: vitest's) */
  readonly timeout?: number
}

/** What a test does with its world. It is synchronous: nothing happens but in `sim.advance` and its like. */
export type SimTestBody = (sim: Simulation) => void

export interface SimTest {
  (name: string, body: SimTestBody, options?: SimTestOptions): void
  /** Only this test of the file is run. */
  only(name: string, body: SimTestBody, options?: SimTestOptions): void
  /** This test is not run. */
  skip(name: string, body: SimTestBody, options?: SimTestOptions): void
  /** This test is expected to fail. */
  fails(name: string, body: SimTestBody, options?: SimTestOptions): void
}

/** The environment variable whose token tests replay: `HAPSIM_REPLAY=hs1-… npx vitest run -t 'name of the test'` */
const REPLAY = 'HAPSIM_REPLAY'

/** One order of tasks made the test fail. The cause is what the test threw there, whose place in the source is this error's, too. */
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
        `Found in schedule ${report.schedules}. To see it again: simTest(…, { replay: '${token}' }), or`,
        `  ${REPLAY}=${token} npx vitest run -t ${namePattern(name)}`,
      ].join('\n'),
      { cause },
    )
    this.name = 'SimTestError'
    const frames = cause instanceof Error ? cause.stack?.match(/^ {4}at .*$/gm) : undefined
    if (frames) this.stack = [`${this.name}: ${this.message}`, ...frames].join('\n')
  }
}

const describeOrder = (always: boolean, deviations: readonly string[]): readonly string[] => {
  if (always) return ['It fails whatever the schedule: this is no race.']
  if (deviations.length === 0) return ['It fails in the usual order.']
  return deviations.map((line) => `  ${line}`)
}

/** vitest takes an expression, the shell takes it apart. */
const namePattern = (name: string): string =>
  `'${name.replace(/[$()*+.?[\]\\^{|}]/g, '\\$&').replaceAll("'", `'\\''`)}'`

/** What a search chooses itself, or does not know: of the world only the seed can be given with it. */
const OWN_WORLD = ['epoch', 'maxStall', 'latencySeed', 'pairsSeed', 'latency', 'instructionCost'] as const

const bodyOf = (name: string, body: SimTestBody, options: SimTestOptions): (() => void) => {
  const { explore: search, ...world } = options
  const replay = options.replay ?? (search === undefined ? undefined : process.env[REPLAY])
  if (search === undefined && replay === undefined) return () => playSynchronously(body, new Simulation(world))
  const own = OWN_WORLD.find((each) => world[each] !== undefined)
  if (own !== undefined) throw new TypeError(`simTest: '${own}' cannot be given to a test that explores or replays`)
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

/** What a body does after it has returned happens in no test: that it waits for something is an error. */
const playSynchronously = (body: SimTestBody, sim: Simulation): void => {
  let result: unknown
  try {
    result = body(sim)
  } finally {
    sim.closeFiles()
  }
  if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function')
    throw new TypeError(
      'the function of a simTest returned a promise: a simulation is synchronous, nothing in it is awaited',
    )
}

const define =
  (declare: (name: string, body: () => void, timeout?: number) => void) =>
  (name: string, body: SimTestBody, options: SimTestOptions = {}): void =>
    declare(name, bodyOf(name, body, options), options.timeout)

/**
 * A test with a fresh {@link Simulation}. With `explore`, every order of tasks has a fresh one, and a failure prints the
 * token with which `replay` shows that order again.
 */
export const simTest: SimTest = Object.assign(define(test), {
  only: define(test.only),
  skip: define(test.skip),
  fails: define(test.fails),
})
