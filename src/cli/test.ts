/** `hapsim test [PATH…]`: runs tests that are written in Lua. */
import { Command } from 'commander'
import type { LuaCoverage } from '../lua/index.js'
import { addConfigFile } from './config-file.js'
import { addCoverage, withCoverage } from './coverage.js'
import type { Debugger, Listen } from '../debug/index.js'
import { startInspection } from './inspect.js'
import { runCommand } from './run-command.js'
import { partOf, shardName, type Shard } from './shard.js'
import { WrongCall, type Terminal } from './terminal.js'
import {
  addTestOptions,
  choosesTests,
  fileNames,
  fileOptions,
  isCi,
  patternHint,
  sameAgain,
  type TestFlags,
} from './test-options.js'
import { openReporters, terminalReporter } from './test-reporters.js'
import type { FileOptions, listTests, Reporter, TestResult } from '../testkit/index.js'
import type { Observer } from './watch.js'

export const testCommand = (terminal: Terminal): Command =>
  addConfigFile(addCoverage(addTestOptions(new Command('test'))))
    .description('run tests written in Lua')
    .addHelpText('after', '\nExample:\n  hapsim test test --tags mail --reporter dot --reporter junit=report.xml')
    .action(async (given: readonly string[], flags: TestFlags, command: Command) => {
      const paths = given.length > 0 ? given : (flags.paths ?? ['.'])
      terminal.exitCode =
        flags.inspect === undefined
          ? await withCoverage(flags, command, terminal, (coverage) => runTests(paths, flags, coverage, terminal))
          : await inspected(paths, flags, flags.inspect, terminal)
    })

