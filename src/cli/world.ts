/** The world in which a command runs a FILE: what the flags say of it, and how it is built. */
import { basename } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { ConfigFile, Configuration } from '../config/index.js'
import { MILLISECOND, timeZone } from '../engine/index.js'
import type { Scenario } from '../explore/index.js'
import { NetworkError } from '../net/network.js'
import {
  addHttpServer,
  addTcpServer,
  makeSurroundings,
  planAction,
  Simulation,
  toMicros,
  type BackendServer,
  type SmtpOptions,
  type Haproxy,
} from '../sim/index.js'
import { BUILT_IN_ACTIONS, builtIn, isScript, MAIL_SERVER, mustBeOfOneKind } from './built-in.js'
import { readConfigFiles } from './haproxy/config-files.js'
import { addMailServers, mailFlags, smtpOptions, type MailFlags } from './mail-options.js'
import { listOption, RepeatableOption } from './repeatable.js'
import { runCommand } from './run-command.js'
import { WrongCall } from './terminal.js'
import { parseAction, runTime } from './world-time.js'

/** The flags of the world as they were given. */
export interface WorldFlags extends MailFlags {
  readonly at: readonly string[]
  readonly for?: string
  readonly seed: number
  readonly env: Readonly<Record<string, string>>
  readonly tz?: string
  readonly http: readonly HttpFlag[]
  readonly tcp: readonly string[]
  readonly lua: '5.3' | '5.4'
  readonly allowExec?: true
  readonly allowWrite?: true
  /** default: {@link DEFAULT_START_LIMIT} */
  readonly startLimit?: string
}

/** What is run, and in which world. It can be handed to a worker. */
export interface World extends WorldFlags {
  /** configurations in their order and folders of them, or scripts */
  readonly files: readonly string[]
  /** all that is planned */
  readonly at: readonly string[]
  readonly for: string
}

/** A web server that is put at an address, and what it answers. */
export interface HttpFlag {
  readonly address: string
  readonly status: number
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

/**
 * Gives a command the arguments FILE… and the flags of the world.
 *
 * @param usual how much time passes unless told otherwise
 * @param file how the argument is written
 */
export const addWorld = (command: Command, usual: string, file: '<file...>' | '[file...]' = '<file...>'): Command =>
  addMailServers(
    command
      .argument(file, 'configurations (.cfg) in their order, folders of them, or scripts (.lua) in a built-in one')
      .addOption(
        new RepeatableOption<readonly string[]>(
          '--at <time=action>',
          'do something at a time (see below)',
          (value, earlier) => [...earlier, value],
          [],
          'nothing; scripts get a server that goes down and comes back',
        ),
      )
      .option(
        '--for <duration>',
        `how much time passes (default: ${usual}; 5s after the last action where that is later)`,
        duration,
      )
      .option('--seed <n>', 'fixes all chance', integer, 1)
      .addOption(envOption())
      .addOption(timeZoneOption('UTC'))
      .addOption(listOption('--http <addr[=status]>', 'put a web server there and show what it is asked', httpFlag))
      .addOption(
        listOption('--tcp <addr>', 'put a server there that takes connections and show what it gets', (value) => value),
      )
      .addOption(luaOption())
      .addOption(allowExecOption())
      .addOption(allowWriteOption())
      .addOption(startLimitOption()),
  )

const httpFlag = (value: string): HttpFlag => {
  const [, address = value, status = '200'] = /^(.*)=(.*)$/.exec(value) ?? []
  if (!/^[1-9]\d\d$/.test(status)) throw new InvalidArgumentError(`'${status}' is not an HTTP status`)
  return { address, status: Number(status) }
}

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

const DEFAULT_START_LIMIT = '30s'

export const startLimitOption = (): Option =>
  new Option(
    '--start-limit <duration>',
    'how long the body and each init function of a script may run, in real time; 0: no limit',
  )
    .argParser(duration)
    .default(DEFAULT_START_LIMIT)

/**
 * The world that `files` are run in. Throws a {@link WrongCall} where that makes no sense.
 *
 * @param usual how much time passes unless told otherwise
 */
export const worldOf = (files: readonly string[], flags: WorldFlags, usual: string): World => {
  mustBeOfOneKind(files)
  const at = flags.at.length === 0 && files.some(isScript) ? BUILT_IN_ACTIONS : flags.at
  return {
    files,
    at,
    for: runTime(flags.for, usual, at.map(parseAction), at === flags.at),
    seed: flags.seed,
    env: flags.env,
    ...(flags.tz !== undefined && { tz: flags.tz }),
    http: flags.http,
    tcp: flags.tcp,
    lua: flags.lua,
    mailAccount: flags.mailAccount,
    ...(flags.mailTls && { mailTls: flags.mailTls }),
    ...(flags.allowExec && { allowExec: true }),
    ...(flags.allowWrite && { allowWrite: true }),
    ...(flags.startLimit !== undefined && { startLimit: flags.startLimit }),
  }
}

/** Builds the process of a world in its usual surroundings, with the actions planned. It is not started. */
export const buildWorld = (simulation: Simulation, world: World, configuration?: Configuration): Haproxy => {
  const haproxy = simulation.haproxy({
    config: configuration ?? configurationOf(world.files),
    machine: { environment: world.env, ...(world.tz !== undefined && { timezone: world.tz }) },
    lua: world.lua,
    allow: { exec: world.allowExec === true, write: world.allowWrite === true },
    ...(world.startLimit !== undefined && { startLimit: world.startLimit }),
    ...(world.allowExec && { exec: runCommand }),
  })
  const read = haproxy.process.configuration
  const mail = smtpOptions(world)
  const extra: BackendServer[] = [
    ...world.http.map(({ address, status }) =>
      put('--http', address, () => addHttpServer(simulation, address, status)),
    ),
    ...world.tcp.map((address) => put('--tcp', address, () => addTcpServer(simulation, address))),
  ]
  if (world.files.some(isScript) && read.mailers.length === 0) extra.push(...mailServerFor(simulation, mail))
  const surroundings = makeSurroundings(simulation, read, { given: extra, mail })
  // what is wrong with the configuration comes first: a server may be missing for that reason alone
  if (read.failed) return haproxy
  for (const { text, at, action } of world.at.map(parseAction))
    try {
      simulation.at(at / MILLISECOND, planAction(action, haproxy, surroundings))
    } catch (error) {
      if (error instanceof RangeError) throw new WrongCall(`--at '${text}': ${error.message}`)
      throw error
    }
  return haproxy
}

/** A script may send mails without `mailers`, too. Where another server was put at the address, there is no mail server. */
const mailServerFor = (simulation: Simulation, mail: SmtpOptions): readonly BackendServer[] => {
  try {
    return [simulation.smtp(MAIL_SERVER.address, { ...mail, name: MAIL_SERVER.name })]
  } catch (error) {
    if (error instanceof NetworkError) return []
    throw error
  }
}

const put = <Server>(flag: string, address: string, make: () => Server): Server => {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError || error instanceof NetworkError)
      throw new WrongCall(`${flag} '${address}': ${error.message}`)
    throw error
  }
}

