/** `hapsim explore FILE`: runs a scenario under many schedules and says what depends on them. */
import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { jsonText } from '../bytes/json-text.js'
import {
  decodeToken,
  explain,
  MergeError,
  mergeReports,
  showSchedules,
  STRATEGIES,
  type ExploreOptions,
  type FailureKind,
  type ReportData,
  type StrategyName,
} from '../explore/index.js'
import { Simulation } from '../sim/index.js'
import { ExploreView } from '../report/explore-console.js'
import { addConfigFile } from './config-file.js'
import { failOption } from './fail-option.js'
import { addReports, wantsReports, writeReports, type ReportOptions } from './report-files.js'
import { parseShard, shardName, type Shard } from './shard.js'
import { scheduleReport } from './schedule-report.js'
import { quietOption } from './shown.js'
import { showOccurrences, tryStart } from './run.js'
import { ScriptFailures } from './script-failures.js'
import { WrongCall, type Terminal } from './terminal.js'
import {
  ACTIONS_HELP,
  addWorld,
  buildWorld,
  countFrom,
  readScenario,
  worldArguments,
  worldOf,
  type World,
  type WorldFlags,
} from './world.js'

/** How much time passes unless told otherwise: races are over soon, and every step is a place to deviate. */
export const EXPLORE_TIME = '1s'

interface ExploreFlags extends WorldFlags, ReportOptions {
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

export const exploreCommand = (terminal: Terminal): Command =>
  addConfigFile(
    addReports(
      addWorld(
        new Command('explore').description('run it under many schedules; find those that make a difference'),
        EXPLORE_TIME,
      ),
    ),
  )
    .addOption(new Option('--strategy <name>', 'how schedules are chosen').choices(STRATEGIES).default('delay'))
    .option('--schedules <n>', 'how many are run at most', countFrom(1), 1000)
    .option('--depth <n>', 'delay: deviations of a schedule (2); pct: ordering constraints of a bug (3)', countFrom(1))
    .option('--time <seconds>', 'how long to go on at most', countFrom(1))
    .option('--max-stall <ms>', 'how long a task may starve', countFrom(0), 10)
    .option('--no-stalls', 'time passes only when nothing is runnable')
    .option('--no-latency', 'random, pct: latencies stay as they are')
    .option('--no-pairs', 'random, pct: the order of pairs over string keys stays as it is')
    .option('--no-deliveries', 'what is due at one instant happens in the usual order')
    .addOption(failOption())
    .option('--jobs <n>', 'how many schedules are run at a time', countFrom(1), 1)
    .option('--all', 'go on after the first failure')
    .option('--times', 'times and dates make a different outcome')
    .option('--order', 'the order between servers makes a different outcome')
    .option('--shard <i/n>', 'run the i-th of n parts of the schedules', parseShard)
    .option('--merge', 'join the JSON reports of shards, which are the FILEs then')
    .option('--verify-determinism', 'run every schedule twice and compare')
    .addOption(quietOption('failures and the last line only'))
    .option('--json', 'end with one JSON object')
    .addHelpText('after', `${ACTIONS_HELP}\n\nExample:\n  hapsim explore mailers.cfg --strategy delay --depth 2`)
    .action(async (files: readonly string[], flags: ExploreFlags) => {
      terminal.exitCode = flags.merge
        ? merge(files, flags, terminal)
        : await explore(worldOf(files, flags, EXPLORE_TIME), flags, terminal)
    })

const explore = async (world: World, flags: ExploreFlags, terminal: Terminal): Promise<number> => {
  // loaded only here: other commands do not wait for them
  const [{ searchInJobs, startSearchJobs }, { SearchBar }] = await Promise.all([
    import('./explore-jobs.js'),
    import('./progress.js'),
  ])
  const began = terminal.clock()
  const jobs = startSearchJobs(flags.jobs)
  if (!tryOut(world, terminal, jobs)) return 1
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
  // each takes another run: programs can make it themselves, who merges reports may not have the files
  const report = flags.json && !flags.shard ? found : showSchedules(found, show)
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

/** Whether HAProxy starts at all. If not, the jobs that wait for their work are ended. */
const tryOut = (world: World, terminal: Terminal, jobs: readonly { stop(): void }[]): boolean => {
  let starts = false
  try {
    starts = startsAtAll(world, terminal)
  } finally {
    if (!starts) for (const job of jobs) job.stop()
  }
  return starts
}

const exitCodeOf = (report: ReportData): number =>
  report.failures.length > 0 || report.outcomes.length > 1 || report.nondeterminism !== undefined ? 1 : 0

/** Whether HAProxy would start at all; if not, what it says is shown. */
export const startsAtAll = (world: World, terminal: Terminal): boolean => {
  const trial = new Simulation({ seed: world.seed })
  const lines: string[] = []
  const kept: Terminal = { ...terminal, write: (text) => void lines.push(text) }
  const failures = new ScriptFailures(kept, false)
  const show = showOccurrences(trial, false, kept, failures)
  const haproxy = buildWorld(trial, world)
  failures.watch(haproxy)
  const started = tryStart(haproxy)
  show.end(false)
  if (!started) lines.forEach((line) => terminal.write(line))
  return started
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
    if (error instanceof MergeError) throw new WrongCall(error.message)
    throw error
  }
}

/** The last line of what `hapsim explore --json` printed. */
const readReport = (file: string): ReportData => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new WrongCall(`cannot read ${file}`)
  }
  try {
    const data = JSON.parse(text.trimEnd().split('\n').at(-1)!) as Partial<ReportData>
    if (data.type === 'end' && Array.isArray(data.outcomes) && Array.isArray(data.failures)) return data as ReportData
  } catch {
    // what is no JSON is no report either
  }
  throw new WrongCall(`${file} is not a report of hapsim explore --json`)
}
