/** `hapsim explore FILE`: runs a scenario under many schedules and reports the outcomes that depend on them. */
import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { jsonText } from '../bytes/json-text.js'
import {
  decodeToken,
  explain,
  MergeError,
  mergeReports,
  describeSchedules,
  STRATEGIES,
  type ExploreOptions,
  type FailureKind,
  type ReportData,
  type StrategyName,
} from '../explore/index.js'
import { Simulation } from '../sim/index.js'
import { ExploreView } from '../report/explore-console.js'
import { addConfigOption } from './config-file.js'
import { failOption } from './fail-option.js'
import { addReportOptions, wantsReports, writeReports, type ReportOptions } from './report-files.js'
import { parseShard, shardName, type Shard } from './shard.js'
import { scheduleReport } from './schedule-report.js'
import { quietOption } from './selection-options.js'
import { readScenario } from './scenario.js'
import { showOccurrences, tryStart } from './run.js'
import { ScriptFailures } from './script-failures.js'
import { UsageError, type Terminal } from './terminal.js'
import { addTestOptions, ALL_SKIPPED } from './vtc/flags.js'
import { testScenario } from './vtc/scenario.js'
import { isRegressionTest, type TestFlags } from './vtc/spec.js'
import { resultText } from '../vtc/index.js'
import {
  ACTIONS_HELP,
  addWorldOptions,
  buildWorld,
  integerAtLeast,
  SCENARIO_FILES,
  worldArguments,
  makeWorldSpec,
  type WorldSpec,
  type WorldFlags,
} from './world.js'

/** The default duration of a run: short, because races show early and each step is a candidate for a deviation. */
export const EXPLORE_TIME = '1s'

export interface ExploreFlags extends WorldFlags, TestFlags, ReportOptions {
  readonly strategy: StrategyName
  readonly schedules: number
  readonly depth?: number
  readonly time?: number
  readonly maxStall: number
  readonly fail: readonly FailureKind[]
  readonly jobs: number
  readonly all?: true
  readonly stalls: boolean
  readonly latency: boolean
  readonly deliveries: boolean
  readonly pairs: boolean
  readonly times?: true
  readonly order?: true
  readonly shard?: Shard
  readonly merge?: true
  readonly verifyDeterminism?: true
  readonly json?: true
  readonly quiet?: true
}

/** The `explore` command. */
export const exploreCommand = (terminal: Terminal): Command =>
  addTestOptions(
    addConfigOption(
      addReportOptions(
        addWorldOptions(
          new Command('explore').description('run a scenario under many schedules; find those that change its outcome'),
          EXPLORE_TIME,
          '<file...>',
          SCENARIO_FILES,
        ),
      ),
    ),
  )
    .addOption(new Option('--strategy <name>', 'how schedules are generated').choices(STRATEGIES).default('delay'))
    .option('--schedules <n>', 'maximum number of schedules', integerAtLeast(1), 1000)
    .option('--depth <n>', 'delay: maximum deviations per schedule (2); pct: bug depth (3)', integerAtLeast(1))
    .option('--time <seconds>', 'time limit of the search', integerAtLeast(1))
    .option('--max-stall <ms>', 'maximum time a runnable task is stalled', integerAtLeast(0), 10)
    .option('--no-stalls', 'let time pass only when no task is runnable')
    .option('--no-latency', 'random, pct: do not vary latencies')
    .option('--no-pairs', 'random, pct: do not vary the order of pairs() over string keys')
    .option('--no-deliveries', 'do not reorder deliveries due at the same instant')
    .addOption(failOption())
    .option('--jobs <n>', 'number of schedules run in parallel', integerAtLeast(1), 1)
    .option('--all', 'continue after the first failure')
    .option('--times', 'treat different times and dates as different outcomes')
    .option('--order', 'treat a different order between servers as a different outcome')
    .option('--shard <i/n>', 'run the i-th of n parts of the schedules', parseShard)
    .option('--merge', 'merge the JSON reports of shards, given as FILEs')
    .option('--verify-determinism', 'run every schedule twice and compare')
    .addOption(quietOption('only failures and the last line'))
    .option('--json', 'print one JSON object at the end')
    .addHelpText(
      'after',
      `${ACTIONS_HELP}\n\nExamples:\n  hapsim explore mailers.cfg --strategy delay --depth 2\n  hapsim explore healthcheckmail.vtc`,
    )
    .action(async (files: readonly string[], flags: ExploreFlags, command: Command) => {
      // what a test is there to see, such as errors of scripts, is no failure of it
      const fail =
        isRegressionTest(files) && command.getOptionValueSource('fail') === 'default' ? TEST_FAILURES : flags.fail
      terminal.exitCode = flags.merge
        ? merge(files, flags, terminal)
        : await explore(makeWorldSpec(files, flags, EXPLORE_TIME), { ...flags, fail }, terminal)
    })

/** What fails a regression test. */
export const TEST_FAILURES: readonly FailureKind[] = ['assertion']

