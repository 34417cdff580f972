/** `hapsim test [PATH…]`: runs tests that are written in Lua. */
import { Command, InvalidArgumentError, Option } from 'commander'
import type { LuaCoverage } from '../lua/index.js'
import type { FileOptions, ReporterName, SnapshotMode } from '../testkit/index.js'
import { addConfigFile } from './config-file.js'
import { addCoverage, withCoverage, type CoverageFlags } from './coverage.js'
import type { Debugger, Listen } from '../debug/index.js'
import { inspectOption, startInspection } from './inspect.js'
import { parseShard, partOf, shardName, type Shard } from './shard.js'
import { WrongCall, type Terminal } from './terminal.js'
import type { Observer } from './watch.js'
import { runCommand } from './run-command.js'
import { allowExecOption, allowWriteOption, countFrom, envOption, integer } from './world.js'

const REPORTERS: readonly ReporterName[] = ['spec', 'dot', 'tap', 'junit', 'json']

interface TestFlags extends CoverageFlags {
  readonly reporter: ReporterName
  readonly filter?: RegExp
  readonly tags?: readonly string[]
  readonly excludeTags?: readonly string[]
  readonly bail?: true
  readonly seed: number
  readonly env: Readonly<Record<string, string>>
  readonly allowExec?: boolean
  readonly allowWrite?: boolean
  readonly timeout: number
  readonly locals: number
  readonly inspect?: Listen
  readonly explore?: number
  readonly replay?: string
  readonly jobs: number
  readonly shard?: Shard
  readonly update?: boolean
  readonly watch?: true
  readonly ci?: boolean
  /** of the file of defaults */
  readonly paths?: readonly string[]
}

export const testCommand = (terminal: Terminal): Command =>
  addConfigFile(addCoverage(new Command('test')))
    .description('run tests written in Lua')
    .argument('[paths...]', 'test files, or folders with *_test.lua and *_spec.lua (default: this folder)')
    .addOption(new Option('--reporter <name>', 'how results are shown').choices(REPORTERS).default('spec'))
    .option('--filter <pattern>', 'only tests whose full name matches this regular expression', expression)
    .option('--tags <list>', 'only tests with one of these #tags in their names', tagList)
    .option('--exclude-tags <list>', 'no tests with any of these tags', tagList)
    .option('--bail', 'stop after the first failure')
    .option('--seed <n>', 'fixes all chance', integer, 1)
    .addOption(envOption())
    .addOption(allowExecOption('tests, their scripts and external checks'))
    .addOption(allowWriteOption('tests and their scripts'))
    .option('--timeout <seconds>', 'how long a test or hook may take', countFrom(1), 10)
    .addOption(inspectOption())
    .option('--locals <n>', 'of how many functions of a failure variables are shown', countFrom(0), 1)
    .option('--explore <n>', 'run every test under up to n schedules', countFrom(1))
    .option('--replay <token>', 'run only the test that the token was printed for, in its schedule')
    .option('--watch', 'go on: run again what a changed file touches')
    .option('--jobs <n>', 'how many files are run at a time', countFrom(1), 1)
    .option('--shard <i/n>', 'run the i-th of n parts of the files', parseShard)
    .option('--update', 'write snapshots that differ anew, and remove those that no test asks for')
    .option('--ci', 'write no snapshots: one that is not there is a failure (default where CI is set)')
    .addHelpText('after', '\nExample:\n  hapsim test test --tags mail --reporter dot')
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
      return findTests(paths)
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
  const { GithubReporter, makeReporter, ObservedReporter, orphans, Runner } = await import('../testkit/index.js')
  if (files.length === 0) {
    terminal.complain(
      `hapsim: no tests found in ${paths.join(', ')}: files of tests are called *_test.lua or *_spec.lua`,
    )
    return 1
  }
  const shown = makeReporter(flags.reporter, {
    write: (text) => terminal.write(text),
    colours: terminal.colours,
    locals: flags.locals,
    replay: (token, file) => `hapsim test ${file} --replay ${token}${flags.seed === 1 ? '' : ` --seed ${flags.seed}`}`,
  })
  const forPeople = flags.reporter === 'spec' || flags.reporter === 'dot'
  const onGithub = forPeople && process.env.GITHUB_ACTIONS === 'true'
  const reporter = onGithub ? new GithubReporter(shown, (text) => terminal.write(text)) : shown
  const options = fileOptions(flags)
  // who watches must see which files are read, and a debugger is in one process
  const jobs = observer || inspector ? 1 : Math.min(flags.jobs, files.length)
  const shownBy = {
    reporter: observer ? new ObservedReporter(reporter, (file) => observer.failed(file)) : reporter,
    clock: terminal.clock,
    bail: flags.bail === true,
    // a run of chosen tests, or again of what changed, is no time to clear up
    closing: observer || choosesTests(flags) ? undefined : () => orphans(paths, flags.update === true),
  }
  const summary =
    jobs > 1
      ? await (await import('./test-jobs.js')).testInJobs(files, { options, jobs, coverage }, shownBy)
      : new Runner({
          ...options,
          ...shownBy,
          exec: runCommand,
          coverage,
          ...(inspector && { inspector, made: (simulation) => inspector.show(simulation) }),
          ...(observer && { asked: (test, file) => observer.asked(test, file) }),
        }).run(files)
  const { passed, failed, errors, pending } = summary
  if (passed + failed + errors + pending === 0) {
    terminal.complain(
      summary.seen === 0
        ? `hapsim: no tests found: there is no it in ${files.join(', ')}`
        : flags.replay === undefined
          ? `hapsim: none of ${summary.seen} tests was chosen by --filter and tags`
          : 'hapsim: the token is none that was printed for these tests, or some of it is missing',
    )
    // what is asked for may be in another shard
    if (flags.shard) return 0
    return flags.replay === undefined ? 1 : 2
  }
  return failed + errors > 0 ? 1 : 0
}

/** What the flags say of how a file is run; a job is sent it. */
const fileOptions = (flags: TestFlags): FileOptions => ({
  seed: flags.seed,
  environment: flags.env,
  allow: { exec: flags.allowExec === true, write: flags.allowWrite === true },
  timeout: flags.timeout * 1000,
  bail: flags.bail === true,
  snapshots: snapshotMode(flags),
  ...(flags.filter && { filter: flags.filter }),
  ...(flags.tags && { tags: flags.tags }),
  ...(flags.excludeTags && { excludeTags: flags.excludeTags }),
  ...(flags.explore !== undefined && { explore: flags.explore }),
  ...(flags.replay !== undefined && { replay: flags.replay }),
})

const choosesTests = ({ filter, tags, excludeTags, replay }: TestFlags): boolean =>
  (filter ?? tags ?? excludeTags ?? replay) !== undefined

/** Not a fault: how many machines there are need not follow how many files there are. */
const emptyShard = (shard: Shard, files: readonly string[]): string =>
  `there is nothing to do for shard ${shardName(shard)}: ${files.length === 1 ? 'there is one file' : `there are ${files.length} files`} of tests`

const snapshotMode = ({ update, ci = onCi() }: TestFlags): SnapshotMode => (update ? 'all' : ci ? 'none' : 'new')

/** Services that build and test set the variable. */
const onCi = (): boolean => !['', '0', 'false'].includes(process.env.CI ?? '')

const tagList = (text: string): string[] =>
  text
    .split(',')
    .map((tag) => tag.trim().replace(/^#/, ''))
    .filter((tag) => tag !== '')

const expression = (text: string): RegExp => {
  try {
    return new RegExp(text)
  } catch {
    throw new InvalidArgumentError('it is no regular expression')
  }
}
