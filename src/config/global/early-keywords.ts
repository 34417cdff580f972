/** Keywords of `global` that HAProxy heeds in its first reading already: how the process starts, and its environment. */
import { leadingInteger } from '../syntax/units.js'
import type { Line } from '../syntax/line.js'
import { tooManyText, type Outcome, type Reading } from '../reading.js'

type EarlyKeyword = (reading: Reading, line: Line) => string | undefined

/** Whether `line` was one of these; the message of an alert comes back from the keyword itself. */
export const readEarlyGlobalLine = (reading: Reading, line: Line): Outcome | undefined => {
  const keyword = EARLY_KEYWORDS.get(line.words[0]!)
  if (!keyword) return undefined
  const problem = keyword(reading, line)
  if (problem === undefined) return 'ok'
  reading.early.parsing('alert', line.place, problem)
  return 'fatal'
}

const atMost =
  (most: number, then: EarlyKeyword = () => undefined): EarlyKeyword =>
  (reading, line) => {
    const extra = line.at(most + 1)
    return extra === '' ? then(reading, line) : tooManyText(line, extra)
  }

const setVariable: EarlyKeyword = ({ env }, line) => {
  const [keyword, name, value] = [line.at(0), line.at(1), line.at(2)]
  if (name === '') return `'${keyword}' expects environment variable name.\n.`
  if (value === '') return `'${keyword}' expects environment variable value for '${name}'.\n.`
  if (keyword === 'setenv' || env.get(name) === undefined) env.set(name, value)
  return undefined
}

const unsetVariables: EarlyKeyword = ({ env }, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects at least one variable name.`
  for (const name of line.from(1)) env.unset(name)
  return undefined
}

const resetVariables: EarlyKeyword = ({ env }, line) => {
  env.keepOnly(line.from(1))
  return undefined
}

const pidfile: EarlyKeyword = (reading, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects a file name as an argument.\n`
  if (reading.seen.has('pidfile')) {
    reading.early.parsing('warning', line.place, `'${line.at(0)}' already specified. Continuing.`)
  }
  reading.seen.add('pidfile')
  return undefined
}

const masterWorker: EarlyKeyword = (_, line) => {
  const mode = line.at(1)
  return mode === '' || mode === 'no-exit-on-failure'
    ? undefined
    : `'${line.at(0)}' only supports 'no-exit-on-failure' option`
}

const maxReloads: EarlyKeyword = (_, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects an integer argument.`
  return leadingInteger(line.at(1)) < 0 ? `'${line.at(0)}' expects a positive value or zero.` : undefined
}

const localpeer: EarlyKeyword = ({ env }, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects a name as an argument.`
  env.set('HAPROXY_LOCALPEER', line.at(1))
  return undefined
}

const zeroWarning: EarlyKeyword = (reading) => {
  reading.global.zeroWarning = true
  return undefined
}

const EARLY_KEYWORDS: ReadonlyMap<string, EarlyKeyword> = new Map([
  ...['daemon', 'expose-deprecated-directives', 'noepoll', 'noevports', 'nokqueue', 'nopoll', 'quiet'].map(
    (name) => [name, atMost(0)] as const,
  ),
  ['expose-experimental-directives', atMost(Infinity)],
  ['zero-warning', atMost(0, zeroWarning)],
  ['localpeer', atMost(1, localpeer)],
  ['master-worker', atMost(1, masterWorker)],
  ['mworker-max-reloads', atMost(1, maxReloads)],
  ['pidfile', atMost(1, pidfile)],
  ['setenv', atMost(2, setVariable)],
  ['presetenv', atMost(2, setVariable)],
  ['unsetenv', unsetVariables],
  ['resetenv', resetVariables],
] as const)
