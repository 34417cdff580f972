/** `hapsim replay TOKEN FILE`: runs a schedule found by a search again and shows the run. */
import { Command } from 'commander'
import { jsonText } from '../bytes/json-text.js'
import { Follow, type Micros } from '../engine/index.js'
import { decodeToken, explain, DEFAULT_FAILURE_KINDS, runOnce, TokenError, type Replay } from '../explore/index.js'
import { OccurrenceFilter, socketRecord } from '../report/occurrence.js'
import type { Selection } from '../report/selection.js'
import { wrapText } from '../report/wrap.js'
import { EXPLORE_TIME, TEST_FAILURES, verifyStart } from './explore.js'
import { addReportOptions, wantsReports, writeReports, type ReportOptions } from './report-files.js'
import { scheduleReport } from './schedule-report.js'
import { OccurrenceOutput } from './occurrence-output.js'
import { ScriptFailures } from './script-failures.js'
import { addSelectionOptions, selectionOf } from './selection-options.js'
import { UsageError, type Terminal } from './terminal.js'
import { readScenario, scenarioName } from './scenario.js'
import { addTestOptions } from './vtc/flags.js'
import { isRegressionTest, type TestFlags } from './vtc/spec.js'
import { ACTIONS_HELP, addWorldOptions, makeWorldSpec, SCENARIO_FILES, type WorldFlags } from './world.js'

interface ReplayOptions extends WorldFlags, TestFlags, ReportOptions, Selection {
  readonly json?: true
}

/** The `replay` command. */
export const replayCommand = (terminal: Terminal): Command =>
  addTestOptions(
    addSelectionOptions(
      addReportOptions(
        addWorldOptions(
          new Command('replay')
            .description('run a schedule found by explore again')
            .argument('<token>', 'a token printed by explore'),
          EXPLORE_TIME,
          '<file...>',
          SCENARIO_FILES,
        ),
      ),
    ),
  )
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', ACTIONS_HELP)
    .action((token: string, files: readonly string[], options: ReplayOptions) => {
      terminal.exitCode = replayToken(token, files, options, terminal)
    })

const replayToken = (token: string, files: readonly string[], options: ReplayOptions, terminal: Terminal): number => {
  const given = makeWorldSpec(files, options, EXPLORE_TIME)
  const found = decode(scenarioName(given), token)
  const world = { ...given, seed: found.seed }
  const problem = verifyStart(world, terminal)
  if (problem !== undefined) return problem
  const failures = new ScriptFailures(terminal, options.json === true)
  const state = { playing: true }
  const scenario = readScenario(world, (haproxy) => {
    if (!state.playing) return
    failures.watch(haproxy)
    haproxy.lua.onConnection = (attempt) => occurrences.observe(socketRecord(haproxy.simulation.clock.now, attempt))
  })
  const output = new OccurrenceOutput(terminal, {
    json: options.json === true,
    selection: selectionOf(options),
    failures,
  })
  const occurrences = new OccurrenceFilter((each) => output.show(each))
  let follow: Follow | undefined
  const run = runOnce(scenario, (now: () => Micros) => (follow = new Follow(found.schedule, now)), {
    ...found,
    failures: new Set(isRegressionTest(files) ? TEST_FAILURES : DEFAULT_FAILURE_KINDS),
    listen: (record) => {
      occurrences.observe(record)
      output.showDetail(record)
    },
  })
  state.playing = false
  occurrences.end()
  const { mismatch, unreached } = follow!
  if (mismatch !== undefined || unreached) {
    terminal.writeError(
      `hapsim: the scenario does not match the one the token was created for: ` +
        (mismatch ? `at decision ${mismatch.decision} ${mismatch.reason}` : `the run ended before the schedule`),
    )
    return 1
  }
  const { deviations } = explain(scenario, found.schedule, found)
  if (options.json) terminal.write(jsonText({ type: 'end', trace: run.hash, deviations, failure: failureOf(run) }))
  else {
    terminal.write(
      deviations.length === 0
        ? '\nThe default order.'
        : `\nDeviations from the default order:\n${deviations.flatMap((each) => wrapText(`  ${each}`, terminal.columns, '  ')).join('\n')}`,
    )
    if (run.failure) terminal.write(`\nFailure: ${run.failure.kind}: ${run.failure.message}`)
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
    if (error instanceof TokenError) throw new UsageError(error.message)
    throw error
  }
}
