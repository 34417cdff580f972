/** The options of `hapsim test`; options that busted has, too, have its names. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Listen } from '../debug/index.js'
import type { FileNames, FileOptions, SnapshotMode } from '../testkit/index.js'
import type { CoverageFlags } from './coverage.js'
import { inspectOption } from './inspect.js'
import { listOption } from './repeatable.js'
import { parseShard, type Shard } from './shard.js'
import { parseReporter, REPORTERS, type ReporterChoice } from './test-reporters.js'
import {
  allowExecOption,
  allowWriteOption,
  integerAtLeast,
  envOption,
  modulesOption,
  parseIntegerOption,
  startLimitOption,
} from './world.js'

export interface TestFlags extends CoverageFlags {
  readonly reporter: readonly ReporterChoice[]
  readonly pattern: readonly RegExp[]
  readonly excludePattern: readonly RegExp[]
  readonly filter: readonly RegExp[]
  readonly filterOut: readonly RegExp[]
  readonly tags?: readonly string[]
  readonly excludeTags?: readonly string[]
  readonly list?: true
  readonly repeat: number
  readonly shuffle?: boolean
  readonly shuffleFiles?: boolean
  readonly shuffleTests?: boolean
  readonly lpath?: string
  readonly cpath?: string
  readonly e: readonly string[]
  readonly helper?: string
  readonly bail?: true
  readonly seed: number
  readonly env: Readonly<Record<string, string>>
  readonly modules?: boolean
  readonly allowExec?: boolean
  readonly allowWrite?: boolean
  readonly startLimit: string
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
  /** from hapsim.config.json */
  readonly paths?: readonly string[]
}

