/**
 * Runs a test file in its own Lua state, in busted's order: the body of a block, its `setup`, its tests and blocks in declaration order,
 * its `teardown`; each test between `before_each` from the outermost block inwards and `after_each` outwards.
 */
import { Random } from '../engine/random.js'
import { decodeToken, explain, explore, ExploreError, ReplayFailure, type Scenario } from '../explore/index.js'
import type { Simulation } from '../sim/index.js'
import { Collector, namesOf, type Block, type TestCase } from './collect.js'
import { exploreOptions } from './explore-options.js'
import { loadTestFile } from './load-file.js'
import { shuffled } from './plan.js'
import type { Problem } from './problem.js'
import type { TestResult } from './result.js'
import type { RunnerOptions } from './options.js'
import { testScenarioName, TestSelection } from './selection.js'
import { Snapshots } from './snapshot.js'
import type { Tally } from './tally.js'
import { TraceTail } from './trace-tail.js'
import { makeVm, DEFAULT_TIMEOUT, type TestVm } from './vm.js'

/** A failed test, propagated through `explore`. */
class TestFailed extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message)
  }
}

/** The failure of a replayed test; undefined if it could not be replayed. */
const replayProblem = (error: unknown): Problem | undefined => {
  if (error instanceof TestFailed) return error.problem
  return error instanceof ReplayFailure ? { kind: 'failure', message: error.message } : undefined
}

/** Describes the schedule of a token, which costs another run. */
const describeSchedule = (scenario: Scenario, token: string): TestResult['schedule'] => {
  const found = decodeToken(scenario.name, token)
  return { token, deviations: explain(scenario, found.schedule, found).deviations }
}

export class FileRun {
  readonly #vm: TestVm
  readonly #collector: Collector
  readonly #tail = new TraceTail()
  /** locations of tests by full name */
  readonly #locations = new Map<string, string | undefined>()
  readonly #snapshots: Snapshots
  readonly #selection: TestSelection
  /** for the order of shuffled tests */
  readonly #random: Random
  /** names of tests and blocks that were not completed */
  readonly #unfinished: string[] = []

