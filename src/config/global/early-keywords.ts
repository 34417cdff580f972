/**
 * Keywords of `global` that HAProxy processes in the discovery pass: startup and environment. Environment keywords are
 * processed in the main pass, too (`KWF_DISCOVERY`).
 */
import { atoi } from '../../bytes/integers.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Line } from '../syntax/line.js'
import { tooManyWordsText, type LineResult, type ParseContext } from '../parse-context.js'

/** Returns the message of an alert. */
type Keyword = (context: ParseContext, line: Line) => string | undefined

/** Processes a line of `global` in the discovery pass. */
export const readDiscoveryLine = (context: ParseContext, line: Line): LineResult => {
  const keyword = START.get(line.at(0)) ?? ENVIRONMENT.get(line.at(0))
  return keyword ? read(keyword, context, line, context.early) : 'ok'
}

/** Processes a line of `global` in the main pass; undefined for keywords that are not in this file. */
export const readEnvironmentLine = (context: ParseContext, line: Line): LineResult | undefined => {
  if (START.has(line.at(0))) return 'ok'
  const keyword = ENVIRONMENT.get(line.at(0))
  return keyword && read(keyword, context, line, context.main)
}

const read = (keyword: Keyword, context: ParseContext, line: Line, diagnostics: Diagnostics): LineResult => {
  const problem = keyword(context, line)
  if (problem === undefined) return 'ok'
  diagnostics.parsing('alert', line.place, problem)
  return 'fatal'
}

const maxArguments =
  (max: number, then: Keyword = () => undefined): Keyword =>
  (context, line) => {
    const extra = line.at(max + 1)
    return extra === '' ? then(context, line) : tooManyWordsText(line, extra)
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

const pidfile: Keyword = (context, line) => {
  if (context.usedOnce.has('pidfile')) {
    context.early.parsing('warning', line.place, `'${line.at(0)}' already specified. Continuing.`)
    return undefined
  }
  if (line.at(1) === '') return `'${line.at(0)}' expects a file name as an argument.`
  context.usedOnce.add('pidfile')
  return undefined
}

const masterWorker: Keyword = (context, line) => {
  const mode = line.at(1)
  if (mode !== '' && mode !== 'no-exit-on-failure') return `'${line.at(0)}' only supports 'no-exit-on-failure' option`
  context.masterWorker = true
  return undefined
}

const maxReloads: Keyword = (_, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects an integer argument.`
  return atoi(line.at(1)) < 0 ? `'${line.at(0)}' expects a positive value or zero.` : undefined
}

const localpeer: Keyword = (context, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects a name as an argument.\n`
  if (context.options.localPeer?.fromCommandLine) {
    const problem = `'${line.at(0)}' ignored since it is already set by using the '-L' command line argument.\n`
    context.early.parsing('warning', line.place, problem)
  } else context.localPeer = line.at(1)
  return undefined
}

const zeroWarning: Keyword = (context) => {
  context.global.zeroWarning = true
  return undefined
}

const exposeDeprecated: Keyword = ({ global }) => {
  global.allowsDeprecated = true
  return undefined
}

const START: ReadonlyMap<string, Keyword> = new Map([
  ['global', maxArguments(0)],
  ...['daemon', 'noepoll', 'noevports', 'nokqueue', 'nopoll', 'quiet'].map((name) => [name, maxArguments(0)] as const),
  ['expose-deprecated-directives', maxArguments(0, exposeDeprecated)],
  ['zero-warning', maxArguments(0, zeroWarning)],
  ['localpeer', maxArguments(1, localpeer)],
  ['master-worker', maxArguments(1, masterWorker)],
  ['mworker-max-reloads', maxArguments(1, maxReloads)],
  ['pidfile', maxArguments(1, pidfile)],
] as const)

const ENVIRONMENT: ReadonlyMap<string, Keyword> = new Map([
  ['setenv', maxArguments(2, setVariable)],
  ['presetenv', maxArguments(2, setVariable)],
  ['unsetenv', unsetVariables],
  ['resetenv', resetVariables],
])
