/** The world in which a command runs FILE: its options and how it is built. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { ConfigFile, Configuration } from '../config/index.js'
import { MILLISECOND, SECOND, timeZone } from '../engine/index.js'
import { NetworkError } from '../net/network.js'
import type { Simulation } from '../sim/index.js'
import {
  addHttpServer,
  addTcpServer,
  makeSurroundings,
  planAction,
  toMicros,
  type BackendServer,
  type SmtpOptions,
  type Haproxy,
} from '../sim/index.js'
import { pathsFor } from './scripted-rules.js'
import {
  BUILT_IN_ACTIONS,
  builtInConfig,
  isScript,
  BUILT_IN_MAIL_SERVER,
  registersFunctions,
  rejectMixedFiles,
} from './built-in.js'
import { readConfigFiles } from './haproxy/config-files.js'
import { addMailServerOptions, mailFlags, smtpOptions, type MailFlags } from './mail-options.js'
import { listOption, RepeatableOption } from './repeatable.js'
import { runExternalCommand } from './external-command.js'
import { UsageError } from './terminal.js'
import { isRegressionTest, makeTestSpec, testArguments, type TestFlags } from './vtc/spec.js'
import { parseAction, runDuration } from './world-time.js'

/** World options as given on the command line. */
export interface WorldFlags extends MailFlags {
  readonly at: readonly string[]
  readonly for?: string
  readonly seed: number
  readonly env: Readonly<Record<string, string>>
  readonly tz?: string
  readonly http: readonly HttpFlag[]
  readonly tcp: readonly string[]
  readonly lua: '5.3' | '5.4'
  readonly modules?: true
  readonly allowExec?: true
  readonly allowWrite?: true
  /** default: {@link DEFAULT_START_LIMIT} */
  readonly startLimit?: string
}

/** Describes a run: files and world. It is cloneable, so it can be sent to a worker. */
export interface WorldSpec extends WorldFlags, TestFlags {
  /** configurations in order, directories of them, or scripts */
  readonly files: readonly string[]
  /** all planned actions */
  readonly at: readonly string[]
  readonly for: string
}

/** A web server to add, and its status code. */
export interface HttpFlag {
  readonly address: string
  readonly status: number
}

/** The end of `--help` texts: actions and durations. */
export const ACTIONS_HELP = `
Actions:
  down BE/SRV, up BE/SRV        refuse or accept connections to a server
  hang BE/SRV                   make a server stop responding
  smtp-down NAME, smtp-up NAME  the same for the mail server of a mailer
  cli COMMAND                   run a command of the runtime API
  get URL, post URL -d BODY …   send a request and show the answer; also put, patch,
                                delete, head, options. -H 'NAME: VALUE' adds a header,
                                -0 uses HTTP/1.0, --from ADDR sends it from an address,
                                --to ADDR connects to another one than that of the URL

Times and durations are a number and a unit (us, ms, s, m, h, d) as in HAProxy;
the default unit is milliseconds: '5s=…' is after 5 s, '5=…' after 5 ms.`

const WORLD_FILES = 'configuration files (.cfg) in order, directories of them, or scripts (.lua)'

/** The files of commands that play regression tests, too. */
export const SCENARIO_FILES = `${WORLD_FILES}, or one regression test (.vtc)`

/**
 * Adds the FILE arguments and the world options.
 *
 * @param defaultDuration the default duration of a run
 * @param file how the argument is written
 * @param description of the argument
 */
export const addWorldOptions = (
  command: Command,
  defaultDuration: string,
  file: '<file...>' | '[file...]' = '<file...>',
  description = WORLD_FILES,
): Command =>
  addMailServerOptions(
    command
      .argument(file, description)
      .addOption(
        new RepeatableOption<readonly string[]>(
          '--at <time=action>',
          'perform an action at a time (see below)',
          (value, earlier) => [...earlier, value],
          [],
          'none; for scripts, a server goes down and up again',
        ),
      )
      .option(
        '--for <duration>',
        `duration of the run (default: ${defaultDuration}, or 5s after the last action if later)`,
        parseDuration,
      )
      .option('--seed <n>', 'seed all randomness', parseIntegerOption, 1)
      .addOption(envOption())
      .addOption(timeZoneOption('UTC'))
      .addOption(listOption('--http <addr[=status]>', 'add a web server and show its requests', parseHttpFlag))
      .addOption(listOption('--tcp <addr>', 'add a TCP server and show what it receives', (value) => value))
      .addOption(luaOption())
      .addOption(modulesOption())
      .addOption(allowExecOption())
      .addOption(allowWriteOption())
      .addOption(startLimitOption()),
  )

