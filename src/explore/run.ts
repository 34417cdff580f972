/** One run of a scenario under one schedule, in a fresh world. */
import {
  Recording,
  STALL,
  type Micros,
  type ReadySet,
  type Schedule,
  type Strategy,
  type Task,
  type TraceRecord,
} from '../engine/index.js'
import { Simulation } from '../sim/index.js'
import { FailureDetector, type Failure, type FailureKind } from './failure.js'
import { OutcomeCollector, type Outcome, type OutcomeOptions } from './outcome.js'

/** A scenario to explore. It builds a world in the given simulation and advances its time. */
export interface Scenario {
  /** identifies the scenario in tokens */
  readonly name: string
  /** Runs the scenario. An exception is a failure. */
  readonly play: (simulation: Simulation) => void
  /** whether runs that do not fail are compared, too (default: yes) */
  readonly comparesOutcomes?: boolean
}

/** A scheduling decision with more than one choice. */
export type Decision = TaskDecision | DueDecision

/** Several events were due at the same instant. */
export interface DueDecision {
  readonly at: Micros
  /** number of events */
  readonly due: number
}

/** A task was chosen from the runnable ones. */
export interface TaskDecision {
  readonly at: Micros
  readonly due?: undefined
  /** number of runnable tasks */
  readonly size: number
  readonly canStall: boolean
  /** the task that `fifo` would run */
  readonly expected: string
  /** the task that ran; undefined: time passed */
  readonly chosen: string | undefined
}

/** The result of a run. */
export interface RunResult {
  /** the deviations from `fifo` */
  readonly schedule: Schedule
  /** number of decisions */
  readonly decisions: number
  readonly failure: Failure | undefined
  readonly outcome: Outcome
  /** the trace hash */
  readonly hash: string
  /** tasks of scripts waiting at the end without a timeout: only another script can wake them */
  readonly waiting: readonly string[]
  /** all decisions, if requested */
  readonly profile: readonly Decision[]
}

/** Seeds of random choices other than the order of steps; the seed of the simulation applies where one is missing. */
export interface Seeds {
  /** network latencies */
  readonly latencySeed?: number
  /** the order of `pairs` over string keys */
  readonly pairsSeed?: number
}

export interface RunOptions extends OutcomeOptions {
  readonly seed: number
  readonly seeds?: Seeds
  readonly maxStall: Micros
  readonly failures: ReadonlySet<FailureKind>
  /** whether to record every decision */
  readonly profile?: boolean
  /** called with every trace record */
  readonly listen?: (record: TraceRecord) => void
}

/**
 * Runs a scenario once.
 *
 * @param makeStrategy creates the strategy, given the clock of the world
 */
export const runOnce = (
  scenario: Scenario,
  makeStrategy: (now: () => Micros) => Strategy,
  options: RunOptions,
): RunResult => {
  const profile: Decision[] = []
  const watch = (ready: ReadySet | number, _decision: number, chosen: Task | typeof STALL | number) => {
    if (typeof ready === 'number' || typeof chosen === 'number') {
      profile.push({ at: simulation.clock.now, due: Number(ready) })
      return
    }
    profile.push({
      at: simulation.clock.now,
      size: ready.size,
      canStall: ready.canStall,
      expected: ready.first().name,
      chosen: chosen === STALL ? undefined : chosen.name,
    })
  }
  const recording: Recording = new Recording(
    makeStrategy((): Micros => simulation.clock.now),
    options.profile ? watch : undefined,
  )
  const simulation: Simulation = new Simulation({
    seed: options.seed,
    strategy: recording,
    maxStall: options.maxStall / 1000,
    ...options.seeds,
  })
  const failures = new FailureDetector(options.failures)
  const outcome = new OutcomeCollector(options)
  simulation.trace.listen((record) => {
    failures.observe(record)
    if (scenario.comparesOutcomes !== false) outcome.observe(record)
    options.listen?.(record)
  })
  try {
    scenario.play(simulation)
  } catch (error) {
    failures.report('assertion', error instanceof Error ? error.message : String(error), error)
  } finally {
    simulation.closeFiles()
  }
  return {
    schedule: recording.schedule,
    decisions: recording.decisions,
    failure: failures.failure,
    outcome: outcome.outcome,
    hash: simulation.trace.hash,
    waiting: waitingScripts(simulation),
    profile,
  }
}

const waitingScripts = (simulation: Simulation): string[] => {
  const names: string[] = []
  for (const { process } of simulation.processes)
    for (const task of process.threads.tasks)
      if (task.name.startsWith('Lua task') && !task.runnable && task.expires === undefined) names.push(task.name)
  return names.sort()
}
