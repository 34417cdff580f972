/** The `--coverage` options, and how they wrap a command. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import {
  checkReporters,
  COVERAGE_REPORTERS,
  CoverageError,
  MEASURES,
  parseThresholds,
  type CoverageReporter,
  type CoverageSettings,
  type Measure,
  type Thresholds,
} from '../coverage/settings.js'
import type { LuaCoverage } from '../lua/index.js'
import { UsageError, type Terminal } from './terminal.js'

export interface CoverageFlags {
  readonly coverage?: true
  readonly coverageReporters?: readonly CoverageReporter[]
  readonly coverageThresholds?: Thresholds
  readonly coverageThresholdsStatements?: number
  readonly coverageThresholdsBranches?: number
  readonly coverageThresholdsFunctions?: number
  readonly coverageThresholdsLines?: number
  readonly coverageDirectory?: string
  readonly coverageAll?: boolean
  readonly coverageInclude?: readonly string[]
  readonly coverageExclude?: readonly string[]
}

const parseList = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

/** Reports errors of `check` as errors of the option. */
const withCoverageErrors =
  <T>(check: (text: string) => T) =>
  (text: string): T => {
    try {
      return check(text)
    } catch (error) {
      if (error instanceof CoverageError) throw new InvalidArgumentError(error.message)
      throw error
    }
  }

/** Adds the `--coverage` options. */
export const addCoverageOptions = (command: Command): Command => {
  command
    .option('--coverage', 'measure and report line, function and branch coverage of scripts')
    .option(
      '--coverage-reporters <list>',
      `report formats: ${COVERAGE_REPORTERS.join(', ')} (default: text,lcov,html)`,
      withCoverageErrors((text) => checkReporters(parseList(text))),
    )
    .option(
      '--coverage-thresholds <list>',
      'fail below these percentages: lines=90,branches=80, or one number for all metrics',
      withCoverageErrors(parseThresholds),
    )
    .option('--coverage-directory <dir>', 'directory for reports (default: coverage)')
    .option('--coverage-all', 'also report scripts (*.lua) in this directory that were never loaded')
    .option('--coverage-include <globs>', 'report only scripts whose paths match', parseList)
    .option('--coverage-exclude <globs>', 'omit scripts whose paths match', parseList)
  // hidden: the keys of `coverage.thresholds` in hapsim.config.json
  for (const name of MEASURES)
    command.addOption(
      new Option(`--coverage-thresholds-${name} <percent>`)
        .argParser(withCoverageErrors((text) => parseThresholds(`${name}=${text}`)[name]))
        .hideHelp(),
    )
  return command
}

/** Runs `action` with coverage if requested, and reports it. The exit code is 1 if a threshold is not met. */
export const withCoverage = async (
  flags: CoverageFlags,
  command: Command,
  terminal: Terminal,
  action: (coverage: LuaCoverage | undefined) => Promise<number> | number,
): Promise<number> => {
  if (!flags.coverage) {
    const idle = command.options.find(
      (option) =>
        option.attributeName().startsWith('coverage') && command.getOptionValueSource(option.attributeName()) === 'cli',
    )
    if (idle) throw new UsageError(`${idle.long} requires --coverage`)
    return action(undefined)
  }
  // imported lazily: rarely used
  const { includeAll, LuaCoverage, prepareDirectory, reportCoverage } = await import('../coverage/index.js')
  const settings = makeSettings(flags)
  try {
    prepareDirectory(settings)
  } catch (error) {
    if (error instanceof CoverageError) throw new UsageError(error.message)
    throw error
  }
  const coverage = new LuaCoverage()
  const code = await action(coverage)
  if (code === 2) return code
  if (settings.all) for (const text of includeAll(coverage, settings)) terminal.writeError(`hapsim: ${text}`)
  const below = reportCoverage(coverage.scripts, settings, terminal)
  for (const text of below) terminal.writeError(`hapsim: ${text}`)
  return below.length > 0 ? 1 : code
}

const makeSettings = (flags: CoverageFlags): CoverageSettings => {
  const thresholds: Partial<Record<Measure, number>> = { ...flags.coverageThresholds }
  for (const name of MEASURES)
    thresholds[name] ??= flags[`coverageThresholds${name[0]!.toUpperCase()}${name.slice(1)}` as ThresholdFlag]
  return {
    reporters: flags.coverageReporters,
    thresholds,
    all: flags.coverageAll,
    directory: flags.coverageDirectory,
    include: flags.coverageInclude,
    exclude: flags.coverageExclude,
  }
}

type ThresholdFlag = `coverageThresholds${Capitalize<Measure>}`