const parseHttpFlag = (value: string): HttpFlag => {
  const [, address = value, status = '200'] = /^(.*)=(.*)$/.exec(value) ?? []
  if (!/^[1-9]\d\d$/.test(status)) throw new InvalidArgumentError(`'${status}' is not an HTTP status`)
  return { address, status: Number(status) }
}

/**
 * The `--env` option.
 *
 * @param defaultText the default in help texts
 */
export const envOption = (defaultText = 'none'): Option =>
  new RepeatableOption<Readonly<Record<string, string>>>(
    '--env <name=value>',
    'set an environment variable of the process',
    parseVariable,
    {},
    defaultText,
  )

/**
 * The `--tz` option.
 *
 * @param defaultText the default in help texts
 */
export const timeZoneOption = (defaultText: string): Option =>
  new Option(
    '--tz <zone>',
    `time zone: a name such as Europe/Berlin, or a POSIX TZ string such as CET-1CEST,M3.5.0,M10.5.0/3 (default: ${defaultText})`,
  ).argParser(parseTimeZone)

/** The `--lua` option. */
export const luaOption = (): Option =>
  new Option('--lua <version>', 'Lua version of scripts').choices(['5.3', '5.4']).default('5.4')

/** The `--modules` option. */
export const modulesOption = (): Option =>
  new Option('--modules', 'let require find Lua modules that replace C modules: cjson, socket …')

/**
 * The `--allow-exec` option.
 *
 * @param who who gets the permission, in help texts
 */
export const allowExecOption = (who = 'scripts and external checks'): Option =>
  new Option(
    '--allow-exec',
    `allow ${who} to run programs on this host (os.execute, io.popen) and scripts to exit the process`,
  )

/**
 * The `--allow-write` option.
 *
 * @param who who gets the permission, in help texts
 */
export const allowWriteOption = (who = 'scripts'): Option =>
  new Option('--allow-write', `allow ${who} to write, rename and remove files under the working directory`)

const DEFAULT_START_LIMIT = '30s'

/** The `--start-limit` option. */
export const startLimitOption = (): Option =>
  new Option(
    '--start-limit <duration>',
    'time limit of the body and of each init function of a script, in real time; 0: no limit',
  )
    .argParser(parseDuration)
    .default(DEFAULT_START_LIMIT)

/**
 * Makes the specification of a run from the command line. Throws a {@link UsageError} if it is invalid.
 *
 * @param defaultDuration the default duration of a run
 */
export const makeWorldSpec = (
  files: readonly string[],
  flags: WorldFlags & TestFlags,
  defaultDuration: string,
): WorldSpec => {
  rejectMixedFiles(files)
  if (isRegressionTest(files)) return makeTestSpec(files, flags)
  const at = flags.at.length === 0 && files.some(isScript) ? BUILT_IN_ACTIONS : flags.at
  return {
    files,
    at,
    for: runDuration(flags.for, defaultDuration, at.map(parseAction), at === flags.at),
    seed: flags.seed,
    env: flags.env,
    ...(flags.tz !== undefined && { tz: flags.tz }),
    http: flags.http,
    tcp: flags.tcp,
    lua: flags.lua,
    mailAccount: flags.mailAccount,
    ...(flags.mailTls && { mailTls: flags.mailTls }),
    ...(flags.modules && { modules: true }),
    ...(flags.allowExec && { allowExec: true }),
    ...(flags.allowWrite && { allowWrite: true }),
    ...(flags.startLimit !== undefined && { startLimit: flags.startLimit }),
  }
}

/** Builds the process of a world and the servers around it, and plans the actions. The process is not started. */
export const buildWorld = (simulation: Simulation, world: WorldSpec, configuration?: Configuration): Haproxy => {
  const haproxy = simulation.haproxy({
    config: configuration ?? readConfiguration(world.files),
    machine: { environment: world.env, ...(world.tz !== undefined && { timezone: world.tz }) },
    lua: world.lua,
    modules: world.modules === true,
    allow: { exec: world.allowExec === true, write: world.allowWrite === true },
    ...(world.startLimit !== undefined && { startLimit: world.startLimit }),
    ...(world.allowExec && { exec: runExternalCommand }),
  })
  const read = haproxy.process.configuration
  const mail = smtpOptions(world)
  const extra: BackendServer[] = [
    ...world.http.map(({ address, status }) =>
      addServer('--http', address, () => addHttpServer(simulation, address, status)),
    ),
    ...world.tcp.map((address) => addServer('--tcp', address, () => addTcpServer(simulation, address))),
  ]
  if (world.files.some(isScript) && read.mailers.length === 0) extra.push(...mailServerFor(simulation, mail))
  const surroundings = makeSurroundings(simulation, read, { given: extra, mail })
  // errors of the configuration first: they may be the reason for a missing server
  if (read.failed) return haproxy
  if (isBuiltIn(world) && world.files.some(registersFunctions))
    simulation.at(REQUESTS_AT / MILLISECOND, () => sendRequests(haproxy, surroundings))
  for (const { text, at, action } of world.at.map(parseAction))
    try {
      simulation.at(at / MILLISECOND, planAction(action, haproxy, surroundings))
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(`--at '${text}': ${error.message}`)
      throw error
    }
  return haproxy
}