/** Searches, and shows what was found. Returns the exit code. */
export const explore = async (world: WorldSpec, flags: ExploreFlags, terminal: Terminal): Promise<number> => {
  // imported lazily: not needed by other commands
  const [{ searchInJobs, startSearchJobs }, { SearchBar }] = await Promise.all([
    import('./explore-jobs.js'),
    import('./progress.js'),
  ])
  const began = terminal.clock()
  const jobs = startSearchJobs(flags.jobs)
  const problem = verifyStartOrStopJobs(world, terminal, jobs)
  if (problem !== undefined) return problem
  const bar = new SearchBar(terminal.colours && !flags.json && !flags.quiet, flags.schedules)
  const task = { world, options: searchOptions(flags) }
  const found = await searchInJobs(task, jobs, (progress) => bar.show(progress)).finally(() => bar.stop())
  const seconds = (terminal.clock() - began) / 1000
  const replay = (token: string) => `hapsim replay ${token} ${worldArguments(world, EXPLORE_TIME)}`
  const scenario = readScenario(world)
  const show = (token: string) => {
    const played = decodeToken(scenario.name, token)
    return { deviationLines: explain(scenario, played.schedule, played).deviations, replay: replay(token) }
  }
  // omitted with --json, as each description costs a run; shards include them because the merging host may not have the files
  const report = flags.json && !flags.shard ? found : describeSchedules(found, show)
  const quiet = flags.quiet === true
  terminal.write(
    flags.json
      ? jsonText({ ...report, ...(flags.shard && { shard: shardName(flags.shard) }) })
      : new ExploreView(terminal.colours, terminal.columns).render(report, { seconds, quiet }),
  )
  if (wantsReports(flags)) {
    const other = report.failures[0] ?? report.outcomes.find((outcome) => outcome.key !== report.usual)
    const { token } = other ?? report.outcomes[0]!
    const subtitle = `${report.schedules} schedules (${report.strategy})`
    const shown = { title: world.files.join(' '), subtitle, ...(other && { command: replay(token) }) }
    writeReports(flags, scheduleReport(scenario, token, shown), terminal)
  }
  return exitCodeOf(report)
}

/** Like {@link verifyStart}, but ends the waiting jobs if HAProxy does not start. */
const verifyStartOrStopJobs = (
  world: WorldSpec,
  terminal: Terminal,
  jobs: readonly { stop(): void }[],
): number | undefined => {
  let problem: number | undefined = 1
  try {
    problem = verifyStart(world, terminal)
  } finally {
    if (problem !== undefined) for (const job of jobs) job.stop()
  }
  return problem
}

const exitCodeOf = (report: ReportData): number =>
  report.failures.length > 0 || report.outcomes.length > 1 || report.nondeterminism !== undefined ? 1 : 0

/** If HAProxy would not start, or a test is skipped, shows why and returns the exit code. */
export const verifyStart = (world: WorldSpec, terminal: Terminal): number | undefined => {
  if (isRegressionTest(world.files)) return skippedTest(world, terminal)
  const trial = new Simulation({ seed: world.seed })
  const lines: string[] = []
  const kept: Terminal = { ...terminal, write: (text) => void lines.push(text) }
  const failures = new ScriptFailures(kept, false)
  const show = showOccurrences(trial, false, kept, failures)
  const haproxy = buildWorld(trial, world)
  failures.watch(haproxy)
  const started = tryStart(haproxy)
  show.end(false)
  if (started) return undefined
  lines.forEach((line) => terminal.write(line))
  return 1
}

const skippedTest = (world: WorldSpec, terminal: Terminal): number | undefined => {
  let reason: string | undefined
  const { play } = testScenario(world, (test) => {
    if (test.verdict?.result === 'skipped') reason = resultText(test)
  })
  try {
    play(new Simulation({ seed: world.seed }))
  } catch {
    // it fails in the default order: the search reports it
    return undefined
  }
  if (reason === undefined) return undefined
  terminal.write(`Skipped: ${reason}`)
  return ALL_SKIPPED
}

const searchOptions = (flags: ExploreFlags): ExploreOptions => ({
  strategy: flags.strategy,
  schedules: flags.schedules,
  seed: flags.seed,
  maxStall: flags.maxStall,
  failures: flags.fail,
  all: flags.all === true || flags.json === true,
  times: flags.times === true,
  order: flags.order === true,
  vary: { stalls: flags.stalls, latency: flags.latency, deliveries: flags.deliveries, pairs: flags.pairs },
  verifyDeterminism: flags.verifyDeterminism === true,
  ...(flags.depth !== undefined && { depth: flags.depth }),
  ...(flags.time !== undefined && { time: flags.time * 1000 }),
  ...(flags.shard && { shard: flags.shard }),
})

const merge = (files: readonly string[], flags: ExploreFlags, terminal: Terminal): number => {
  try {
    const report = mergeReports(files.map(readReport))
    terminal.write(flags.json ? jsonText(report) : new ExploreView(terminal.colours, terminal.columns).render(report))
    return exitCodeOf(report)
  } catch (error) {
    if (error instanceof MergeError) throw new UsageError(error.message)
    throw error
  }
}

/** Reads the last line printed by `hapsim explore --json`. */
const readReport = (file: string): ReportData => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new UsageError(`cannot read ${file}`)
  }
  try {
    const data = JSON.parse(text.trimEnd().split('\n').at(-1)!) as Partial<ReportData>
    if (data.type === 'end' && Array.isArray(data.outcomes) && Array.isArray(data.failures)) return data as ReportData
  } catch {
    // not JSON: reported below
  }
  throw new UsageError(`${file} is not a report of hapsim explore --json`)
}
