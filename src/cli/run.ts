/** `hapsim run FILE`: one process in a simulated world, shown as it goes. */
import { Command } from 'commander'
import { HAPROXY_VERSION } from '../haproxy/index.js'
import { summaryToJson, type RunSummary } from '../report/json.js'
import { Occurrences, type Occurrence } from '../report/occurrence.js'
import type { Selection } from '../report/selection.js'
import { collectTimeline } from '../report/timeline.js'
import type { LuaCoverage } from '../lua/index.js'
import { Simulation, StartError, type Haproxy } from '../sim/index.js'
import type { Listen } from '../debug/index.js'
import type { Inspector } from '../lua/vm/state.js'
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
import { ACTIONS_HELP, addWorld, buildWorld } from './world.js'

interface RunOptions extends LiveFlags, ReportOptions, CoverageFlags, Selection {
  readonly json?: true
  readonly live?: true
  readonly inspect?: Listen
}

export const runCommand = (terminal: Terminal): Command =>
  addConfigFile(
    addCoverage(
      addReports(
        addShown(
          addWorld(
            new Command('run').description('run a HAProxy configuration or a Lua script in a simulated world'),
            '30s',
          ),
        ),
      ),
    ),
  )
    .option('--json', 'one JSON object a line')
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
    .action(async (file: string, options: RunOptions, command: Command) => {
      terminal.exitCode = options.live
        ? await live(file, options, command.getOptionValueSource('for') !== 'default', terminal)
        : options.inspect === undefined
          ? await withCoverage(options, command, terminal, (coverage) => run(file, options, coverage, terminal))
          : await inspected(file, options, options.inspect, terminal)
    })

const live = async (file: string, options: RunOptions, limited: boolean, terminal: Terminal): Promise<number> => {
  if (options.inspect !== undefined) throw new WrongCall('--live cannot stand still: --inspect is for simulations')
  if (options.json || wantsReports(options) || options.coverage)
    throw new WrongCall('--live says what HAProxy says, and makes no reports')
  if (options.quiet || options.verbose || options.only)
    throw new WrongCall('--quiet, --verbose and --only are for simulations, not for --live')
  // loaded only here: a simulation does not wait for it
  const { runLive } = await import('./live.js')
  return runLive(file, options, limited, terminal)
}

const inspected = async (file: string, options: RunOptions, where: Listen, terminal: Terminal): Promise<number> => {
  if (options.coverage) throw new WrongCall('--inspect and --coverage do not go together')
  const { inspector, terminal: told } = await startInspection(where, terminal)
  const exitCode = run(file, options, undefined, told, inspector)
  await inspector.end(exitCode)
  return exitCode
}

const run = (
  file: string,
  options: RunOptions,
  coverage: LuaCoverage | undefined,
  terminal: Terminal,
  inspector?: Inspector,
): number => {
  if (options.withoutFrontends) throw new WrongCall('--without-frontends goes with --live')
  if (options.mailSink !== undefined || options.mailDir !== undefined)
    throw new WrongCall(`${options.mailDir === undefined ? '--mail-sink' : '--mail-dir'} goes with --live`)
  const simulation = new Simulation({ seed: options.seed, ...(coverage && { coverage }) })
  const timeline = wantsReports(options) ? collectTimeline(simulation) : undefined
  const failures = new ScriptFailures(terminal, options.json === true)
  const show = showOccurrences(simulation, options.json === true, terminal, failures, selectionOf(options))
  const haproxy = buildWorld(simulation, file, options)
  failures.watch(haproxy)
  haproxy.lua.inspector = inspector
  const where = `in HAProxy ${HAPROXY_VERSION}, simulated: ${options.for}, seed ${options.seed}`
  show.header(`${file} ${where}`)
  const started = tryStart(haproxy)
  if (started) simulation.advance(options.for)
  simulation.closeFiles()
  show.end(started)
  if (timeline) writeReports(options, { title: file, subtitle: where, runs: [{ name: 'run', timeline }] }, terminal)
  return started ? 0 : 1
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
  const counts: Record<string, number> = {}
  const occurrences = new Occurrences((occurrence: Occurrence) => {
    counts[occurrence.type] = (counts[occurrence.type] ?? 0) + 1
    output.show(occurrence)
  })
  simulation.trace.listen((record) => {
    occurrences.take(record)
    output.showDetail(record)
  })
  return {
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