/** Whether nothing but scripts is given, and no actions. */
const isBuiltIn = ({ files, at }: WorldSpec): boolean =>
  files.every(isScript) && at.join('\n') === BUILT_IN_ACTIONS.join('\n')

/** When the functions that scripts have registered for traffic are called. */
const REQUESTS_AT = 2 * SECOND

const sendRequests = (haproxy: Haproxy, surroundings: ReturnType<typeof makeSurroundings>): void => {
  const names = haproxy.lua?.names
  for (const path of names ? pathsFor(names) : []) planAction(`get http://127.0.0.1${path}`, haproxy, surroundings)()
}

/** A script may send mails without a `mailers` section. No mail server is added if the address is taken. */
const mailServerFor = (simulation: Simulation, mail: SmtpOptions): readonly BackendServer[] => {
  try {
    return [simulation.smtp(BUILT_IN_MAIL_SERVER.address, { ...mail, name: BUILT_IN_MAIL_SERVER.name })]
  } catch (error) {
    if (error instanceof NetworkError) return []
    throw error
  }
}

const addServer = <Server>(flag: string, address: string, make: () => Server): Server => {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError || error instanceof NetworkError)
      throw new UsageError(`${flag} '${address}': ${error.message}`)
    throw error
  }
}

/** The options of servers that are added. */
export const serverFlags = ({ http, tcp }: WorldSpec): readonly string[] => [
  ...http.map(({ address, status }) => `--http ${shellWord(status === 200 ? address : `${address}=${status}`)}`),
  ...tcp.map((address) => `--tcp ${shellWord(address)}`),
]

/** Reconstructs the command line of a run; options with default values are omitted. */
export const worldArguments = (world: WorldSpec, defaultDuration: string): string => {
  const { at, env } = world
  if (isRegressionTest(world.files)) return testArguments(world).map(shellWord).join(' ')
  const impliedDuration = runDuration(undefined, defaultDuration, at.map(parseAction), false)
  return [
    ...world.files.map(shellWord),
    ...(world.for === impliedDuration ? [] : [`--for ${world.for}`]),
    ...(isBuiltIn(world) ? [] : at.map((each) => `--at ${shellWord(each)}`)),
    ...Object.entries(env).map(([name, value]) => `--env ${shellWord(`${name}=${value}`)}`),
    ...(world.tz === undefined ? [] : [`--tz ${shellWord(world.tz)}`]),
    ...serverFlags(world),
    ...(world.lua === '5.4' ? [] : [`--lua ${world.lua}`]),
    ...(world.modules ? ['--modules'] : []),
    ...(world.allowExec ? ['--allow-exec'] : []),
    ...(world.allowWrite ? ['--allow-write'] : []),
    ...mailFlags(world),
    ...((world.startLimit ?? DEFAULT_START_LIMIT) === DEFAULT_START_LIMIT ? [] : [`--start-limit ${world.startLimit}`]),
  ].join(' ')
}

/** Quotes a string for a shell. */
const shellWord = (text: string): string => (/^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

const readConfiguration = (files: readonly string[]): readonly ConfigFile[] | { readonly error: string } =>
  files.some(isScript) ? [builtInConfig(files)] : readConfigFiles(files)

const parseDuration = (value: string): string => {
  try {
    toMicros(value)
    return value
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

const parseVariable = (value: string, earlier: Readonly<Record<string, string>>): Record<string, string> => {
  const split = /^([A-Za-z_]\w*)=(.*)$/s.exec(value)
  if (!split) throw new InvalidArgumentError('expected NAME=VALUE')
  return { ...earlier, [split[1]!]: split[2]! }
}

const parseTimeZone = (value: string): string => {
  if (timeZone(value) !== undefined) return value
  throw new InvalidArgumentError(
    'unknown time zone; expected a name such as Europe/Berlin or CET-1CEST,M3.5.0,M10.5.0/3',
  )
}

/** Parses an integer option. */
export const parseIntegerOption = (value: string): number => {
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(Number(value)))
    throw new InvalidArgumentError('must be an integer')
  return Number(value)
}

/** Parses an integer option with a minimum. */
export const integerAtLeast =
  (least: number) =>
  (value: string): number => {
    const count = parseIntegerOption(value)
    if (count < least) throw new InvalidArgumentError(`must be at least ${least}`)
    return count
  }
