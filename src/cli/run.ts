/** `hapsim run FILE`: one process in a simulated world, shown as it runs. */
import { Command } from 'commander'
import { HAPROXY_VERSION } from '../haproxy/index.js'
import { summaryToJson, type RunSummary } from '../report/json.js'
import { trafficOf } from '../report/traffic-summary.js'
import { OccurrenceFilter, socketRecord, type Occurrence } from '../report/occurrence.js'
import type { Selection } from '../report/selection.js'
import { SEVERITY_CATEGORIES, severityOf } from '../report/severity.js'
import { collectTimeline } from '../report/timeline-recorder.js'
import { FailureDetector, type FailureKind } from '../explore/index.js'
import type { LuaCoverage } from '../lua/index.js'
import { Simulation, StartError, type Haproxy } from '../sim/index.js'
import type { Listen } from '../debug/index.js'
import type { Inspector } from '../lua/vm/state.js'
import { builtInConfig, builtInConfigText, isScript } from './built-in.js'
import { failOption } from './fail-option.js'
import { inspectOption, startInspection } from './inspect.js'
import type { LiveFlags } from './live.js'
import { parseSinkAddress } from './mail-sink.js'
import { addConfigOption } from './config-file.js'
import { addCoverageOptions, withCoverage, type CoverageFlags } from './coverage.js'
import { addReportOptions, wantsReports, writeReports, type ReportOptions } from './report-files.js'
import { OccurrenceOutput } from './occurrence-output.js'
import { ScriptFailures } from './script-failures.js'
import { addSelectionOptions, selectionOf } from './selection-options.js'
import { UsageError, type Terminal } from './terminal.js'
import { ACTIONS_HELP, addWorldOptions, buildWorld, makeWorldSpec } from './world.js'

/** The default duration of a run. */
const RUN_TIME = '30s'

interface RunOptions extends LiveFlags, ReportOptions, CoverageFlags, Selection {
  readonly json?: true
  readonly live?: true
  readonly inspect?: Listen
  readonly fail: readonly FailureKind[]
  readonly printConfig?: true
}

/** The kinds of failure that a single run can detect. */
const FAILURES_OF_RUN: readonly FailureKind[] = ['lua', 'alert', 'paused', 'limit']

/** The `run` command. */
export const runCommand = (terminal: Terminal): Command =>
  addConfigOption(
    addCoverageOptions(
      addReportOptions(
        addSelectionOptions(
          addWorldOptions(
            new Command('run').description('run a HAProxy configuration or a Lua script in a simulated world'),
            RUN_TIME,
            '[file...]',
          ),
        ),
      ),
    ),
  )
    .option('--json', 'print one JSON object per line')
    .addOption(failOption(FAILURES_OF_RUN))
    .option('--print-config', 'print the built-in configuration for scripts and exit')
    .addOption(inspectOption())
    .option('--live', 'use real sockets and real time; run until stopped')
    .option(
      '--mail-sink [addr]',
      '--live: start a mail server and show the mails it receives (default: 127.0.0.1:2525)',
      parseSinkAddress,
    )
    .option('--mail-dir <dir>', '--live: save received mails as .eml files in this directory')
    .option('--without-frontends', '--live: frontends do not listen')
    .addHelpText(
      'after',
      `${ACTIONS_HELP}

Examples:
  hapsim run mailers.lua
  hapsim run haproxy.cfg --at '5s=down be1/srv1' --at '20s=cli show stat'
  hapsim run haproxy.cfg --at '2s=get http://127.0.0.1:8080/'
  hapsim run haproxy.cfg --live --mail-sink`,
    )
    .action(async (files: readonly string[], options: RunOptions, command: Command) => {
      if (options.printConfig) return printConfig(files, terminal)
      if (files.length === 0) command.error("error: missing required argument 'file'")
      terminal.exitCode = options.live
        ? await runLiveMode(files, options, terminal)
        : options.inspect === undefined
          ? await withCoverage(options, command, terminal, (coverage) => run(files, options, coverage, terminal))
          : await runInspected(files, options, options.inspect, terminal)
    })

const printConfig = (files: readonly string[], terminal: Terminal): void => {
  const configuration = files.find((file) => !isScript(file))
  if (configuration !== undefined)
    throw new UsageError(`--print-config takes scripts only; ${configuration} is a configuration`)
  terminal.write((files.length === 0 ? builtInConfigText(['script.lua'], true) : configFor(files)).trimEnd())
}

/** The configuration with the rules that call what the scripts register. */
const configFor = (files: readonly string[]): string => {
  const config = builtInConfig(files)
  const { lua, process } = new Simulation().haproxy({ config: [config] })
  process.check()
  return config.textFor?.(lua.names) ?? config.text
}

