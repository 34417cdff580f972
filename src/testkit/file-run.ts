/**
 * Runs one test file in a Lua state of its own, in busted's order: the body of a block first, then its `setup`, its tests and
 * blocks as they stand, its `teardown`; around each test `before_each` from the outside in and `after_each` from the inside out.
 */
import { Random } from '../engine/random.js'
import { decodeToken, explain, explore, ExploreError, ReplayFailure, type Scenario } from '../explore/index.js'
import type { Simulation } from '../sim/index.js'
import { Collector, namesOf, type Block, type TestCase } from './collect.js'
import { exploreOptions } from './explore-options.js'
import { openFile } from './opening.js'
import { shuffled } from './plan.js'
import type { Problem } from './problem.js'
import type { TestResult } from './result.js'
import type { RunnerOptions } from './options.js'
import { scenarioName, Selection } from './selection.js'
import { Snapshots } from './snapshot.js'
import type { Tally } from './tally.js'
import { TraceTail } from './trace-tail.js'
import { makeVm, USUAL_TIMEOUT, type TestVm } from './vm.js'

/** A problem of a test on its way through `explore`. */
class Failed extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message)
  }
}

/** What the test failed with in the schedule that it was to be replayed in, if that was played at all. */
const problemOfReplay = (error: unknown): Problem | undefined => {
  if (error instanceof Failed) return error.problem
  return error instanceof ReplayFailure ? { kind: 'failure', message: error.message } : undefined
}

/** What the schedule of a token does, which takes another run of it. */
const scheduleOf = (scenario: Scenario, token: string): TestResult['schedule'] => {
  const found = decodeToken(scenario.name, token)
  return { token, deviations: explain(scenario, found.schedule, found).deviations }
}

export class FileRun {
  readonly #vm: TestVm
  readonly #collector: Collector
  readonly #tail = new TraceTail()
  /** where tests stand, by their names */
  readonly #places = new Map<string, string | undefined>()
  readonly #snapshots: Snapshots
  readonly #selection: Selection
  /** for the order of tests, where it is drawn */
  readonly #random: Random
  /** names of what did not come to its end */
  readonly #unfinished: string[] = []

  constructor(
    readonly file: string,
    readonly options: RunnerOptions,
    readonly tally: Tally,
  ) {
    this.#vm = makeVm(file, {
      ...options,
      print: (line) => options.reporter.printed(line),
      made: (simulation) => {
        simulation.coverage = options.coverage
        this.#tail.watch(simulation)
        options.made?.(simulation)
      },
    })
    this.#random = new Random(options.seed ?? 1).stream(file)
    this.#selection = new Selection(file, options)
    this.#collector = new Collector(this.#vm)
    this.#snapshots = new Snapshots(file, { mode: options.snapshots ?? 'new', directory: options.directory ?? '.' })
    this.#vm.installSnapshots((text, name) =>
      this.#collector.current
        ? { kind: 'error', message: 'matches_snapshot stands outside of a test' }
        : this.#snapshots.compare(text, name),
    )
  }

  run(): void {
    const opening = { vm: this.#vm, collector: this.#collector }
    const { block, problem } = openFile(opening, this.file, this.options, (reference) => this.#call(reference))
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
    else if (this.#wanted(block)) this.#inside(block)
    else this.tally.saw(block.children.length)
    restore?.()
  }

  #inside(block: Block): void {
    const problem = this.#callAll(block.hooks.setup)
    if (problem) this.#blockFailed(block.where, namesOf(block), inHook('setup', problem))
    else
      for (const child of this.#inOrder(block)) {
        if (this.tally.stopped) break
        if (child.kind === 'test') this.#test(child)
        else this.#block(child)
      }
    const late =
      (block.awake ? this.#callAll(block.hooks.lazy_teardown) : undefined) ?? this.#callAll(block.hooks.teardown)
    if (late) this.#blockFailed(block.where, namesOf(block), inHook('teardown', late))
  }

  #inOrder({ children, parent, name }: Block): readonly (Block | TestCase)[] {
    if (!this.options.shuffle) return children
    return shuffled(children, this.#random.stream(parent === undefined ? 'file' : name))
  }

  /** Whether anything in it could be wanted: the bodies of inner blocks are known only once they run. */
  #wanted(block: Block): boolean {
    return block.children.some((child) => child.kind !== 'test' || this.#selection.wants(child))
  }

  #test(test: TestCase): void {
    this.tally.saw(1)
    this.#noteName(test)
    if (!this.#selection.wants(test)) return
    const began = this.options.clock()
    const report = (status: TestResult['status'], problem?: Problem, schedule?: TestResult['schedule']) => {
      if (status !== 'passed') this.#unfinished.push(namesOf(test).join(' '))
      this.tally.take({
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
    const asleep = this.#wake(test.parent)
    if (asleep) return report('error', inHook('lazy_setup', asleep))
    const { problem, schedule } = this.#vm.closingFiles(() => this.#play(test))
    if (problem === undefined) return report('passed')
    if (problem.kind === 'pending') return report('pending', problem)
    report(problem.kind === 'failure' ? 'failed' : 'error', problem, schedule)
  }

  /** Tokens and filters know tests by their names: two of one name are worth a word. */
  #noteName(test: TestCase): void {
    const name = namesOf(test).join(' ')
    if (this.#places.has(name))
      this.options.reporter.printed(
        `${test.where}: '${name}' is the name of another test, too (${this.#places.get(name)}): --filter and --replay take both`,
      )
    else this.#places.set(name, test.where)
  }

  /** Calls the `lazy_setup` of a block and those around it, unless that was done. */
  #wake(block: Block): Problem | undefined {
    const outer = block.parent ? this.#wake(block.parent) : undefined
    if (outer || block.awake) return outer
    block.awake = true
    return this.#callAll(block.hooks.lazy_setup)
  }

  /** Runs a test once, or under many schedules. */
  #play(test: TestCase): { readonly problem?: Problem | undefined; readonly schedule?: TestResult['schedule'] } {
    const { replay, explore: schedules } = this.options
    if (replay === undefined && test.explore === undefined && schedules === undefined)
      return { problem: this.#once(test) }
    const name = scenarioName(this.file, test)
    const scenario = (simulation: Simulation) => {
      this.#vm.given = simulation
      const problem = this.#once(test)
      this.#vm.given = undefined
      if (problem) throw new Failed(problem)
    }
    try {
      explore(scenario, {
        ...exploreOptions(test.explore ?? {}, this.options),
        name,
        ...(replay !== undefined && { replay }),
      })
      return {}
    } catch (error) {
      const replayed = replay === undefined ? undefined : problemOfReplay(error)
      if (replayed) return { problem: replayed, schedule: scheduleOf({ name, play: scenario }, replay!) }
      if (error instanceof Failed) return { problem: error.problem }
      if (!(error instanceof Error)) throw error
      const cause = error.cause instanceof Failed ? error.cause.problem : undefined
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
    this.#vm.forget()
    this.#collector.finally = []
    const blocks = aroundOf(test.parent)
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
    return this.#vm.call(reference, this.options.timeout ?? USUAL_TIMEOUT)
  }

  #blockFailed(where: string | undefined, names: readonly string[], problem: Problem): void {
    this.#unfinished.push(names.join(' '))
    this.tally.take({
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

const aroundOf = (block: Block): Block[] => [...(block.parent ? aroundOf(block.parent) : []), block]

const inHook = (name: string, problem: Problem): Problem =>
  problem.kind === 'pending' ? problem : { ...problem, kind: 'error', message: `in ${name}: ${problem.message}` }
