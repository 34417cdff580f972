/** `hapsim replay TOKEN FILE`: one schedule that a search has found, once more, shown as it goes. */
import { Command } from 'commander'
import { jsonText } from '../bytes/json-text.js'
import { Follow, type Micros } from '../engine/index.js'
import { decodeToken, explain, USUAL_FAILURES, runOnce, TokenError, type Replay } from '../explore/index.js'
import { Occurrences, socketRecord } from '../report/occurrence.js'
import type { Selection } from '../report/selection.js'
import { wrap } from '../report/wrap.js'
import { EXPLORE_TIME, startsAtAll } from './explore.js'
import { addReports, wantsReports, writeReports, type ReportOptions } from './report-files.js'
import { scheduleReport } from './schedule-report.js'
import { OccurrenceOutput } from './occurrence-output.js'
import { ScriptFailures } from './script-failures.js'
import { addShown, selectionOf } from './shown.js'
import { WrongCall, type Terminal } from './terminal.js'
import { ACTIONS_HELP, addWorld, readScenario, scenarioName, worldOf, type WorldFlags } from './world.js'

interface ReplayOptions extends WorldFlags, ReportOptions, Selection {
  readonly json?: true
}

export const replayCommand = (terminal: Terminal): Command =>
  addShown(
    addReports(
      addWorld(
        new Command('replay')
          .description('play once more a schedule that explore has found')
          .argument('<token>', 'what explore printed'),
        EXPLORE_TIME,
      ),
    ),
  )
    .option('--json', 'one JSON object a line')
    .addHelpText('after', ACTIONS_HELP)
    .action((token: string, files: readonly string[], options: ReplayOptions) => {
      terminal.exitCode = replay(token, files, options, terminal)
    })

const replay = (token: string, files: readonly string[], options: ReplayOptions, terminal: Terminal): number => {
  const given = worldOf(files, options, EXPLORE_TIME)
  const found = decode(scenarioName(given), token)
  const world = { ...given, seed: found.seed }
  if (!startsAtAll(world, terminal)) return 1
  const failures = new ScriptFailures(terminal, options.json === true)
  const watched = { playing: true }
  const scenario = readScenario(world, (haproxy) => {
    if (!watched.playing) return
    failures.watch(haproxy)
    haproxy.lua.onConnection = (attempt) => occurrences.take(socketRecord(haproxy.simulation.clock.now, attempt))
  })
  const output = new OccurrenceOutput(terminal, {
    json: options.json === true,
    selection: selectionOf(options),
    failures,
  })
  const occurrences = new Occurrences((each) => output.show(each))
  let follow: Follow | undefined
  const run = runOnce(scenario, (now: () => Micros) => (follow = new Follow(found.schedule, now)), {
    ...found,
    failures: new Set(USUAL_FAILURES),
    listen: (record) => {
      occurrences.take(record)
      output.showDetail(record)
    },
  })
  watched.playing = false
  occurrences.end()
  const { mismatch, unreached } = follow!
  if (mismatch !== undefined || unreached) {
    terminal.complain(
      `hapsim: the program is not the one that the token was made for: ` +
        (mismatch ? `at decision ${mismatch.decision} ${mismatch.reason}` : `the run ended before the schedule did`),
    )
    return 1
  }
  const { deviations } = explain(scenario, found.schedule, found)
  if (options.json) terminal.write(jsonText({ type: 'end', trace: run.hash, deviations, failure: failureOf(run) }))
  else {
    terminal.write(
      deviations.length === 0
        ? '\nThe usual order.'
        : `\nWhat was not as usual:\n${deviations.flatMap((each) => wrap(`  ${each}`, terminal.columns, '  ')).join('\n')}`,
    )
    if (run.failure) terminal.write(`\nIt fails: ${run.failure.kind}: ${run.failure.message}`)
  }
  if (wantsReports(options))
    writeReports(options, scheduleReport(scenario, token, { title: files.join(' ') }), terminal)
  return run.failure ? 1 : 0
}

const failureOf = ({ failure }: ReturnType<typeof runOnce>) =>
  failure && { kind: failure.kind, message: failure.message }

const decode = (scenario: string, token: string): Replay => {
  try {
    return decodeToken(scenario, token)
  } catch (error) {
    if (error instanceof TokenError) throw new WrongCall(error.message)
    throw error
  }
}
