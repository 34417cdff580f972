/** One run of a scenario under one schedule: a fresh world, and what came of it. */
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
import { FailureWatch, type Failure, type FailureKind } from './failure.js'
import { OutcomeCollector, type Outcome, type OutcomeOptions } from './outcome.js'

/** What is explored. It builds a world in the simulation that it is given, and lets time pass there. */
export interface Scenario {
  /** what a token names it by */
  readonly name: string
  /** Throws what the run is to fail with. */
  readonly play: (simulation: Simulation) => void
}

/** A moment at which something could have gone another way. */
export type Decision = TaskDecision | DueDecision

/** Several things were due at one instant. */
export interface DueDecision {
  readonly at: Micros
  /** how many */
  readonly due: number
}

export interface TaskDecision {
  readonly at: Micros
  readonly due?: undefined
  /** how many tasks were runnable */
  readonly size: number
  readonly canStall: boolean
  /** whose turn it was */
  readonly usual: string
  /** who ran; undefined: time passed */
  readonly chosen: string | undefined
}

export interface Run {
  /** how it deviated from `fifo` */
  readonly schedule: Schedule
  /** how many decisions were made */
  readonly decisions: number
  readonly failure: Failure | undefined
  readonly outcome: Outcome
  /** the trace hash */
  readonly hash: string
  /** tasks of scripts that wait at the end without any date: nothing can wake them but another script */
  readonly waiting: readonly string[]
  /** the decisions one by one, where asked for */
  readonly profile: readonly Decision[]
}

/** What chance decides apart from the order of steps; what is left out is decided by the seed of the simulation. */
export interface Seeds {
  /** latencies of the network, within their ranges */
  readonly latencySeed?: number
  /** the order of `pairs` over string keys */
  readonly pairsSeed?: number
}

export interface RunOptions extends OutcomeOptions {
  readonly seed: number
  readonly seeds?: Seeds
  readonly maxStall: Micros
  readonly failures: ReadonlySet<FailureKind>
  /** whether to keep every decision */
  readonly profile?: boolean
  /** told of every record of the trace */
  readonly listen?: (record: TraceRecord) => void
}

/** @param makeStrategy gets the clock of the world */
export const runOnce = (
  scenario: Scenario,
  makeStrategy: (now: () => Micros) => Strategy,
  options: RunOptions,
): Run => {
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
      usual: ready.first().name,
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
  const failures = new FailureWatch(options.failures)
  const outcome = new OutcomeCollector(options)
  simulation.trace.listen((record) => {
    failures.take(record)
    outcome.take(record)
    options.listen?.(record)
  })
  try {
    scenario.play(simulation)
  } catch (error) {
    failures.found('assertion', error instanceof Error ? error.message : String(error), error)
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