/** What is explored of a world. The configuration is read once, for all runs. @param made called with each process before it starts */
export const readScenario = (world: World, made: (haproxy: Haproxy) => void = () => undefined): Scenario => {
  const { configuration } = buildWorld(new Simulation({ seed: world.seed }), world).process
  return {
    name: scenarioName(world),
    play(simulation) {
      const haproxy = buildWorld(simulation, world, configuration)
      made(haproxy)
      haproxy.start()
      simulation.advance(world.for)
      simulation.settle()
    },
  }
}

/** What makes two calls the same scenario: the names of the files and the flags of the world. */
export const scenarioName = (world: World): string =>
  [
    ...world.files.map((file) => basename(file)),
    `--for ${world.for}`,
    ...world.at.map((each) => `--at ${each}`),
    ...serverFlags(world),
  ].join(' ')

const serverFlags = ({ http, tcp }: World): readonly string[] => [
  ...http.map(({ address, status }) => `--http ${shellWord(status === 200 ? address : `${address}=${status}`)}`),
  ...tcp.map((address) => `--tcp ${shellWord(address)}`),
]

/** The files and the flags of the world as they can be given again; those that say the usual are left out. */
export const worldArguments = (world: World, usual: string): string => {
  const { at, env } = world
  const isBuiltIn = world.files.every(isScript) && at.join('\n') === BUILT_IN_ACTIONS.join('\n')
  const usualTime = runTime(undefined, usual, at.map(parseAction), false)
  return [
    ...world.files.map(shellWord),
    ...(world.for === usualTime ? [] : [`--for ${world.for}`]),
    ...(isBuiltIn ? [] : at.map((each) => `--at ${shellWord(each)}`)),
    ...Object.entries(env).map(([name, value]) => `--env ${shellWord(`${name}=${value}`)}`),
    ...(world.tz === undefined ? [] : [`--tz ${shellWord(world.tz)}`]),
    ...serverFlags(world),
    ...(world.lua === '5.4' ? [] : [`--lua ${world.lua}`]),
    ...(world.allowExec ? ['--allow-exec'] : []),
    ...(world.allowWrite ? ['--allow-write'] : []),
    ...mailFlags(world),
    ...((world.startLimit ?? DEFAULT_START_LIMIT) === DEFAULT_START_LIMIT ? [] : [`--start-limit ${world.startLimit}`]),
  ].join(' ')
}

/** As one word of a shell. */
const shellWord = (text: string): string => (/^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

const configurationOf = (files: readonly string[]): readonly ConfigFile[] | { readonly error: string } =>
  files.some(isScript) ? [builtIn(files)] : readConfigFiles(files)

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
