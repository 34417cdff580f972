/** Plays a test in a simulation. */
import { SECOND } from '../../engine/clock.js'
import type { Simulation } from '../../sim/index.js'
import { Prepared } from '../prepared.js'
import { startTest } from '../run.js'
import type { Test, TestOptions } from '../test.js'
import { timedOut } from '../timed-out.js'
import { SimulatedWorld } from './world.js'

export interface SimulatedTestOptions extends Omit<TestOptions, 'runsPrograms'> {
  /** base directory of relative paths; `false`: the disk is not read (default: the working directory) */
  readonly directory?: string | false
}

/**
 * Plays a test to its end in a simulation that is used for nothing else. The result is the test's `verdict`; its `log` says what has
 * happened.
 */
export const playTest = (simulation: Simulation, options: SimulatedTestOptions): Test => {
  const { directory = '.', prepared = new Prepared() } = options
  const world = new SimulatedWorld(simulation, directory, prepared)
  const test = startTest(world, { ...options, prepared, runsPrograms: false })
  const limit = `${Math.ceil(test.duration / SECOND)}s`
  if (!simulation.runUntil(() => test.verdict !== undefined, limit)) test.fail(timedOut(test))
  world.close()
  return test
}
