/** `hapsim run FILE`: one process in a simulated world, shown as it goes. */
import { Command } from 'commander'
import { HAPROXY_VERSION } from '../haproxy/index.js'
import { summaryToJson, type RunSummary } from '../report/json.js'
import { Occurrences, socketRecord, type Occurrence } from '../report/occurrence.js'
import type { Selection } from '../report/selection.js'
import { SEVERITIES, severityOf } from '../report/severity.js'
import { collectTimeline } from '../report/timeline-recorder.js'
import { FailureWatch, type FailureKind } from '../explore/index.js'
import type { LuaCoverage } from '../lua/index.js'
import { Simulation, StartError, type Haproxy } from '../sim/index.js'
import type { Listen } from '../debug/index.js'
import type { Inspector } from '../lua/vm/state.js'
import { builtIn, builtInText, isScript } from './built-in.js'
import { failOption } from './fail-option.js'
import { inspectOption, startInspection } from './inspect.js'
import type { LiveFlags } from './live.js'
import { sinkAddress } from './mail-sink.js'
import { addConfigFile } from './config-file.js'
import { addCoverage, withCoverage, type CoverageFlags } from './coverage.js'
import { addReports, wantsReports, writeReports, type ReportOptions } from './report-files.js'
import { OccurrenceOutput } from './occurrence-output.js'
import { ScriptFailures } from './script-failures.js'
import { addShown, selectionOf } from './shown.js'
import { WrongCall, type Terminal } from './terminal.js'
import { ACTIONS_HELP, addWorld, buildWorld, worldOf } from './world.js'

/** How much time passes unless told otherwise. */
const RUN_TIME = '30s'

interface RunOptions extends LiveFlags, ReportOptions, CoverageFlags, Selection {
  readonly json?: true
  readonly live?: true
  readonly inspect?: Listen
  readonly fail: readonly FailureKind[]
  readonly printConfig?: true
}

/** What a single run can find. */
const FAILURES: readonly FailureKind[] = ['lua', 'alert', 'paused', 'limit']

export const runCommand = (terminal: Terminal): Command =>
  addConfigFile(
    addCoverage(
      addReports(
        addShown(
          addWorld(
            new Command('run').description('run a HAProxy configuration or a Lua script in a simulated world'),
            RUN_TIME,
            '[file...]',
          ),
        ),
      ),
    ),
  )
    .option('--json', 'one JSON object a line')
    .addOption(failOption(FAILURES))
    .option('--print-config', 'print the configuration that scripts are loaded into, and do nothing more')
    .addOption(inspectOption())
    .option('--live', 'on real sockets and real time, until it is told to stop')
    .option(
      '--mail-sink [addr]',
      '--live: also be a mail server, and show what it takes (at 127.0.0.1:2525)',
      sinkAddress,
    )
    .option('--mail-dir <dir>', '--live: the mail server keeps its mails there, as .eml files')
    .option('--without-frontends', '--live: leave the addresses of frontends alone, which somebody else may have')
    .addHelpText(
      'after',
      `${ACTIONS_HELP}

Examples:
  hapsim run mailers.lua
  hapsim run haproxy.cfg --at '5s=down be1/srv1' --at '20s=cli show stat'
  hapsim run haproxy.cfg --live --mail-sink`,
    )
    .action(async (files: readonly string[], options: RunOptions, command: Command) => {
      if (options.printConfig) return printConfig(files, terminal)
      if (files.length === 0) command.error("error: missing required argument 'file'")
      terminal.exitCode = options.live
        ? await live(files, options, terminal)
        : options.inspect === undefined
          ? await withCoverage(options, command, terminal, (coverage) => run(files, options, coverage, terminal))
          : await inspected(files, options, options.inspect, terminal)
    })

const printConfig = (files: readonly string[], terminal: Terminal): void => {
  const configuration = files.find((file) => !isScript(file))
  if (configuration !== undefined)
    throw new WrongCall(`--print-config is for scripts, which are loaded into it; ${configuration} is a configuration`)
  terminal.write((files.length === 0 ? builtInText(['script.lua'], true) : builtIn(files).text).trimEnd())
}

const live = async (files: readonly string[], options: RunOptions, terminal: Terminal): Promise<number> => {
  if (options.inspect !== undefined) throw new WrongCall('--live cannot stand still: --inspect is for simulations')
  if (options.json || wantsReports(options) || options.coverage)
    throw new WrongCall('--live says what HAProxy says, and makes no reports')
  if (options.quiet || options.verbose || options.only)
    throw new WrongCall('--quiet, --verbose and --only are for simulations, not for --live')
  // loaded only here: a simulation does not wait for it
  const { runLive } = await import('./live.js')
  return runLive(files, options, terminal)
}

const inspected = async (
  files: readonly string[],
  options: RunOptions,
  where: Listen,
  terminal: Terminal,
): Promise<number> => {
  if (options.coverage) throw new WrongCall('--inspect and --coverage do not go together')
  const { inspector, terminal: told } = await startInspection(where, terminal)
  const exitCode = run(files, options, undefined, told, inspector)
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
  if (options.withoutFrontends) throw new WrongCall('--without-frontends goes with --live')
  if (options.mailSink !== undefined || options.mailDir !== undefined)
    throw new WrongCall(`${options.mailDir === undefined ? '--mail-sink' : '--mail-dir'} goes with --live`)
  const world = worldOf(files, options, RUN_TIME)
  const simulation = new Simulation({ seed: world.seed, ...(coverage && { coverage }) })
  const timeline = wantsReports(options) ? collectTimeline(simulation) : undefined
  const failures = new ScriptFailures(terminal, options.json === true)
  const watch = new FailureWatch(new Set(options.fail))
  simulation.trace.listen((record) => watch.take(record))
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
  simulation.closeFiles()
  show.end(started)
  if (timeline) writeReports(options, { title, subtitle: where, runs: [{ name: 'run', timeline }] }, terminal)
  return started && watch.failure === undefined && !haproxy.process.crashed ? 0 : 1
}

/** Shows what happens in a simulation from now on, as lines for people or for programs. */
export const showOccurrences = (
  simulation: Simulation,
  json: boolean,
  terminal: Terminal,
  failures?: ScriptFailures,
  selection?: Selection,
) => {
  const output = new OccurrenceOutput(terminal, { json, selection, failures })
  const counts: Record<string, number> = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0]))
  const count = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1)
  const occurrences = new Occurrences((occurrence: Occurrence) => {
    count(occurrence.type)
    const severity = severityOf(occurrence)
    if (severity) count(severity)
    output.show(occurrence)
  })
  simulation.trace.listen((record) => {
    occurrences.take(record)
    output.showDetail(record)
  })
  return {
    /** Shows the connections of a process's scripts, too. */
    watch({ lua }: Haproxy): void {
      lua.onConnection = (attempt) => occurrences.take(socketRecord(simulation.clock.now, attempt))
    },
    header(text: string): void {
      if (!json && !selection?.quiet) terminal.write(output.view.header(text))
    },
    end(started: boolean): void {
      occurrences.end()
      if (!started) output.showHeld()
      const summary: RunSummary = { at: simulation.now, counts, trace: simulation.trace.hash, started }
      if (json) terminal.write(summaryToJson(summary))
      else if (started) terminal.write(output.view.summary(summary))
    },
  }
}

/** Whether it started; what HAProxy said if not is in the trace by then. */
export const tryStart = (haproxy: Haproxy): boolean => {
  try {
    haproxy.start()
    return true
  } catch (error) {
    if (error instanceof StartError) return false
    throw error
  }
}
