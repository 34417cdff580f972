/** One of HAProxy's regression tests as a scenario: `hapsim explore FILE.vtc`, `hapsim replay TOKEN FILE.vtc`. */
import { dirname, resolve } from 'node:path'
import { toByteString } from '../../bytes/text.js'
import { SECOND } from '../../engine/clock.js'
import type { Scenario } from '../../explore/index.js'
import type { Simulation } from '../../sim/index.js'
import { playTest, Prepared, resultText, type SimulatedTestOptions, type Test } from '../../vtc/index.js'
import { UsageError } from '../terminal.js'
import type { TestFlags } from './spec.js'
import { readVtcFile } from './files.js'

/** How a test is played. Throws a {@link UsageError} if the file cannot be read. */
export const testOptions = (file: string, { define = [], duration }: TestFlags): SimulatedTestOptions => {
  const read = readVtcFile(file)
  if ('problem' in read) throw new UsageError(read.problem)
  return {
    text: read.text,
    file,
    folder: toByteString(dirname(resolve(file))),
    ...(duration !== undefined && { duration: Math.round(duration * SECOND) }),
    macros: Object.fromEntries(define.map(([name, value]) => [name, toByteString(value)])),
  }
}

/** A test has failed. */
class TestFailed extends Error {}

/** Plays the test; only its verdict matters. @param played called with each test that has ended */
export const testScenario = (
  {
    files,
    env,
    ...flags
  }: TestFlags & { readonly files: readonly string[]; readonly env: Readonly<Record<string, string>> },
  played: (test: Test) => void = () => undefined,
): Omit<Scenario, 'name'> => {
  const environment = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, toByteString(value)]))
  const options = { ...testOptions(files[0]!, flags), environment, prepared: new Prepared() }
  return {
    comparesOutcomes: false,
    play(simulation: Simulation) {
      const test = playTest(simulation, options)
      played(test)
      if (test.verdict?.result === 'failed') throw new TestFailed(resultText(test))
    },
  }
}