  constructor(
    readonly file: string,
    readonly options: RunnerOptions,
    readonly tally: Tally,
  ) {
    this.#vm = makeVm(file, {
      ...options,
      print: (line) => options.reporter.printed(line),
      onSimulation: (simulation) => {
        simulation.coverage = options.coverage
        this.#tail.watch(simulation)
        options.onSimulation?.(simulation)
      },
    })
    this.#random = new Random(options.seed ?? 1).stream(file)
    this.#selection = new TestSelection(file, options)
    this.#collector = new Collector(this.#vm)
    this.#snapshots = new Snapshots(file, { mode: options.snapshots ?? 'new', directory: options.directory ?? '.' })
    this.#vm.installSnapshots((text, name) =>
      this.#collector.current
        ? { kind: 'error', message: 'matches_snapshot was called outside of a test' }
        : this.#snapshots.compare(text, name),
    )
  }

  run(): void {
    const opening = { vm: this.#vm, collector: this.#collector }
    const { block, problem } = loadTestFile(opening, this.file, this.options, (reference) => this.#call(reference))
    if (problem) return this.#blockFailed(this.file, [], problem)
    this.#vm.closingFiles(() => this.#block(block))
    this.#vm.end()
    this.#endSnapshots()
  }

  #endSnapshots(): void {
    const isWhole = this.#selection.isAll && !this.tally.stopped
    try {
      const lines = this.#snapshots.finish(isWhole ? this.#unfinished : undefined)
      for (const line of lines) this.options.reporter.printed(line)
    } catch (error) {
      this.#blockFailed(this.file, [], { kind: 'error', message: (error as Error).message })
    }
  }

  #block(block: Block): void {
    const restore = block.kind === 'insulate' ? this.#vm.insulate() : undefined
    this.#collector.current = block
    const problem = this.#call(block.body)
    this.#collector.current = undefined
    if (problem) this.#blockFailed(block.where, namesOf(block), problem)
    else if (this.#mayRun(block)) this.#runBlock(block)
    else this.tally.countSeen(block.children.length)
    restore?.()
  }

  #runBlock(block: Block): void {
    const problem = this.#callAll(block.hooks.setup)
    if (problem) this.#blockFailed(block.where, namesOf(block), inHook('setup', problem))
    else
      for (const child of this.#inOrder(block)) {
        if (this.tally.stopped) break
        if (child.kind === 'test') this.#test(child)
        else this.#block(child)
      }
    const late =
      (block.lazySetupDone ? this.#callAll(block.hooks.lazy_teardown) : undefined) ??
      this.#callAll(block.hooks.teardown)
    if (late) this.#blockFailed(block.where, namesOf(block), inHook('teardown', late))
  }

  #inOrder({ children, parent, name }: Block): readonly (Block | TestCase)[] {
    if (!this.options.shuffle) return children
    return shuffled(children, this.#random.stream(parent === undefined ? 'file' : name))
  }

  /** Whether a block may contain selected tests: nested blocks are unknown until their bodies run. */
  #mayRun(block: Block): boolean {
    return block.children.some((child) => child.kind !== 'test' || this.#selection.includes(child))
  }

  #test(test: TestCase): void {
    this.tally.countSeen(1)
    this.#checkName(test)
    if (!this.#selection.includes(test)) return
    const began = this.options.clock()
    const report = (status: TestResult['status'], problem?: Problem, schedule?: TestResult['schedule']) => {
      if (status !== 'passed') this.#unfinished.push(namesOf(test).join(' '))
      this.tally.addResult({
        file: this.file,
        seed: this.options.seed ?? 1,
        names: namesOf(test),
        where: test.where,
        status,
        duration: this.options.clock() - began,
        problem,
        schedule,
        trace: status === 'failed' || status === 'error' ? this.#tail.lines() : [],
      })
    }
    if (test.body === undefined) return report('pending')
    const setupProblem = this.#runLazySetup(test.parent)
    if (setupProblem) return report('error', inHook('lazy_setup', setupProblem))
    const { problem, schedule } = this.#vm.closingFiles(() => this.#play(test))
    if (problem === undefined) return report('passed')
    if (problem.kind === 'pending') return report('pending', problem)
    report(problem.kind === 'failure' ? 'failed' : 'error', problem, schedule)
  }

  /** Warns about duplicate names, because tokens and filters identify tests by name. */
  #checkName(test: TestCase): void {
    const name = namesOf(test).join(' ')
    if (this.#locations.has(name))
      this.options.reporter.printed(
        `${test.where}: duplicate test name '${name}' (also at ${this.#locations.get(name)}): --filter and --replay match both`,
      )
    else this.#locations.set(name, test.where)
  }

  /** Calls the `lazy_setup` hooks of a block and its parents, once. */
  #runLazySetup(block: Block): Problem | undefined {
    const outer = block.parent ? this.#runLazySetup(block.parent) : undefined
    if (outer || block.lazySetupDone) return outer
    block.lazySetupDone = true
    return this.#callAll(block.hooks.lazy_setup)
  }

  /** Runs a test once, or under many schedules. */
  #play(test: TestCase): { readonly problem?: Problem | undefined; readonly schedule?: TestResult['schedule'] } {
    const { replay, explore: schedules } = this.options
    if (replay === undefined && test.explore === undefined && schedules === undefined)
      return { problem: this.#once(test) }
    const name = testScenarioName(this.file, test)
    const scenario = (simulation: Simulation) => {
      this.#vm.nextSimulation = simulation
      const problem = this.#once(test)
      this.#vm.nextSimulation = undefined
      if (problem) throw new TestFailed(problem)
    }
    try {
      explore(scenario, {
        ...exploreOptions(test.explore ?? {}, this.options),
        name,
        ...(replay !== undefined && { replay }),
      })
      return {}
    } catch (error) {
      const replayed = replay === undefined ? undefined : replayProblem(error)
      if (replayed) return { problem: replayed, schedule: describeSchedule({ name, play: scenario }, replay!) }
      if (error instanceof TestFailed) return { problem: error.problem }
      if (!(error instanceof Error)) throw error
      const cause = error.cause instanceof TestFailed ? error.cause.problem : undefined
      if (cause?.kind === 'pending') return { problem: cause }
      if (!(error instanceof ExploreError)) return { problem: { kind: 'error', message: error.message } }
      const { token, deviations, failure } = error
      const problem = cause ?? { kind: 'failure' as const, message: `${failure.kind}: ${failure.message}` }
      return { problem, schedule: { token, deviations } }
    }
  }

  #once(test: TestCase): Problem | undefined {
    this.#snapshots.begin(namesOf(test).join(' '))
    this.#tail.clear()
    this.#vm.clearFailures()
    this.#collector.finally = []
    const blocks = enclosingBlocks(test.parent)
    let entered = 0
    let problem: Problem | undefined
    for (const block of blocks) {
      entered++
      problem = this.#callAll(block.hooks.before_each)
      if (problem) {
        problem = inHook('before_each', problem)
        break
      }
    }
    if (!problem) {
      problem = this.#call(test.body!)
      for (const reference of this.#collector.finally) {
        const late = this.#call(reference)
        problem ??= late && inHook('finally', late)
      }
    }
    for (const block of blocks.slice(0, entered).reverse()) {
      const late = this.#callAll(block.hooks.after_each)
      problem ??= late && inHook('after_each', late)
    }
    return problem
  }

  #callAll(references: readonly number[]): Problem | undefined {
    for (const reference of references) {
      const problem = this.#call(reference)
      if (problem) return problem
    }
    return undefined
  }

  #call(reference: number): Problem | undefined {
    return this.#vm.call(reference, this.options.timeout ?? DEFAULT_TIMEOUT)
  }

  #blockFailed(where: string | undefined, names: readonly string[], problem: Problem): void {
    this.#unfinished.push(names.join(' '))
    this.tally.addResult({
      file: this.file,
      seed: this.options.seed ?? 1,
      names,
      where,
      status: problem.kind === 'pending' ? 'pending' : 'error',
      duration: 0,
      problem,
      schedule: undefined,
      trace: [],
    })
  }
}

const enclosingBlocks = (block: Block): Block[] => [...(block.parent ? enclosingBlocks(block.parent) : []), block]

const inHook = (name: string, problem: Problem): Problem =>
  problem.kind === 'pending' ? problem : { ...problem, kind: 'error', message: `in ${name}: ${problem.message}` }
