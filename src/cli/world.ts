/** The world in which a command runs a FILE: what the flags say of it, and how it is built. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { ConfigFile, Configuration } from '../config/index.js'
import { diskProblem } from '../disk/folder.js'
import { timeZone } from '../engine/index.js'
import type { Scenario } from '../explore/index.js'
import { makeSurroundings, planAction, Simulation, toMicros, type Haproxy } from '../sim/index.js'
import { DEMO_ACTIONS, demoConfiguration } from './demo.js'
import { addMailServers, mailFlags, smtpOptions, type MailFlags } from './mail-options.js'
import { RepeatableOption } from './repeatable.js'
import { runCommand } from './run-command.js'
import { WrongCall } from './terminal.js'

export interface WorldOptions extends MailFlags {
  readonly at: readonly string[]
  readonly for: string
  readonly seed: number
  readonly env: Readonly<Record<string, string>>
  readonly tz?: string
  readonly lua: '5.3' | '5.4'
  readonly allowExec?: true
  readonly allowWrite?: true
}

/** What the flags say, for the end of a command's help. */
export const ACTIONS_HELP = `
Actions:
  down BE/SRV, up BE/SRV        connections to it are refused; taken again
  hang BE/SRV                   the server answers nothing any more
  smtp-down NAME, smtp-up NAME  the same for the mail server of a mailer
  cli COMMAND                   give a command to the runtime API

Times and durations are a number and a unit (us, ms, s, m, h, d) as in HAProxy:
without a unit, milliseconds. '5s=…' is after five seconds, '5=…' after 5 ms.`

/** Gives a command the argument FILE and the flags of the world. */
export const addWorld = (command: Command, time: string): Command =>
  addMailServers(
    command
      .argument('<file>', 'a configuration (.cfg), or a script (.lua) that is loaded into a small built-in one')
      .addOption(
        new Option('--at <time=action>', 'do something at a time; may be given several times (see below)')
          .argParser((value: string, earlier: readonly string[]) => [...earlier, value])
          .default([], 'nothing; a script gets a server that goes down and comes back'),
      )
      .option('--for <duration>', 'how much time passes', duration, time)
      .option('--seed <n>', 'fixes all chance', integer, 1)
      .addOption(envOption())
      .addOption(timeZoneOption('UTC'))
      .addOption(luaOption())
      .addOption(allowExecOption())
      .addOption(allowWriteOption()),
  )

export const envOption = (none = 'none'): Option =>
  new RepeatableOption<Readonly<Record<string, string>>>(
    '--env <name=value>',
    'an environment variable that the process sees',
    variable,
    {},
    none,
  )

export const timeZoneOption = (usual: string): Option =>
  new Option(
    '--tz <zone>',
    `the time zone: a name such as Europe/Berlin, or one as TZ has it, such as CET-1CEST,M3.5.0,M10.5.0/3 (default: ${usual})`,
  ).argParser(zone)

export const luaOption = (): Option =>
  new Option('--lua <version>', 'the language of scripts').choices(['5.3', '5.4']).default('5.4')

export const allowExecOption = (who = 'scripts and external checks'): Option =>
  new Option(
    '--allow-exec',
    `${who} may run programs of this machine (os.execute, io.popen), scripts may end the process`,
  )

export const allowWriteOption = (who = 'scripts'): Option =>
  new Option('--allow-write', `${who} may write, rename and remove files under the working directory`)

/** The flags of the world alone: they can be handed to a worker. */
export const worldOf = (flags: WorldOptions): WorldOptions => ({
  at: flags.at,
  for: flags.for,
  seed: flags.seed,
  env: flags.env,
  ...(flags.tz !== undefined && { tz: flags.tz }),
  lua: flags.lua,
  mailAccount: flags.mailAccount,
  ...(flags.mailTls && { mailTls: flags.mailTls }),
  ...(flags.allowExec && { allowExec: true }),
  ...(flags.allowWrite && { allowWrite: true }),
})

