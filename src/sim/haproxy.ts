/** A HAProxy process of a simulation, as the one who runs or tests it sees it. */
import { decodeText } from '../bytes/text.js'
import { parseConfig, type Configuration, type ConfigFile } from '../config/index.js'
import { MILLISECOND, type Clock } from '../engine/clock.js'
import type { Random } from '../engine/random.js'
import type { Scheduler } from '../engine/scheduler.js'
import type { Trace, TraceRecord } from '../engine/trace.js'
import type { EventRecord } from '../haproxy/events/events.js'
import type { LogRecord, MessageRecord } from '../haproxy/logs/logger.js'
import type { CommandRunner } from '../haproxy/checks/external.js'
import { HaproxyProcess } from '../haproxy/process.js'
import { fileErrorText } from '../haproxy/file-errors.js'
import type { Machine } from '../haproxy/world.js'
import type { Server } from '../haproxy/server/server.js'
import { serverStatus } from '../haproxy/stats/index.js'
import {
  createLuaHost,
  type LuaCoverage,
  type LuaHost,
  type LuaHostOptions,
  type PrintRecord,
  type StuckTask,
} from '../lua/index.js'
import { toMicros, type Duration } from './duration.js'
import { simulatedDevices } from './devices.js'
import { LayeredFiles, type GivenFiles } from './files.js'
import { StandardInput } from './host/descriptor.js'
import { hostTime } from './host/time.js'
import { shell } from './programs.js'
import type { Network } from '../net/network.js'

/** The world in which a process lives: a simulation, or the one outside. */
export interface ProcessWorld {
  /** a live process has the host's devices, pipes and standard input; told of those that it has waited for in vain */
  readonly live?: { readonly waited: (text: string) => void } | undefined
  /** is told the whole path of what processes look for on the disk */
  readonly fileAsked?: ((file: string) => void) | undefined
  readonly scheduler: Scheduler
  readonly clock: Clock
  readonly trace: Trace
  readonly random: Random
  /** the network as the process's host sees it */
  readonly home: Network
  /** virtual time that an instruction of Lua takes, in nanoseconds */
  readonly instructionCost: number
  readonly pairsSeed: number | undefined
  /** counts what runs of scripts */
  readonly coverage?: LuaCoverage | undefined
  /** the addresses of a host name */
  resolve(name: string): readonly string[]
  /** ends the process on the host at once */
  readonly exit?: (code: number) => never
  /** lets time pass until `condition` holds, as far as that can be done here and now */
  runUntil(condition: () => boolean, limit: Duration): boolean
}

export interface HaproxyOptions {
  /**
   * The text of a configuration (with the name that messages are to call it by, else `haproxy.cfg`), several of them in order, the
   * name of a file with it, or one that was read before (several runs may share it). `error` says why there is none, as the process
   * then does when it is started.
   */
  readonly config:
    string | ConfigFile | readonly ConfigFile[] | { readonly file: string } | { readonly error: string } | Configuration
  /** files by the names that the configuration and the scripts use; others are read from the disk */
  readonly files?: GivenFiles
  /** the directory on the disk from which relative names start, `false` to keep the disk out of reach (default: where the command runs) */
  readonly directory?: string | false
  /** what traces call the process; `haproxy` unless given */
  readonly name?: string
  /**
   * Runs the commands of `option external-check`; without it they are not carried out. It is called at once and says how
   * long the command takes, in virtual microseconds: a script in tests, a real process where that is wanted.
   */
  readonly exec?: CommandRunner
  /**
   * The machine: `hostname` (default `haproxy`), `cpus` (default 2), `timezone` (default: UTC), `environment` (default: empty),
   * which is what the process inherits. One whose configuration was read before has the environment that it was read with.
   */
  readonly machine?: Partial<Machine>
  /** the language of scripts (default: 5.4, as HAProxy's packages are built with) */
  readonly lua?: '5.3' | '5.4'
  /** what scripts may do outside of the simulation: `exec` programs, `write` files under the directory or anywhere (default: neither) */
  readonly allow?: { readonly exec?: boolean; readonly write?: boolean | 'anywhere' }
  /** how long, on the host, the body and each init function of a script may run (default 30s); 0: as long as they want */
  readonly startLimit?: Duration
}

