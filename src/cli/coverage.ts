/** The flags of coverage, and what they do around a command. */
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
import { WrongCall, type Terminal } from './terminal.js'

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

const list = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

/** What is wrong with a value is said with the option's name. */
const checked =
  <T>(check: (text: string) => T) =>
  (text: string): T => {
    try {
      return check(text)
    } catch (error) {
      if (error instanceof CoverageError) throw new InvalidArgumentError(error.message)
      throw error
    }
  }

export const addCoverage = (command: Command): Command => {
  command
    .option('--coverage', 'count which lines, functions and branches of scripts run, and report it')
    .option(
      '--coverage-reporters <list>',
      `how, of ${COVERAGE_REPORTERS.join(', ')} (default: text,lcov,html)`,
      checked((text) => checkReporters(list(text))),
    )
    .option(
      '--coverage-thresholds <list>',
      'fail below these percentages: lines=90,branches=80, or one number for all',
      checked(parseThresholds),
    )
    .option('--coverage-directory <dir>', 'where reports are written (default: coverage)')
    .option('--coverage-all', 'also report scripts (*.lua) under this folder that nobody loaded')
    .option('--coverage-include <globs>', 'only scripts with such paths', list)
    .option('--coverage-exclude <globs>', 'no scripts with such paths', list)
  // as hapsim.config.json names them
  for (const name of MEASURES)
    command.addOption(
      new Option(`--coverage-thresholds-${name} <percent>`)
        .argParser(checked((text) => parseThresholds(`${name}=${text}`)[name]))
        .hideHelp(),
    )
  return command
}

/** Runs `action` with coverage if that is asked for, and reports it. The exit code is 1 when a threshold is not met. */
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
    if (idle) throw new WrongCall(`${idle.long} says how coverage is counted; add --coverage to have it counted`)
    return action(undefined)
  }
  // loaded only here: nobody else waits for it
  const { includeAll, LuaCoverage, prepareDirectory, reportCoverage } = await import('../coverage/index.js')
  const settings = settingsOf(flags)
  try {
    prepareDirectory(settings)
  } catch (error) {
    if (error instanceof CoverageError) throw new WrongCall(error.message)
    throw error
  }
  const coverage = new LuaCoverage()
  const code = await action(coverage)
  if (code === 2) return code
  if (settings.all) for (const text of includeAll(coverage, settings)) terminal.complain(`hapsim: ${text}`)
  const below = reportCoverage(coverage.scripts, settings, terminal)
  for (const text of below) terminal.complain(`hapsim: ${text}`)
  return below.length > 0 ? 1 : code
}

const settingsOf = (flags: CoverageFlags): CoverageSettings => {
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