/** Builds a process of `file` in its usual surroundings, with the actions planned. It is not started. */
export const buildWorld = (
  simulation: Simulation,
  file: string,
  options: WorldOptions,
  configuration?: Configuration,
): Haproxy => {
  const haproxy = simulation.haproxy({
    config: configuration ?? configurationOf(file),
    machine: { environment: options.env, ...(options.tz !== undefined && { timezone: options.tz }) },
    lua: options.lua,
    allow: { exec: options.allowExec === true, write: options.allowWrite === true },
    ...(options.allowExec && { exec: runCommand }),
  })
  const read = haproxy.process.configuration
  const surroundings = makeSurroundings(simulation, read, { mail: smtpOptions(options) })
  // what is wrong with the configuration comes first: a server may be missing for that reason alone
  if (read.failed) return haproxy
  for (const text of actionsOf(file, options)) {
    const split = /^([^=]+)=(.*)$/s.exec(text)
    if (!split) throw new WrongCall(`--at '${text}': write TIME=ACTION, as in '5s=down be1/srv1'`)
    try {
      simulation.at(split[1]!.trim(), planAction(split[2]!, haproxy, surroundings))
    } catch (error) {
      if (error instanceof RangeError) throw new WrongCall(`--at '${text}': ${error.message}`)
      throw error
    }
  }
  return haproxy
}

/** What is explored of a FILE. The configuration is read once, for all worlds. @param made told of each process before it starts */
export const readScenario = (
  file: string,
  options: WorldOptions,
  made: (haproxy: Haproxy) => void = () => undefined,
): Scenario => {
  const { configuration } = buildWorld(new Simulation({ seed: options.seed }), file, options).process
  return {
    name: scenarioName(file, options),
    play(simulation) {
      const haproxy = buildWorld(simulation, file, options, configuration)
      made(haproxy)
      haproxy.start()
      simulation.advance(options.for)
      simulation.settle()
    },
  }
}

/** What makes two calls the same scenario: the file's name and the flags of the world. */
export const scenarioName = (file: string, options: WorldOptions): string =>
  [basename(file), `--for ${options.for}`, ...actionsOf(file, options).map((each) => `--at ${each}`)].join(' ')

/** The flags of the world as they can be given again; those that say the usual are left out. */
export const worldFlags = (options: WorldOptions, time: string): string => {
  const flags = [
    ...(options.for === time ? [] : [`--for ${options.for}`]),
    ...options.at.map((each) => `--at '${each}'`),
    ...Object.entries(options.env).map(([name, value]) => `--env '${name}=${value}'`),
    ...(options.tz === undefined ? [] : [`--tz '${options.tz}'`]),
    ...(options.lua === '5.4' ? [] : [`--lua ${options.lua}`]),
    ...(options.allowExec ? ['--allow-exec'] : []),
    ...(options.allowWrite ? ['--allow-write'] : []),
    ...mailFlags(options),
  ]
  return flags.length === 0 ? '' : ` ${flags.join(' ')}`
}

export const isScript = (file: string): boolean => file.endsWith('.lua')

const actionsOf = (file: string, { at }: WorldOptions): readonly string[] =>
  at.length === 0 && isScript(file) ? DEMO_ACTIONS : at

const configurationOf = (file: string): ConfigFile | { readonly file: string } =>
  isScript(file) ? builtIn(file) : { file }

/** The name of the configuration that a script is loaded into. */
export const BUILT_IN = 'built-in'

/** The configuration that a script is loaded into. */
export const builtIn = (script: string): ConfigFile => {
  mustBeReadable(script)
  return { name: BUILT_IN, text: demoConfiguration(script) }
}

/** A script that is not there is a wrong call: HAProxy's words for it would name a configuration that nobody wrote. */
const mustBeReadable = (file: string): void => {
  try {
    readFileSync(file)
  } catch (error) {
    throw new WrongCall(`cannot read ${file}: ${diskProblem(error)}`)
  }
}

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

const zone = (value: string): string => {
  if (timeZone(value) !== undefined) return value
  throw new InvalidArgumentError('there is no such time zone; write Europe/Berlin or CET-1CEST,M3.5.0,M10.5.0/3')
}

export const integer = (value: string): number => {
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(Number(value)))
    throw new InvalidArgumentError('it must be a whole number')
  return Number(value)
}

/** A whole number from `least` on. */
export const countFrom =
  (least: number) =>
  (value: string): number => {
    const count = integer(value)
    if (count < least) throw new InvalidArgumentError(`it must be ${least} at least`)
    return count
  }