const inspected = async (
  paths: readonly string[],
  flags: TestFlags,
  where: Listen,
  terminal: Terminal,
): Promise<number> => {
  if (flags.coverage) throw new WrongCall('--inspect and --coverage do not go together')
  if (flags.watch) throw new WrongCall('--inspect and --watch do not go together')
  const { inspector, terminal: told } = await startInspection(where, terminal)
  const exitCode = await runTests(paths, flags, undefined, told, inspector)
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
  // loaded only here: other commands do not wait for it
  const { findTests, NoSuchPath } = await import('../testkit/index.js')
  const find = (): string[] => {
    try {
      return findTests(paths, fileNames(flags))
    } catch (error) {
      if (error instanceof NoSuchPath) throw new WrongCall(error.message)
      throw error
    }
  }
  const { shard } = flags
  if (flags.watch) {
    if (coverage) throw new WrongCall('--watch has no end at which coverage could be reported: leave one of them out')
    const { watchTests } = await import('./watch.js')
    const run = (files: readonly string[], observer: Observer) =>
      runFiles(files, paths, flags, undefined, terminal, observer)
    return watchTests({ paths, find: () => partOf(find(), shard), run }, terminal)
  }
  const all = find()
  const files = partOf(all, shard)
  if (shard && all.length > 0 && files.length === 0) {
    terminal.complain(`hapsim: ${emptyShard(shard, all)}`)
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
  observer?: Observer,
  inspector?: Debugger,
): Promise<number> => {
  const { findFocus, GithubReporter, isFailure, makeReporter, orphans, planTurns, Reporters, Runner } =
    await import('../testkit/index.js')
  if (files.length === 0) {
    const names =
      flags.pattern.length > 0 ? 'no file there has such a name' : 'files of tests are called *_test.lua or *_spec.lua'
    terminal.complain(`hapsim: no tests found in ${paths.join(', ')}: ${names}${patternHint(flags.pattern)}`)
    return 1
  }
  const options = fileOptions(flags)
  const host = { clock: terminal.clock, exec: runCommand }
  const focus = findFocus(files, { ...options, ...host })
  if (focus.length > 0 && isCi(flags)) {
    for (const { where } of focus)
      terminal.complain(
        `hapsim: ${where}: a focused test keeps the others from running: it is refused with --ci or where CI is set`,
      )
    return 1
  }
  const chosen = focus.length === 0 ? files : focus.map(({ file }) => file)
  const optionsOf = (file: string): FileOptions => {
    const names = focus.find((each) => each.file === file)?.names
    return names === undefined ? options : { ...options, focus: names }
  }
  if (flags.list) return listAll(chosen, (file) => ({ ...optionsOf(file), ...host }), flags, terminal)
  const isShuffled = flags.shuffle === true || flags.shuffleTests === true
  const replay = ({ file, seed, schedule }: TestResult): string | undefined => {
    const seedFlag = seed === 1 ? '' : ` --seed ${seed}`
    if (schedule) return `hapsim test ${file} --replay ${schedule.token}${seedFlag}${sameAgain(flags)}`
    if (flags.repeat === 1 && !isShuffled) return undefined
    return `hapsim test ${file}${seedFlag}${isShuffled ? ' --shuffle-tests' : ''}${sameAgain(flags)}`
  }
  const open = openReporters(flags.reporter, makeReporter, { locals: flags.locals, replay }, terminal)
  const name = terminalReporter(flags.reporter)
  const forPeople = name === 'spec' || name === 'dot' || name === 'failures'
  const onGithub = forPeople && process.env.GITHUB_ACTIONS === 'true'
  const reporter = new Reporters([
    ...open.reporters,
    ...(onGithub ? [new GithubReporter((text) => terminal.write(text))] : []),
    ...(observer ? [{ ...SILENT, result: (each: TestResult) => isFailure(each) && observer.failed(each.file) }] : []),
  ])
  const turns = planTurns(chosen, {
    seed: flags.seed,
    repeat: flags.repeat,
    shuffle: flags.shuffleFiles ?? flags.shuffle === true,
  })
  // who watches must see which files are read, and a debugger is in one process
  const jobs = observer || inspector ? 1 : Math.min(flags.jobs, turns.length)
  const shownBy = {
    reporter,
    clock: terminal.clock,
    bail: flags.bail === true,
    closing: () => [
      // a run of chosen tests, or again of what changed, is no time to clear up
      ...(observer || choosesTests(flags) || focus.length > 0 ? [] : orphans(paths, flags.update === true)),
      ...orderLines(flags),
      ...focus.map(({ where }) => `${where}: only focused tests were run (fit, fdescribe …)`),
    ],
  }
  const summary =
    jobs > 1
      ? await (await import('./test-jobs.js')).testInJobs(turns, { optionsOf, jobs, coverage }, shownBy)
      : new Runner({
          ...options,
          ...shownBy,
          ...host,
          coverage,
          ...(inspector && { inspector, made: (simulation) => inspector.show(simulation) }),
          ...(observer && { asked: (test, file) => observer.asked(test, file) }),
        }).run(turns.map((turn) => ({ ...turn, options: optionsOf(turn.file) })))
  const written = open.close()
  if (forPeople) for (const file of written) terminal.write(`wrote ${file}`)
  const { passed, failed, errors, pending } = summary
  if (passed + failed + errors + pending === 0) {
    terminal.complain(
      summary.seen === 0
        ? `hapsim: no tests found: there is no it in ${files.join(', ')}`
        : flags.replay === undefined
          ? noneChosen(summary.seen, flags)
          : 'hapsim: the token is none that was printed for these tests, or some of it is missing',
    )
    // what is asked for may be in another shard
    if (flags.shard) return 0
    return flags.replay === undefined ? 1 : 2
  }
  return failed + errors > 0 ? 1 : 0
}

const SILENT: Reporter = { result: () => {}, printed: () => {}, end: () => {} }

/** Names the tests that would be run, with their places: a line each, or an object. */
const listAll = async (
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
    for (const problem of problems) terminal.complain(`hapsim: ${problem}`)
    seen += inFile
    listed += tests.length
    failed ||= problems.length > 0
  }
  if (failed) return 1
  if (listed > 0) return 0
  terminal.complain(
    seen === 0 ? `hapsim: no tests found: there is no it in ${files.join(', ')}` : noneChosen(seen, flags),
  )
  return 1
}

const noneChosen = (seen: number, { filter, filterOut }: TestFlags): string =>
  `hapsim: none of ${seen} tests was chosen by --filter, --filter-out and tags${patternHint([...filter, ...filterOut])}`

/** What decides the order and the seeds, so that a run can be made again. */
const orderLines = ({ seed, repeat, shuffle, shuffleFiles, shuffleTests }: TestFlags): string[] => {
  const what =
    shuffle || (shuffleFiles && shuffleTests) ? 'files and tests' : shuffleFiles ? 'files' : shuffleTests ? 'tests' : ''
  const seeds = repeat === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + repeat - 1}`
  if (what !== '') return [`the order of ${what} is that of ${seeds}`]
  return repeat === 1 ? [] : [`run ${repeat} times, with ${seeds}`]
}

/** Not a fault: how many machines there are need not follow how many files there are. */
const emptyShard = (shard: Shard, files: readonly string[]): string =>
  `there is nothing to do for shard ${shardName(shard)}: ${files.length === 1 ? 'there is one file' : `there are ${files.length} files`} of tests`
