/** The options of `hapsim test`; those that busted has are called as there. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Listen } from '../debug/index.js'
import type { FileNames, FileOptions, SnapshotMode } from '../testkit/index.js'
import type { CoverageFlags } from './coverage.js'
import { inspectOption } from './inspect.js'
import { listOption } from './repeatable.js'
import { parseShard, type Shard } from './shard.js'
import { parseReporter, REPORTERS, type ReporterChoice } from './test-reporters.js'
import { allowExecOption, allowWriteOption, countFrom, envOption, integer, startLimitOption } from './world.js'

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
  /** of the file of defaults */
  readonly paths?: readonly string[]
}

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

export const addTestOptions = (command: Command): Command =>
  command
    .argument('[paths...]', 'test files, or folders that hold them (default: this folder)')
    .addOption(
      listOption(
        '--reporter <name[=file]>',
        `how results are shown, of ${REPORTERS.join(', ')}; into a file where one is named`,
        parseReporter,
      ).default([], 'spec'),
    )
    .addOption(
      listOption('-p, --pattern <regexp>', 'names of test files in folders', expression).default(
        [],
        '_(test|spec)\\.lua$',
      ),
    )
    .addOption(listOption('--exclude-pattern <regexp>', 'no files with such names', expression))
    .addOption(listOption('--filter <regexp>', 'only tests whose full name matches', expression))
    .addOption(listOption('--filter-out <regexp>', 'no tests whose full name matches, and no such blocks', expression))
    .option('-t, --tags <list>', 'only tests with one of these #tags in their names', tagList)
    .option('--exclude-tags <list>', 'no tests with any of these tags', tagList)
    .option('-l, --list', 'name the tests instead of running them')
    .option('--bail', 'stop after the first failure')
    .option('--repeat <n>', 'run all of it n times, each time with the next seed', countFrom(1), 1)
    .option('--shuffle', 'files and tests in an order that the seed gives (--shuffle-files and --shuffle-tests)')
    .option('--shuffle-files', 'files in such an order')
    .option('--shuffle-tests', 'tests and blocks in such an order')
    .option('--seed <n>', 'fixes all chance', integer, 1)
    .option('-m, --lpath <path>', "put before package.path (default: './src/?.lua;./src/?/?.lua;./src/?/init.lua')")
    .option('--cpath <path>', "put before package.cpath (default: './csrc/?.so;./csrc/?/?.so;')")
    .addOption(listOption('-e <statement>', 'Lua to run in the state of each file before it', (text) => text))
    .option('--helper <path>', 'a file (*.lua) or a module to run in the state of each file before it')
    .addOption(envOption())
    .addOption(allowExecOption('tests, their scripts and external checks'))
    .addOption(allowWriteOption('tests and their scripts'))
    .addOption(startLimitOption())
    .option('--timeout <seconds>', 'how long a test or hook may take', countFrom(1), 10)
    .addOption(inspectOption())
    .option('--locals <n>', 'of how many functions of a failure variables are shown', countFrom(0), 1)
    .option('--explore <n>', 'run every test under up to n schedules', countFrom(1))
    .option('--replay <token>', 'run only the test that the token was printed for, in its schedule')
    .option('--watch', 'go on: run again what a changed file touches')
    .option('--jobs <n>', 'how many files are run at a time', countFrom(1), 1)
    .option('--shard <i/n>', 'run the i-th of n parts of the files', parseShard)
    .option('--update', 'write snapshots that differ anew, and remove those that no test asks for')
    .addOption(
      new Option(
        '--ci',
        'write no snapshots: one that is not there is a failure; focused tests are refused (default where CI is set)',
      ),
    )

/** What the flags say of how a file is run; a job is sent it. */
export const fileOptions = (flags: TestFlags): FileOptions => ({
  seed: flags.seed,
  environment: flags.env,
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

export const fileNames = ({ pattern, excludePattern }: TestFlags): FileNames => ({
  include: pattern,
  exclude: excludePattern,
})

/** Whether tests are left out by what is said of their names. */
export const choosesTests = ({ filter, filterOut, tags, excludeTags, replay }: TestFlags): boolean =>
  filter.length + filterOut.length > 0 || (tags ?? excludeTags ?? replay) !== undefined

/** `%.` and `%d` are Lua's: said where a pattern has found nothing. */
export const patternHint = (patterns: readonly RegExp[]): string =>
  patterns.some(({ source }) => /%[\w.()%+*?[^$-]/.test(source))
    ? ' (patterns are regular expressions: \\. and \\d, not %. and %d)'
    : ''

/** Flags with which a failure is seen again, apart from the file and the seed. */
export const sameAgain = (flags: TestFlags): string => {
  const parts = [
    ...(flags.lpath === undefined ? [] : ['--lpath', flags.lpath]),
    ...flags.e.flatMap((statement) => ['-e', statement]),
    ...(flags.helper === undefined ? [] : ['--helper', flags.helper]),
    ...Object.entries(flags.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(flags.allowExec ? ['--allow-exec'] : []),
    ...(flags.allowWrite ? ['--allow-write'] : []),
  ]
  return parts.map((part) => ` ${quoted(part)}`).join('')
}

/** As a shell takes it for one word. */
const quoted = (text: string): string => (/^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

const snapshotMode = (flags: TestFlags): SnapshotMode => (flags.update ? 'all' : isCi(flags) ? 'none' : 'new')

/** Services that build and test set the variable CI. */
export const isCi = ({ ci }: TestFlags): boolean => ci ?? !['', '0', 'false'].includes(process.env.CI ?? '')
