/** What `explore` and `replay` play: configurations or scripts in a world, or one of HAProxy's regression tests. */
import { basename } from 'node:path'
import type { Scenario } from '../explore/index.js'
import { Simulation, type Haproxy } from '../sim/index.js'
import { testScenario } from './vtc/scenario.js'
import { isRegressionTest } from './vtc/spec.js'
import { buildWorld, serverFlags, type WorldSpec } from './world.js'

/**
 * Makes a scenario to explore. What all runs share, such as the configuration, is read once. Throws a {@link UsageError}.
 *
 * @param made called with each process before it starts; those of regression tests are not reported
 */
export const readScenario = (world: WorldSpec, made: (haproxy: Haproxy) => void = () => undefined): Scenario => {
  const name = scenarioName(world)
  if (isRegressionTest(world.files)) return { name, ...testScenario(world) }
  const { configuration } = buildWorld(new Simulation({ seed: world.seed }), world).process
  return {
    name,
    play(simulation) {
      const haproxy = buildWorld(simulation, world, configuration)
      made(haproxy)
      haproxy.start()
      simulation.advance(world.for)
      simulation.settle()
    },
  }
}

/** The names of the files and the world options: two command lines with equal names are the same scenario. */
export const scenarioName = (world: WorldSpec): string =>
  isRegressionTest(world.files)
    ? [basename(world.files[0]!), ...(world.define ?? []).map(([name, value]) => `-D ${name}=${value}`)].join(' ')
    : [
        ...world.files.map((file) => basename(file)),
        `--for ${world.for}`,
        ...world.at.map((each) => `--at ${each}`),
        ...serverFlags(world),
      ].join(' ')
