/**
 * Keywords of `global` that HAProxy heeds in its first pass over the configuration: how the process starts, and its environment.
 * Those of the environment are heeded in the second pass, too (`KWF_DISCOVERY` in HAProxy's sources).
 */
import { atol } from '../../bytes/integers.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Line } from '../syntax/line.js'
import { tooManyWordsText, type LineResult, type Reading } from '../reading.js'

/** Returns the message of an alert. */
type Keyword = (reading: Reading, line: Line) => string | undefined

/** Reads a line of `global` in the first pass. */
export const readDiscoveryLine = (reading: Reading, line: Line): LineResult => {
  const keyword = START.get(line.at(0)) ?? ENVIRONMENT.get(line.at(0))
  return keyword ? read(keyword, reading, line, reading.early) : 'ok'
}

/** Reads a line of `global` in the second pass if its keyword is one of these; undefined for any other. */
export const readEnvironmentLine = (reading: Reading, line: Line): LineResult | undefined => {
  if (START.has(line.at(0))) return 'ok'
  const keyword = ENVIRONMENT.get(line.at(0))
  return keyword && read(keyword, reading, line, reading.main)
}

const read = (keyword: Keyword, reading: Reading, line: Line, diagnostics: Diagnostics): LineResult => {
  const problem = keyword(reading, line)
  if (problem === undefined) return 'ok'
  diagnostics.parsing('alert', line.place, problem)
  return 'fatal'
}

const atMost =
  (most: number, then: Keyword = () => undefined): Keyword =>
  (reading, line) => {
    const extra = line.at(most + 1)
    return extra === '' ? then(reading, line) : tooManyWordsText(line, extra)
  }

const setVariable: Keyword = ({ env }, line) => {
  const [keyword, name, value] = [line.at(0), line.at(1), line.at(2)]
  if (name === '') return `'${keyword}' expects environment variable name.\n.`
  if (value === '') return `'${keyword}' expects environment variable value for '${name}'.\n.`
  if (keyword === 'setenv' || env.get(name) === undefined) env.set(name, value)
  return undefined
}

const unsetVariables: Keyword = ({ env }, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects at least one variable name.\n`
  for (const name of line.from(1)) env.unset(name)
  return undefined
}

const resetVariables: Keyword = ({ env }, line) => {
  env.keepOnly(line.from(1))
  return undefined
}

const pidfile: Keyword = (reading, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects a file name as an argument.\n`
  if (reading.usedOnce.has('pidfile')) {
    reading.early.parsing('warning', line.place, `'${line.at(0)}' already specified. Continuing.`)
  }
  reading.usedOnce.add('pidfile')
  return undefined
}

const masterWorker: Keyword = (reading, line) => {
  const mode = line.at(1)
  if (mode !== '' && mode !== 'no-exit-on-failure') return `'${line.at(0)}' only supports 'no-exit-on-failure' option`
  reading.masterWorker = true
  return undefined
}

const maxReloads: Keyword = (_, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects an integer argument.`
  return atol(line.at(1)) < 0 ? `'${line.at(0)}' expects a positive value or zero.` : undefined
}

const localpeer: Keyword = (reading, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects a name as an argument.\n`
  if (reading.options.localPeer?.fromCommandLine) {
    const problem = `'${line.at(0)}' ignored since it is already set by using the '-L' command line argument.\n`
    reading.early.parsing('warning', line.place, problem)
  } else reading.localPeer = line.at(1)
  return undefined
}

const zeroWarning: Keyword = (reading) => {
  reading.global.zeroWarning = true
  return undefined
}

const START: ReadonlyMap<string, Keyword> = new Map([
  ...['daemon', 'expose-deprecated-directives', 'noepoll', 'noevports', 'nokqueue', 'nopoll', 'quiet'].map(
    (name) => [name, atMost(0)] as const,
  ),
  ['expose-experimental-directives', atMost(Infinity)],
  ['zero-warning', atMost(0, zeroWarning)],
  ['localpeer', atMost(1, localpeer)],
  ['master-worker', atMost(1, masterWorker)],
  ['mworker-max-reloads', atMost(1, maxReloads)],
  ['pidfile', atMost(1, pidfile)],
] as const)

const ENVIRONMENT: ReadonlyMap<string, Keyword> = new Map([
  ['setenv', atMost(2, setVariable)],
  ['presetenv', atMost(2, setVariable)],
  ['unsetenv', unsetVariables],
  ['resetenv', resetVariables],
])