const parseTags = (text: string): string[] =>
  text
    .split(',')
    .map((tag) => tag.trim().replace(/^#/, ''))
    .filter((tag) => tag !== '')

const parseRegExp = (text: string): RegExp => {
  try {
    return new RegExp(text)
  } catch {
    throw new InvalidArgumentError('invalid regular expression')
  }
}

/** Adds the options of `hapsim test`. */
export const addTestOptions = (command: Command): Command =>
  command
    .argument('[paths...]', 'test files or directories (default: the working directory)')
    .addOption(
      listOption(
        '--reporter <name[=file]>',
        `output format: ${REPORTERS.join(', ')}; written to a file if one is given`,
        parseReporter,
      ).default([], 'spec'),
    )
    .addOption(
      listOption('-p, --pattern <regexp>', 'names of test files in directories', parseRegExp).default(
        [],
        '_(test|spec)\\.lua$',
      ),
    )
    .addOption(listOption('--exclude-pattern <regexp>', 'skip files whose names match', parseRegExp))
    .addOption(listOption('--filter <regexp>', 'run only tests whose full names match', parseRegExp))
    .addOption(listOption('--filter-out <regexp>', 'skip tests and blocks whose full names match', parseRegExp))
    .option('-t, --tags <list>', 'run only tests with one of these #tags in their names', parseTags)
    .option('--exclude-tags <list>', 'skip tests with any of these tags', parseTags)
    .option('-l, --list', 'list tests without running them')
    .option('--bail', 'stop after the first failure')
    .option('--repeat <n>', 'run everything n times, incrementing the seed each time', integerAtLeast(1), 1)
    .option('--shuffle', 'run files and tests in an order derived from the seed (--shuffle-files and --shuffle-tests)')
    .option('--shuffle-files', 'shuffle files')
    .option('--shuffle-tests', 'shuffle tests and blocks')
    .option('--seed <n>', 'seed all randomness', parseIntegerOption, 1)
    .option('-m, --lpath <path>', "prepend to package.path (default: './src/?.lua;./src/?/?.lua;./src/?/init.lua')")
    .option('--cpath <path>', "prepend to package.cpath (default: './csrc/?.so;./csrc/?/?.so;')")
    .addOption(listOption('-e <statement>', 'execute a Lua statement before each test file', (text) => text))
    .option('--helper <path>', 'run a file (*.lua) or a module before each test file')
    .addOption(envOption())
    .addOption(modulesOption())
    .addOption(allowExecOption('tests, their scripts and external checks'))
    .addOption(allowWriteOption('tests and their scripts'))
    .addOption(startLimitOption())
    .option('--timeout <seconds>', 'time limit of a test or hook', integerAtLeast(1), 10)
    .addOption(inspectOption())
    .option('--locals <n>', 'number of stack frames whose variables are shown for a failure', integerAtLeast(0), 1)
    .option('--explore <n>', 'run every test under up to n schedules', integerAtLeast(1))
    .option('--replay <token>', 'run only the test of the token, under its schedule')
    .option('--watch', 'keep running: re-run tests affected by changed files')
    .option('--jobs <n>', 'number of files run in parallel', integerAtLeast(1), 1)
    .option('--shard <i/n>', 'run the i-th of n parts of the files', parseShard)
    .option('--update', 'update changed snapshots and remove obsolete ones')
    .addOption(
      new Option('--ci', 'write no snapshots: missing ones and focused tests are failures (default if CI is set)'),
    )

/** The options for running a file; also sent to jobs. */
export const fileOptions = (flags: TestFlags): FileOptions => ({
  seed: flags.seed,
  environment: flags.env,
  modules: flags.modules === true,
  allow: { exec: flags.allowExec === true, write: flags.allowWrite === true },
  startLimit: flags.startLimit,
  timeout: flags.timeout * 1000,
  bail: flags.bail === true,
  shuffle: flags.shuffleTests ?? flags.shuffle === true,
  statements: flags.e,
  snapshots: snapshotMode(flags),
  ...(flags.filter.length > 0 && { filter: flags.filter }),
  ...(flags.filterOut.length > 0 && { filterOut: flags.filterOut }),
  ...(flags.tags && { tags: flags.tags }),
  ...(flags.excludeTags && { excludeTags: flags.excludeTags }),
  ...(flags.lpath !== undefined && { lpath: flags.lpath }),
  ...(flags.cpath !== undefined && { cpath: flags.cpath }),
  ...(flags.helper !== undefined && { helper: flags.helper }),
  ...(flags.explore !== undefined && { explore: flags.explore }),
  ...(flags.replay !== undefined && { replay: flags.replay }),
})

/** The name patterns of test files. */
export const fileNamePatterns = ({ pattern, excludePattern }: TestFlags): FileNames => ({
  include: pattern,
  exclude: excludePattern,
})

/** Whether the flags select some of the tests. */
export const selectsTests = ({ filter, filterOut, tags, excludeTags, replay }: TestFlags): boolean =>
  filter.length + filterOut.length > 0 || (tags ?? excludeTags ?? replay) !== undefined

/** A hint for Lua patterns such as `%.` and `%d`, shown if nothing matched. */
export const patternHint = (patterns: readonly RegExp[]): string =>
  patterns.some(({ source }) => /%[\w.()%+*?[^$-]/.test(source))
    ? ' (patterns are regular expressions: use \\. and \\d, not %. and %d)'
    : ''

/** The flags needed to reproduce a failure, except the file and the seed. */
export const reproductionFlags = (flags: TestFlags): string => {
  const parts = [
    ...(flags.lpath === undefined ? [] : ['--lpath', flags.lpath]),
    ...flags.e.flatMap((statement) => ['-e', statement]),
    ...(flags.helper === undefined ? [] : ['--helper', flags.helper]),
    ...Object.entries(flags.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(flags.modules ? ['--modules'] : []),
    ...(flags.allowExec ? ['--allow-exec'] : []),
    ...(flags.allowWrite ? ['--allow-write'] : []),
  ]
  return parts.map((part) => ` ${shellQuote(part)}`).join('')
}

/** Quotes a string for a shell. */
const shellQuote = (text: string): string =>
  /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

const snapshotMode = (flags: TestFlags): SnapshotMode => (flags.update ? 'all' : isCi(flags) ? 'none' : 'new')

/** Whether the command runs in CI: CI services set the variable CI. */
export const isCi = ({ ci }: TestFlags): boolean => ci ?? !['', '0', 'false'].includes(process.env.CI ?? '')
