/** `hapsim test [PATH…]`: runs tests written in Lua. */
import { plural } from '../report/plural.js'
import { Command } from 'commander'
import type { LuaCoverage } from '../lua/index.js'
import { addConfigOption } from './config-file.js'
import { addCoverageOptions, withCoverage } from './coverage.js'
import type { Debugger, Listen } from '../debug/index.js'
import { startInspection } from './inspect.js'
import { runExternalCommand } from './external-command.js'
import { shardOf, shardName, type Shard } from './shard.js'
import { UsageError, type Terminal } from './terminal.js'
import {
  addTestOptions,
  selectsTests,
  fileNamePatterns,
  fileOptions,
  isCi,
  patternHint,
  reproductionFlags,
  type TestFlags,
} from './test-options.js'
import { openReporters, terminalReporter } from './test-reporters.js'
import type { FileOptions, listTests, Reporter, TallyOptions, TestResult } from '../testkit/index.js'
import type { WatchObserver } from './watch.js'

/** The `test` command. */
export const testCommand = (terminal: Terminal): Command =>
  addConfigOption(addCoverageOptions(addTestOptions(new Command('test'))))
    .description('run tests written in Lua')
    .addHelpText('after', '\nExample:\n  hapsim test test --tags mail --reporter dot --reporter junit=report.xml')
    .action(async (given: readonly string[], flags: TestFlags, command: Command) => {
      const paths = given.length > 0 ? given : (flags.paths ?? ['.'])
      terminal.exitCode =
        flags.inspect === undefined
          ? await withCoverage(flags, command, terminal, (coverage) => runTests(paths, flags, coverage, terminal))
          : await runInspected(paths, flags, flags.inspect, terminal)
    })

const runInspected = async (
  paths: readonly string[],
  flags: TestFlags,
  where: Listen,
  terminal: Terminal,
): Promise<number> => {
  if (flags.coverage) throw new UsageError('--inspect and --coverage cannot be combined')
  if (flags.watch) throw new UsageError('--inspect and --watch cannot be combined')
  const { inspector, terminal: teed } = await startInspection(where, terminal)
  const exitCode = await runTests(paths, flags, undefined, teed, inspector)
  await inspector.end(exitCode)
  return exitCode
}

const runTests = async (
  paths: readonly string[],
  flags: TestFlags,
  coverage: LuaCoverage | undefined,
  terminal: Terminal,
  inspector?: Debugger,
): Promise<number> => {
  // imported lazily: not needed by other commands
  const { findTests, PathError } = await import('../testkit/index.js')
  const find = (): string[] => {
    try {
      return findTests(paths, fileNamePatterns(flags))
    } catch (error) {
      if (error instanceof PathError) throw new UsageError(error.message)
      throw error
    }
  }
  const { shard } = flags
  if (flags.watch) {
    if (coverage) throw new UsageError('--watch and --coverage cannot be combined')
    const { watchTests } = await import('./watch.js')
    const run = (files: readonly string[], observer: WatchObserver) =>
      runFiles(files, paths, flags, undefined, terminal, observer)
    return watchTests({ paths, find: () => shardOf(find(), shard), run }, terminal)
  }
  const all = find()
  const files = shardOf(all, shard)
  if (shard && all.length > 0 && files.length === 0) {
    terminal.writeError(`hapsim: ${emptyShardText(shard, all)}`)
    return 0
  }
  return runFiles(files, paths, flags, coverage, terminal, undefined, inspector)
}

