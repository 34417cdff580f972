/** A regression test in varnishtest's language among the test files: one test, with the title of the file. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Simulation } from '../sim/index.js'
import { vtc, type VtcResult } from '../vtc/index.js'
import { decodeToken, explain, explore, ExploreError } from '../explore/index.js'
import { makeBlock, type Block, type TestCase } from './collect.js'
import type { FileOptions, RunnerOptions } from './options.js'
import type { Problem } from './problem.js'
import type { TestResult } from './result.js'
import { testScenarioName, TestSelection } from './selection.js'
import type { Tally } from './tally.js'

/** Whether a file is one. */
export const isVtc = (file: string): boolean => file.endsWith('.vtc')

/** The test of a file, as the test files in Lua declare them. */
export const vtcTestCase = (file: string, { directory = '.' }: Pick<FileOptions, 'directory'>): TestCase => {
  const root: Block = makeBlock({
    kind: 'file',
    name: file,
    where: undefined,
    body: 0,
    parent: undefined,
    focused: false,
  })
  const name = titleOf(resolve(directory, file)) ?? file
  return { kind: 'test', name, where: `${file}:1`, body: 0, parent: root, focused: false, explore: undefined }
}

const titleOf = (path: string): string | undefined => {
  try {
    return /^\s*(?:varnishtest|vtest)\s+"([^"\n]+)"/m.exec(readFileSync(path, 'utf8'))?.[1]
  } catch {
    // reported when the file is run
    return undefined
  }
}

/** Plays the test of a file, under many schedules if the options say so. */
export const runVtcFile = (file: string, options: RunnerOptions, tally: Tally): void => {
  const test = vtcTestCase(file, options)
  tally.countSeen(1)
  if (!new TestSelection(file, options).includes(test)) return
  const began = options.clock()
  const { problem, schedule } = play(file, test, options)
  const isPending = problem?.kind === 'pending'
  tally.addResult({
    file,
    seed: options.seed ?? 1,
    names: [test.name],
    where: test.where,
    status: problem === undefined ? 'passed' : isPending ? 'pending' : problem.kind === 'failure' ? 'failed' : 'error',
    duration: options.clock() - began,
    problem,
    schedule,
    trace: [],
  })
}

interface Played {
  readonly problem?: Problem | undefined
  readonly schedule?: TestResult['schedule']
}

/** How many lines of the log are shown of a failure. */
const LOG_LINES = 12

const play = (file: string, test: TestCase, options: RunnerOptions): Played => {
  const once = (simulation: Simulation): VtcResult => {
    if (options.coverage) simulation.coverage = options.coverage
    simulation.onFileAccess = (path) => options.onFileAccess?.(file, path)
    options.onSimulation?.(simulation)
    const { directory = '.', environment = {} } = options
    return vtc({ file }, { simulation, directory, environment })
  }
  let last: VtcResult | undefined
  try {
    if (options.explore === undefined && options.replay === undefined)
      return { problem: problemOf(once(new Simulation({ seed: options.seed ?? 1 }))) }
    const name = testScenarioName(file, test)
    const scenario = (simulation: Simulation): void => {
      last = once(simulation)
      last.check()
    }
    return explored(name, scenario, options, () => last)
  } catch (error) {
    return { problem: { kind: 'error', message: (error as Error).message } }
  }
}

const explored = (
  name: string,
  scenario: (simulation: Simulation) => void,
  { explore: schedules, replay, seed }: RunnerOptions,
  last: () => VtcResult | undefined,
): Played => {
  try {
    explore(scenario, {
      name,
      ...(seed !== undefined && { seed }),
      ...(schedules !== undefined && { schedules }),
      ...(replay !== undefined && { replay }),
    })
    return { problem: last()?.result === 'skipped' ? problemOf(last()!) : undefined }
  } catch (error) {
    if (error instanceof ExploreError) {
      const { token, deviations, failure } = error
      return { problem: { kind: 'failure', message: failure.message }, schedule: { token, deviations } }
    }
    const result = last()
    if (replay === undefined || result?.result !== 'failed') throw error
    const found = decodeToken(name, replay)
    const { deviations } = explain({ name, play: scenario }, found.schedule, found)
    return { problem: problemOf(result), schedule: { token: replay, deviations } }
  }
}

const problemOf = ({ result, message, where, missing, log }: VtcResult): Problem | undefined => {
  if (result === 'passed') return undefined
  if (result === 'skipped') return { kind: 'pending', message, where }
  const gaps = missing.length > 0 ? `\nhapsim does not emulate ${missing.join(', ')}, which the test uses` : ''
  return { kind: 'failure', message: message + gaps, where, trace: log.slice(-LOG_LINES).join('\n') }
}