/** A command of the runtime API and its answer, as the trace keeps them. */
export interface CliRecord extends TraceRecord {
  readonly type: 'cli'
  readonly process: string
  readonly command: string
  readonly answer: string
}

/** HAProxy would have refused to start. `messages` are its words, in order. */
export class StartError extends Error {
  constructor(readonly messages: readonly MessageRecord[]) {
    const alerts = messages.filter((each) => each.severity === 'alert')
    super(`HAProxy does not start:\n${alerts.map((each) => `[ALERT] ${each.text}`).join('\n')}`)
    this.name = 'StartError'
  }
}

/** A server as a test looks at it. */
export class ServerView {
  constructor(readonly server: Server) {}

  /** as `show stat` has it: `UP`, `UP 1/2`, `DOWN`, `MAINT`, `no check` … */
  get status(): string {
    return serverStatus(this.server)
  }

  get weight(): number {
    return this.server.weight
  }

  /** `10.0.0.1:80` */
  get address(): string {
    return this.server.addressText
  }
}

export class Haproxy {
  readonly name: string
  readonly process: HaproxyProcess
  /** what scripts printed, a line each */
  readonly output: string[] = []
  readonly events: EventRecord[] = []
  #lua!: LuaHost

  /** @internal made by {@link Simulation.haproxy} */
  constructor(
    readonly simulation: ProcessWorld,
    options: HaproxyOptions,
  ) {
    this.name = options.name ?? 'haproxy'
    const directory = options.directory === false ? undefined : (options.directory ?? '.')
    const { live } = simulation
    const random = simulation.random.stream(this.name)
    const files = new LayeredFiles(options.files ?? {}, {
      directory,
      asked: simulation.fileAsked,
      writes: writesOf(options.allow?.write),
      live,
      devices: live
        ? undefined
        : simulatedDevices({
            random: random.stream('devices'),
            write: (stream, bytes) => this.#lua.output.writeBytes(stream, bytes),
          }),
    })
    const machine: Machine = { hostname: 'haproxy', cpus: 2, pid: 1, environment: {}, ...options.machine }
    this.process = new HaproxyProcess({
      name: this.name,
      configuration: readConfiguration(options.config, files, machine, simulation),
      scheduler: simulation.scheduler,
      random,
      network: simulation.home,
      files,
      machine,
      exec: options.exec,
      extend: (process) =>
        (this.#lua = createLuaHost(process, {
          instructionCost: simulation.instructionCost,
          version: options.lua ?? '5.4',
          pairsSeed: simulation.pairsSeed,
          startLimit: startLimit(options.startLimit),
          coverage: simulation.coverage?.instrument(files.root, (name) => files.placeOf(this.#lua.sourcePath(name))),
          input: live && new StandardInput(live),
          allow: {
            programs: options.allow?.exec ? shell(directory ?? '.', () => process.environment) : undefined,
            disk: options.allow?.write ? files : undefined,
            exit: simulation.exit,
          },
        })),
    })
    simulation.trace.listen((record) => {
      if (record.type === 'event') this.#keep(this.events, record as EventRecord)
      else if (record.type === 'print' && (record as PrintRecord).process === this.name)
        this.output.push((record as PrintRecord).text)
    })
  }