const runFiles = async (
  files: readonly string[],
  paths: readonly string[],
  flags: TestFlags,
  coverage: LuaCoverage | undefined,
  terminal: Terminal,
  observer?: WatchObserver,
  inspector?: Debugger,
): Promise<number> => {
  const { findFocus, GithubReporter, isFailure, makeReporter, orphanedSnapshots, planTurns, CombinedReporter, Runner } =
    await import('../testkit/index.js')
  if (files.length === 0) {
    const names =
      flags.pattern.length > 0
        ? 'no file name matches the pattern'
        : 'test files are named *_test.lua, *_spec.lua or *.vtc'
    terminal.writeError(`hapsim: no tests found in ${paths.join(', ')}: ${names}${patternHint(flags.pattern)}`)
    return 1
  }
  const options = fileOptions(flags)
  const host = { clock: terminal.clock, exec: runExternalCommand }
  const focus = findFocus(files, { ...options, ...host })
  if (focus.length > 0 && isCi(flags)) {
    for (const { where } of focus)
      terminal.writeError(`hapsim: ${where}: focused tests are not allowed with --ci or if CI is set`)
    return 1
  }
  const selectedFiles = focus.length === 0 ? files : focus.map(({ file }) => file)
  const optionsOf = (file: string): FileOptions => {
    const names = focus.find((each) => each.file === file)?.names
    return names === undefined ? options : { ...options, focus: names }
  }
  if (flags.list) return listSelected(selectedFiles, (file) => ({ ...optionsOf(file), ...host }), flags, terminal)
  const isShuffled = flags.shuffle === true || flags.shuffleTests === true
  const replay = ({ file, seed, schedule }: TestResult): string | undefined => {
    const seedFlag = seed === 1 ? '' : ` --seed ${seed}`
    if (schedule) return `hapsim test ${file} --replay ${schedule.token}${seedFlag}${reproductionFlags(flags)}`
    if (flags.repeat === 1 && !isShuffled) return undefined
    return `hapsim test ${file}${seedFlag}${isShuffled ? ' --shuffle-tests' : ''}${reproductionFlags(flags)}`
  }
  const open = openReporters(flags.reporter, makeReporter, { locals: flags.locals, replay }, terminal)
  const name = terminalReporter(flags.reporter)
  const forPeople = name === 'spec' || name === 'dot' || name === 'failures'
  const onGithub = forPeople && process.env.GITHUB_ACTIONS === 'true'
  const reporter = new CombinedReporter([
    ...open.reporters,
    ...(onGithub ? [new GithubReporter((text) => terminal.write(text))] : []),
    ...(observer ? [{ ...SILENT, result: (each: TestResult) => isFailure(each) && observer.failed(each.file) }] : []),
  ])
  const turns = planTurns(selectedFiles, {
    seed: flags.seed,
    repeat: flags.repeat,
    shuffle: flags.shuffleFiles ?? flags.shuffle === true,
  })
  // watching records file accesses in this process, and a debugger is attached to one process
  const jobs = observer || inspector ? 1 : Math.min(flags.jobs, turns.length)
  const shownBy: TallyOptions = {
    reporter,
    clock: terminal.clock,
    bail: flags.bail === true,
    closingLines: () => [
      // after a partial run, unused snapshots are not known
      ...(observer || selectsTests(flags) || focus.length > 0 ? [] : orphanedSnapshots(paths, flags.update === true)),
      ...orderLines(flags),
      ...focus.map(({ where }) => `${where}: ran only focused tests (fit, fdescribe …)`),
    ],
  }
  const summary =
    jobs > 1
      ? await (await import('./test-jobs.js')).runTestsInJobs(turns, { optionsOf, jobs, coverage }, shownBy)
      : new Runner({
          ...options,
          ...shownBy,
          ...host,
          coverage,
          ...(inspector && { inspector, onSimulation: (simulation) => inspector.show(simulation) }),
          ...(observer && { onFileAccess: (test, file) => observer.accessed(test, file) }),
        }).run(turns.map((turn) => ({ ...turn, options: optionsOf(turn.file) })))
  const written = open.close()
  if (forPeople) for (const file of written) terminal.write(`wrote ${file}`)
  const { passed, failed, errors, pending } = summary
  if (passed + failed + errors + pending === 0) {
    terminal.writeError(
      summary.seen === 0
        ? `hapsim: no tests found: no 'it' in ${files.join(', ')}`
        : flags.replay === undefined
          ? noMatchText(summary.seen, flags)
          : 'hapsim: the token does not belong to these tests, or is incomplete',
    )
    // the tests may be in another shard
    if (flags.shard) return 0
    return flags.replay === undefined ? 1 : 2
  }
  return failed + errors > 0 ? 1 : 0
}

const SILENT: Reporter = { result: () => {}, printed: () => {}, end: () => {} }

/** Lists the selected tests with their locations, one per line or as JSON. */
const listSelected = async (
  files: readonly string[],
  optionsOf: (file: string) => Parameters<typeof listTests>[1],
  flags: TestFlags,
  terminal: Terminal,
): Promise<number> => {
  const { listTests } = await import('../testkit/index.js')
  const asJson = terminalReporter(flags.reporter) === 'json'
  let [seen, listed, failed] = [0, 0, false]
  for (const file of files) {
    const { tests, problems, seen: inFile } = listTests([file], optionsOf(file))
    for (const { names, where } of tests)
      terminal.write(
        asJson ? JSON.stringify({ type: 'listed', file, names, where }) : `${where ?? file}: ${names.join(' ')}`,
      )
    for (const problem of problems) terminal.writeError(`hapsim: ${problem}`)
    seen += inFile
    listed += tests.length
    failed ||= problems.length > 0
  }
  if (failed) return 1
  if (listed > 0) return 0
  terminal.writeError(seen === 0 ? `hapsim: no tests found: no 'it' in ${files.join(', ')}` : noMatchText(seen, flags))
  return 1
}

const noMatchText = (seen: number, { filter, filterOut }: TestFlags): string =>
  `hapsim: none of ${seen} tests match --filter, --filter-out and tags${patternHint([...filter, ...filterOut])}`

/** The order and seeds, so that a run can be reproduced. */
const orderLines = ({ seed, repeat, shuffle, shuffleFiles, shuffleTests }: TestFlags): string[] => {
  const what =
    shuffle || (shuffleFiles && shuffleTests) ? 'files and tests' : shuffleFiles ? 'files' : shuffleTests ? 'tests' : ''
  const seeds = repeat === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + repeat - 1}`
  if (what !== '') return [`${what} shuffled with ${seeds}`]
  return repeat === 1 ? [] : [`ran ${repeat} times, with ${seeds}`]
}

/** Not an error: there may be more machines than files. */
const emptyShardText = (shard: Shard, files: readonly string[]): string =>
  `nothing to do for shard ${shardName(shard)}: only ${plural(files.length, 'test file')}`