const runLiveMode = async (files: readonly string[], options: RunOptions, terminal: Terminal): Promise<number> => {
  if (options.inspect !== undefined) throw new UsageError('--inspect cannot be used with --live')
  if (options.json || wantsReports(options) || options.coverage)
    throw new UsageError('--json, --report, --trace and --coverage cannot be used with --live')
  if (options.quiet || options.verbose || options.only)
    throw new UsageError('--quiet, --verbose and --only cannot be used with --live')
  // imported lazily to keep simulations fast to start
  const { runLive } = await import('./live.js')
  return runLive(files, options, terminal)
}

const runInspected = async (
  files: readonly string[],
  options: RunOptions,
  where: Listen,
  terminal: Terminal,
): Promise<number> => {
  if (options.coverage) throw new UsageError('--inspect and --coverage cannot be combined')
  const { inspector, terminal: teed } = await startInspection(where, terminal)
  const exitCode = run(files, options, undefined, teed, inspector)
  await inspector.end(exitCode)
  return exitCode
}

const run = (
  files: readonly string[],
  options: RunOptions,
  coverage: LuaCoverage | undefined,
  terminal: Terminal,
  inspector?: Inspector,
): number => {
  if (options.withoutFrontends) throw new UsageError('--without-frontends requires --live')
  if (options.mailSink !== undefined || options.mailDir !== undefined)
    throw new UsageError(`${options.mailDir === undefined ? '--mail-sink' : '--mail-dir'} requires --live`)
  const world = makeWorldSpec(files, options, RUN_TIME)
  const simulation = new Simulation({ seed: world.seed, ...(coverage && { coverage }) })
  const timeline = wantsReports(options) ? collectTimeline(simulation) : undefined
  const failures = new ScriptFailures(terminal, options.json === true)
  const watch = new FailureDetector(new Set(options.fail))
  simulation.trace.listen((record) => watch.observe(record))
  const show = showOccurrences(simulation, options.json === true, terminal, failures, selectionOf(options))
  const haproxy = buildWorld(simulation, world)
  failures.watch(haproxy)
  show.watch(haproxy)
  haproxy.lua.inspector = inspector
  const title = files.join(' ')
  const where = `in HAProxy ${HAPROXY_VERSION}, simulated: ${world.for}, seed ${world.seed}`
  show.header(`${title} ${where}`)
  const started = tryStart(haproxy)
  if (started) simulation.advance(world.for)
  simulation.endRequests()
  simulation.closeFiles()
  show.end(started)
  if (timeline) writeReports(options, { title, subtitle: where, runs: [{ name: 'run', timeline }] }, terminal)
  return started && watch.failure === undefined && !haproxy.process.crashed ? 0 : 1
}

/** Shows the occurrences of a simulation from now on. */
export const showOccurrences = (
  simulation: Simulation,
  json: boolean,
  terminal: Terminal,
  failures?: ScriptFailures,
  selection?: Selection,
) => {
  const output = new OccurrenceOutput(terminal, { json, selection, failures })
  const counts: Record<string, number> = Object.fromEntries(SEVERITY_CATEGORIES.map((severity) => [severity, 0]))
  const processes: Haproxy[] = []
  const count = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1)
  const occurrences = new OccurrenceFilter((occurrence: Occurrence) => {
    count(occurrence.type)
    if (occurrence.type === 'client' && occurrence.error !== undefined) count('failedRequests')
    const severity = severityOf(occurrence)
    if (severity) count(severity)
    output.show(occurrence)
  })
  simulation.trace.listen((record) => {
    occurrences.observe(record)
    output.showDetail(record)
  })
  return {
    /** Also shows the connections opened by scripts of a process. */
    watch(haproxy: Haproxy): void {
      processes.push(haproxy)
      const { lua } = haproxy
      lua.onConnection = (attempt) => occurrences.observe(socketRecord(simulation.clock.now, attempt))
    },
    header(text: string): void {
      if (!json && !selection?.quiet) terminal.write(output.view.header(text))
    },
    end(started: boolean): void {
      occurrences.end()
      if (!started) output.flushHeld()
      const { now: at, trace } = simulation
      const summary: RunSummary = { at, counts, trace: trace.hash, started, traffic: trafficOf(processes) }
      if (json) terminal.write(summaryToJson(summary))
      else if (started) terminal.write(output.view.summary(summary))
    },
  }
}

/** Whether HAProxy started; if not, its messages are in the trace. */
export const tryStart = (haproxy: Haproxy): boolean => {
  try {
    haproxy.start()
    return true
  } catch (error) {
    if (error instanceof StartError) return false
    throw error
  }
}
