/** `hapsim run FILE`: one process in a simulated world, shown as it goes. */
import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { supportsColor } from 'chalk'
import { HAPROXY_VERSION } from '../haproxy/index.js'
import { ConsoleView } from '../report/console.js'
import { occurrenceToJson, summaryToJson, type RunSummary } from '../report/json.js'
import { Occurrences, type Occurrence } from '../report/occurrence.js'
import { makeSurroundings, planAction, Simulation, StartError, toMicros, type Haproxy } from '../sim/index.js'
import { DEMO_ACTIONS, demoConfiguration } from './demo.js'
import { WrongCall, type Terminal } from './terminal.js'

interface RunOptions {
  readonly at: readonly string[]
  readonly for: string
  readonly seed: number
  readonly env: Readonly<Record<string, string>>
  readonly json?: true
}

export const runCommand = (terminal: Terminal): Command =>
  new Command('run')
    .description('run a HAProxy configuration or a Lua script in a simulated world')
    .argument('<file>', 'a configuration (.cfg), or a script (.lua) that is loaded into a small built-in one')
    .addOption(
      new Option('--at <time=action>', 'do something at a time; may be given several times (see below)')
        .argParser((value: string, earlier: readonly string[]) => [...earlier, value])
        .default([], 'nothing; a script gets a server that goes down and comes back'),
    )
    .option('--for <duration>', 'how much time passes', duration, '30s')
    .option('--seed <n>', 'fixes all chance', integer, 1)
    .option(
      '--env <name=value>',
      'an environment variable that the process sees; may be given several times',
      variable,
      {},
    )
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Actions:
  down BE/SRV, up BE/SRV      connections to the server are refused; taken again
  hang BE/SRV                 the server answers nothing any more
  smtp-down NAME, smtp-up NAME  the same for the mail server of a mailer
  cli COMMAND                 give a command to the runtime API

Examples:
  hapsim run mailers.lua
  hapsim run haproxy.cfg --for 1m --at '5s=down be1/srv1' --at '20s=cli show stat'`,
    )
    .action((file: string, options: RunOptions) => {
      terminal.exitCode = run(file, options, terminal)
    })

const run = (file: string, options: RunOptions, terminal: Terminal): number => {
  const simulation = new Simulation({ seed: options.seed })
  const view = options.json ? { render: occurrenceToJson, summary: summaryToJson } : new ConsoleView(colours(terminal))
  const counts: Record<string, number> = {}
  const occurrences = new Occurrences((occurrence: Occurrence) => {
    counts[occurrence.type] = (counts[occurrence.type] ?? 0) + 1
    terminal.write(view.render(occurrence))
  })
  simulation.trace.listen((record) => occurrences.take(record))
  const haproxy = simulation.haproxy({ config: configurationOf(file), machine: { environment: options.env } })
  const actions = options.at.length === 0 && isScript(file) ? DEMO_ACTIONS : options.at
  planActions(haproxy, actions)
  if (view instanceof ConsoleView) terminal.write(view.header(describe(file, options)))
  const started = start(haproxy)
  if (started) simulation.advance(options.for)
  occurrences.end()
  const summary: RunSummary = { at: simulation.now, counts, trace: simulation.trace.hash, started }
  if (started || options.json) terminal.write(view.summary(summary))
  return started ? 0 : 1
}

const describe = (file: string, { seed, for: time }: RunOptions): string =>
  `${file} in HAProxy ${HAPROXY_VERSION}, simulated: ${time}, seed ${seed}`

const isScript = (file: string): boolean => file.endsWith('.lua')

const configurationOf = (file: string): string | { readonly file: string } => {
  if (!isScript(file)) return { file }
  mustBeReadable(file)
  return demoConfiguration(file)
}

/** A script that is not there is a wrong call: HAProxy's words for it would name a configuration that nobody wrote. */
const mustBeReadable = (file: string): void => {
  try {
    readFileSync(file)
  } catch (error) {
    throw new WrongCall(`cannot read ${file}: ${(error as Error).message.replace(/^[A-Z]+: |, \w+( '.*')?$/g, '')}`)
  }
}

const planActions = (haproxy: Haproxy, actions: readonly string[]): void => {
  const { simulation } = haproxy
  const surroundings = makeSurroundings(simulation, haproxy.process.configuration)
  for (const text of actions) {
    const split = /^([^=]+)=(.*)$/s.exec(text)
    if (!split) throw new WrongCall(`--at '${text}': write TIME=ACTION, as in '5s=down be1/srv1'`)
    try {
      simulation.at(split[1]!.trim(), planAction(split[2]!, haproxy, surroundings))
    } catch (error) {
      if (error instanceof RangeError) throw new WrongCall(`--at '${text}': ${error.message}`)
      throw error
    }
  }
}

/** Whether it started; what HAProxy said if not has been shown by then. */
const start = (haproxy: Haproxy): boolean => {
  try {
    haproxy.start()
    return true
  } catch (error) {
    if (error instanceof StartError) return false
    throw error
  }
}

const colours = (terminal: Terminal): boolean => terminal.interactive && supportsColor !== false

const duration = (value: string): string => {
  try {
    toMicros(value)
    return value
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

const variable = (value: string, earlier: Readonly<Record<string, string>>): Record<string, string> => {
  const split = /^([A-Za-z_]\w*)=(.*)$/s.exec(value)
  if (!split) throw new InvalidArgumentError('write NAME=VALUE')
  return { ...earlier, [split[1]!]: split[2]! }
}

const integer = (value: string): number => {
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(Number(value))) throw new InvalidArgumentError('not an integer')
  return Number(value)
}
