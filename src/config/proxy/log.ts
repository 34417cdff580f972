/** `log` lines (parse_logger and parse_log_target in src/log.c). */
import { atol } from '../../bytes/integers.js'
import { readAddress } from '../syntax/address-text.js'
import type { Line } from '../syntax/line.js'
import { LOG_FACILITIES, LOG_FORMATS, LOG_LEVELS, type LogTarget } from '../model/log.js'
import type { ParseContext } from '../parse-context.js'
import { parseInteger } from '../syntax/units.js'

/** Default port. */
const SYSLOG_PORT = 514

/** The number of a level; -1 if it is unknown. */
export const logLevelOf = (name: string): number => (LOG_LEVELS as readonly string[]).indexOf(name)

/**
 * Applies a `log` line to a list of targets: `no log` clears it, `log global` adds the global targets, otherwise one is added.
 * Returns the new list or an error message. `global` is undefined in the `global` section itself.
 */
export const readLogLine = (
  context: ParseContext,
  line: Line,
  targets: readonly LogTarget[],
  global: readonly LogTarget[] | undefined,
): readonly LogTarget[] | string => {
  if (line.modifier === 'no') return line.at(1) === '' ? [] : "'no log' does not expect arguments"
  if (line.at(1) === 'global' && line.at(2) === '') {
    if (!global) return "'global' is not supported for a global syslog server"
    const added = global.filter((target) => !targets.some((each) => each.global === target))
    return [...targets, ...added.map((target) => ({ ...target, place: line.place, global: target }))]
  }
  if (line.at(1) === '' || line.at(2) === '')
    return `expects <address> and <facility> ${global ? 'or global' : ''} as arguments`
  const target = readTarget(context, line)
  return typeof target === 'string' ? target : [...targets, target]
}

const readTarget = (context: ParseContext, line: Line): LogTarget | string => {
  let at = 2
  const takeOption = (name: string): string | undefined => {
    if (line.at(at) !== name) return undefined
    at += 2
    return line.at(at - 1)
  }
  const length = takeOption('len')
  const maxLength = length === undefined ? 1024 : atol(length)
  if (maxLength < 80 || maxLength > 65535) return `invalid log length '${length}', must be between 80 and 65535`
  const format = takeOption('format')
  if (format !== undefined && !LOG_FORMATS.includes(format)) return `unknown log format '${format}'`
  const sample = takeOption('sample')
  const problem = sample === undefined ? undefined : sampleProblem(sample)
  if (problem !== undefined) return problem
  const profile = takeOption('profile')
  const facility = line.at(at++)
  if (!LOG_FACILITIES.includes(facility)) return `unknown log facility '${facility}'`
  const level = line.at(at) === '' ? 7 : logLevelOf(line.at(at++))
  if (level < 0) return `unknown optional log level '${line.at(at - 1)}'`
  const minLevel = line.at(at) === '' ? 0 : logLevelOf(line.at(at++))
  if (minLevel < 0) return `unknown optional minimum log level '${line.at(at - 1)}'`
  if (line.at(at) !== '') return `cannot handle unexpected argument '${line.at(at)}'`
  const target = readDestination(context, line.at(1))
  if (typeof target === 'string') return target
  return { target, format, facility, level, minLevel, maxLength, sample, profile, place: line.place, global: undefined }
}

const readDestination = (context: ParseContext, text: string): LogTarget['target'] | string => {
  if (text === 'stdout' || text === 'stderr') return { family: text }
  if (text.startsWith('ring@')) return { family: 'ring', name: text.slice(5) }
  if (text.startsWith('backend@')) return { family: 'backend', name: text.slice(8) }
  const parsed = readAddress(context, text, 'log')
  if ('error' in parsed) return parsed.error
  const { address } = parsed
  if ('ip' in address && address.port === 0) return { ...address, port: SYSLOG_PORT }
  if ('fd' in address && (address.fd === 1 || address.fd === 2))
    return { family: address.fd === 1 ? 'stdout' : 'stderr' }
  return address
}

/** Validates `sample <ranges>:<size>`. */
const sampleProblem = (text: string): string | undefined => {
  const colon = text.indexOf(':')
  if (colon < 0) return 'Missing sample size'
  const ranges: { low: number; high: number }[] = []
  for (const part of text.slice(0, colon).split(',')) {
    const range = readRange(part)
    if (!range) return `wrong sample range '${part}'`
    const { low, high } = range
    if (ranges.some((each) => (low >= each.low && low <= each.high) || (high >= each.low && high <= each.high)))
      return 'ranges are overlapping'
    ranges.push(range)
  }
  const sizeText = text.slice(colon + 1)
  const size = parseInteger(sizeText)
  if (typeof size !== 'number' || size <= 0)
    return `wrong sample size '${sizeText}' for sample range '${text.slice(0, colon)}'`
  const highest = Math.max(...ranges.map((range) => range.high))
  return size < highest
    ? `sample size ${size} should be greater or equal to ${highest} the maximum of the high ranges limits`
    : undefined
}

const readRange = (text: string): { low: number; high: number } | undefined => {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (!match) return undefined
  const low = Number(match[1])
  const high = Number(match[2] ?? match[1])
  return low > 0 && low <= high ? { low, high } : undefined
}