  #keep<T extends { readonly process: string }>(list: T[], record: T): void {
    if (record.process === this.name) list.push(record)
  }

  /** @internal where its scripts run */
  get lua(): LuaHost {
    return this.#lua
  }

  /** Starts it. Throws a {@link StartError} where HAProxy would have refused to start. */
  start(): this {
    if (!this.process.start()) throw new StartError(this.messages)
    return this
  }

  /** Closes the files that its scripts have open: what was written to them is on the disk then. */
  closeFiles(): void {
    this.#lua.closeFiles()
  }

  /** Ends it at once. */
  stop(): void {
    this.process.stop()
  }

  /** Log lines, in order, those only that a `log` line of the configuration sends somewhere. */
  get logs(): readonly LogRecord[] {
    return this.process.logger.logs
  }

  /** What it said to the operator, on the terminal. */
  get messages(): readonly MessageRecord[] {
    return this.process.logger.messages
  }

  /**
   * Gives a command to the runtime API, with the rights of an administrator. Lines of a payload follow the first one.
   * Returns the answer; a command of a script that waits for something gets its time, up to ten seconds, unless all this
   * happens within the simulation's own time.
   */
  cli(command: string): string {
    const { scheduler } = this.simulation
    const wait = (isDone: () => boolean) => void this.simulation.runUntil(isDone, '10s')
    const answer = this.process.runtime.execute(command, 'admin', scheduler.running ? undefined : wait)
    this.simulation.trace.write('cli', { process: this.name, command, answer })
    return answer
  }

  /** Tasks, handlers and commands of scripts that nothing can wake any more; what waits for work in a queue is not stuck. */
  get stuckTasks(): readonly StuckTask[] {
    return this.#lua.stuckTasks
  }

  /** The server called `backend/server`. Throws a RangeError, which names those there are, for any other. */
  server(path: string): ServerView {
    const server = this.process.server(path)
    if (server === undefined) {
      const known = this.process.proxies.flatMap((proxy) => proxy.servers.map((each) => each.path))
      throw new RangeError(`no server '${path}'; there are: ${known.slice(0, 20).join(', ') || 'none'}`)
    }
    return new ServerView(server)
  }

  /** Milliseconds since it was started. */
  get uptime(): number {
    return (this.simulation.clock.now - this.process.startedAt) / MILLISECOND
  }
}

const writesOf = (write: boolean | 'anywhere' | undefined) =>
  write === 'anywhere' ? 'anywhere' : write ? 'in directory' : 'none'

const DEFAULT_START_LIMIT = '30s'

const startLimit = (given: Duration = DEFAULT_START_LIMIT): LuaHostOptions['startLimit'] => {
  const milliseconds = toMicros(given) / MILLISECOND
  return milliseconds === 0 ? undefined : { milliseconds, now: hostTime }
}

const readConfiguration = (
  config: HaproxyOptions['config'],
  files: LayeredFiles,
  machine: Machine,
  world: ProcessWorld,
): Configuration => {
  if (typeof config !== 'string' && 'proxies' in config) return config
  const read = readConfigFiles(config, files)
  if (typeof read === 'string') return unreadable(read)
  const resolvConf = () => {
    const content = files.read('/etc/resolv.conf')
    return typeof content === 'string' ? undefined : decodeText(content)
  }
  return parseConfig(read, {
    env: machine.environment,
    localPeer: { name: machine.hostname, fromCommandLine: false },
    resolve: (host) => world.resolve(host),
    resolvConf,
  })
}

/** The texts of a configuration, or why they cannot be read. */
const readConfigFiles = (
  config: Exclude<HaproxyOptions['config'], Configuration>,
  files: LayeredFiles,
): readonly ConfigFile[] | string => {
  if (typeof config === 'string') return [{ name: 'haproxy.cfg', text: endedByLineFeed(config) }]
  if ('error' in config) return config.error
  if ('file' in config) {
    const file = readFile(config.file, files)
    return typeof file === 'string' ? file : [file]
  }
  if (!('text' in config)) return config
  return [{ name: config.name, text: endedByLineFeed(config.text) }]
}

/** A file without a last line feed may have been cut off, which HAProxy does not forgive; a text in a program was not. */
const endedByLineFeed = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

const readFile = (name: string, files: LayeredFiles): ConfigFile | string => {
  const content = files.readNamed(name)
  return typeof content === 'string'
    ? `Cannot open configuration file/directory ${name} : ${fileErrorText(content)}`
    : { name, text: decodeText(content) }
}

/** An empty configuration that cannot start, for the reason given. */
const unreadable = (why: string): Configuration => {
  const empty = parseConfig([], {})
  const checked = { diagnostics: [{ severity: 'alert' as const, place: undefined, text: why }], failed: true }
  return { ...empty, validityReport: checked, diagnostics: checked.diagnostics, failed: true }
}
