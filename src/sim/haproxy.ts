/** The public interface to a simulated HAProxy process. */
import { MILLISECOND, type Clock } from '../engine/clock.js'
import type { Random } from '../engine/random.js'
import type { Scheduler } from '../engine/scheduler.js'
import type { Trace, TraceRecord } from '../engine/trace.js'
import type { EventRecord } from '../haproxy/events/events.js'
import type { LogRecord, MessageRecord } from '../haproxy/logs/logger.js'
import type { CommandRunner } from '../haproxy/checks/external.js'
import { HaproxyProcess } from '../haproxy/process.js'
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
import type { HttpAnswer } from './actors/answer.js'
import type { BodyData } from './actors/body-pieces.js'
import {
  ScriptCalls,
  withCallersStack,
  type ActionResult,
  type CalledProcess,
  type CallOptions,
  type CallValue,
  type ServiceOptions,
} from './calls/index.js'
import { readConfiguration, type GivenConfiguration } from './configuration.js'
import { toMicros, type Duration } from './duration.js'
import { createDevices } from './devices.js'
import { LayeredFiles, type GivenFiles } from './files.js'
import { StandardInput } from './host/descriptor.js'
import { hostTime } from './host/time.js'
import { STAND_INS_FOLDER, standIns } from './stand-ins.js'
import { shell } from './programs.js'
import type { Network } from '../net/network.js'

/** The environment of a process: a simulation, or the real system in live mode. */
export interface ProcessWorld {
  /** live mode: use the host's devices, pipes and standard input; `waited` is called when waiting for one times out */
  readonly live?: { readonly waited: (text: string) => void } | undefined
  /** called with the full path of each disk access */
  readonly onFileAccess?: ((file: string) => void) | undefined
  readonly scheduler: Scheduler
  readonly clock: Clock
  readonly trace: Trace
  readonly random: Random
  /** the network of the process's host */
  readonly home: Network
  /** virtual time per Lua instruction, in nanoseconds */
  readonly instructionCost: number
  readonly pairsSeed: number | undefined
  /** Lua coverage */
  readonly coverage?: LuaCoverage | undefined
  /** whether processes have stand-ins for C modules by default */
  readonly modules?: boolean | undefined
  /** resolves a host name */
  resolve(name: string): readonly string[]
  /** terminates the hapsim process */
  readonly exit?: (code: number) => never
  /** advances time until `condition` holds, if possible in the current context */
  runUntil(condition: () => boolean, limit: Duration): boolean
}

/** Options of a process. */
export interface HaproxyOptions {
  readonly config: GivenConfiguration
  /** files by path; others are read from the disk */
  readonly files?: GivenFiles
  /** whether frontends listen (default: true) */
  readonly opensFrontends?: boolean | undefined
  /** base directory of relative paths; `false`: no access to the disk (default: the working directory) */
  readonly directory?: string | false
  /** its name as a peer (`-L`; default: the hostname) */
  readonly localPeer?: string | undefined
  /** name in traces (default: `haproxy`) */
  readonly name?: string
  /**
   * Runs the commands of `option external-check`; without it they are not run. It is called synchronously and returns how long
   * the command takes in virtual microseconds.
   */
  readonly exec?: CommandRunner
  /**
   * The machine: `hostname` (default `haproxy`), `cpus` (default 2), `timezone` (default: UTC), `environment` of the process
   * (default: empty; a parsed configuration keeps its environment).
   */
  readonly machine?: Partial<Machine>
  /** Lua version (default: 5.4, as in HAProxy's packages) */
  readonly lua?: '5.3' | '5.4'
  /**
   * whether `require` finds stand-ins for C modules: `cjson`, `socket` … (default: that of the simulation); Lua modules in the path of
   * `lua-prepend-path` come first
   */
  readonly modules?: boolean | undefined
  /** what scripts may do on the host: run programs (`exec`), write files in the directory or anywhere (`write`) (default: nothing) */
  readonly allow?: { readonly exec?: boolean; readonly write?: boolean | 'anywhere' }
  /** real-time limit for the body and each init function of a script (default 30s); 0: none */
  readonly startLimit?: Duration
}

/** The trace record of a runtime API command and its response. */
export interface CliRecord extends TraceRecord {
  readonly type: 'cli'
  readonly process: string
  readonly command: string
  readonly answer: string
}

/** HAProxy refuses to start. `messages` are its messages in order. */
export class StartError extends Error {
  constructor(readonly messages: readonly MessageRecord[]) {
    const alerts = messages.filter((each) => each.severity === 'alert')
    super(`HAProxy does not start:\n${alerts.map((each) => `[ALERT] ${each.text}`).join('\n')}`)
    this.name = 'StartError'
  }
}

/** A read-only view of a server. */
export class ServerView {
  constructor(readonly server: Server) {}

  /** the status in `show stat`: `UP`, `UP 1/2`, `DOWN`, `MAINT`, `no check` … */
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

/** A HAProxy process. */
export class Haproxy {
  readonly name: string
  readonly process: HaproxyProcess
  /** lines printed by scripts */
  readonly output: string[] = []
  readonly events: EventRecord[] = []
  #lua!: LuaHost
  #calls: ScriptCalls | undefined

  /** @internal made by {@link Simulation.haproxy} */
  constructor(
    readonly simulation: ProcessWorld,
    options: HaproxyOptions,
  ) {
    this.name = options.name ?? 'haproxy'
    const directory = options.directory === false ? undefined : (options.directory ?? '.')
    const { live } = simulation
    const random = simulation.random.stream(this.name)
    const modules = options.modules ?? simulation.modules ?? false
    const files = new LayeredFiles(modules ? { ...standIns(), ...options.files } : (options.files ?? {}), {
      directory,
      onAccess: simulation.onFileAccess,
      writes: writeAccess(options.allow?.write),
      live,
      devices: live
        ? undefined
        : createDevices({
            random: random.stream('devices'),
            write: (stream, bytes) => this.#lua.output.writeBytes(stream, bytes),
          }),
    })
    const machine: Machine = { hostname: 'haproxy', cpus: 2, pid: 1, environment: {}, ...options.machine }
    this.process = new HaproxyProcess({
      name: this.name,
      configuration: readConfiguration(options, files, machine, simulation),
      scheduler: simulation.scheduler,
      random,
      network: simulation.home,
      files,
      machine,
      exec: options.exec,
      opensFrontends: options.opensFrontends,
      extend: (process) =>
        (this.#lua = createLuaHost(process, {
          instructionCost: simulation.instructionCost,
          version: options.lua ?? '5.4',
          standIns: modules ? STAND_INS_FOLDER : undefined,
          pairsSeed: simulation.pairsSeed,
          startLimit: startLimit(options.startLimit),
          coverage: simulation.coverage?.instrument(files.root, (name) => {
            const path = this.#lua.sourcePath(name)
            return path.startsWith(`${STAND_INS_FOLDER}/`) ? undefined : files.resolvePath(path)
          }),
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

  /** @internal the Lua host */
  get lua(): LuaHost {
    return this.#lua
  }

  /** Starts it. Throws a {@link StartError} if HAProxy would refuse to start. */
  start(): this {
    if (!this.process.start()) throw new StartError(this.messages)
    return this
  }

  /** Closes and flushes files opened by scripts. */
  closeFiles(): void {
    this.#lua.closeFiles()
  }

  /** Stops it immediately. */
  stop(): void {
    this.process.stop()
  }

  /** Log lines in order, only those with a log target. */
  get logs(): readonly LogRecord[] {
    return this.process.logger.logs
  }

  /** Messages on standard error. */
  get messages(): readonly MessageRecord[] {
    return this.process.logger.messages
  }

  /**
   * Executes a runtime API command at level admin and returns the response. A payload follows on further lines. Time advances by up
   * to ten seconds for script commands that wait, unless this is called from within the simulation.
   */
  cli(command: string): string {
    const { scheduler } = this.simulation
    const wait = (isDone: () => boolean) => void this.simulation.runUntil(isDone, '10s')
    const answer = this.process.runtime.execute(command, 'admin', scheduler.running ? undefined : wait)
    this.simulation.trace.write('cli', { process: this.name, command, answer })
    return answer
  }

  /**
   * Calls a fetch that a script has registered, such as `lua.is_admin`, and returns its value; undefined: it has returned none. Throws a
   * RangeError for an unknown name and invalid options, and a {@link CallError} with HAProxy's message if the function fails.
   *
   * All four calls run the function in a stream without a network: time advances while it waits, at most `options.limit`.
   */
  fetch(name: string, options?: CallOptions): CallValue | undefined {
    return withCallersStack(this.fetch, () => this.#scripts.fetch(name, options))
  }

  /** Calls a converter that a script has registered, as {@link fetch}. */
  converter(name: string, input: CallValue, options?: CallOptions): CallValue | undefined {
    return withCallersStack(this.converter, () => this.#scripts.converter(name, input, options))
  }

  /** Calls an action that a script has registered, as {@link fetch}, and returns what it has done. */
  action(name: string, options?: CallOptions): ActionResult {
    return withCallersStack(this.action, () => this.#scripts.action(name, options))
  }

  /**
   * Calls a service that a script has registered, as {@link fetch}. Returns its answer, or what a service for TCP has sent: the client ends
   * its side once the service waits for more than `options.data`.
   */
  service(name: string, options: ServiceOptions & { readonly data: BodyData }): Uint8Array
  service(name: string, options?: ServiceOptions): HttpAnswer
  service(name: string, options?: ServiceOptions): HttpAnswer | Uint8Array | undefined {
    return withCallersStack(this.service, () => this.#scripts.service(name, options))
  }

  get #scripts(): ScriptCalls {
    return (this.#calls ??= new ScriptCalls(this.#calledProcess()))
  }

  #calledProcess(): CalledProcess {
    const { name, process, simulation } = this
    return {
      name,
      traffic: process.traffic,
      proxyContext: process,
      registrations: this.#lua.registrations,
      logs: process.logger.logs,
      messages: process.logger.messages,
      get isRunning() {
        return process.status === 'running'
      },
      get isInStep() {
        return simulation.scheduler.running
      },
      placeOf: (task) => this.#lua.placeOfTask(task),
      runUntil: (condition, limit) => simulation.runUntil(condition, limit),
    }
  }

  /** Tasks, handlers and commands of scripts that nothing can wake; waiting for a queue does not count. */
  get stuckTasks(): readonly StuckTask[] {
    return this.#lua.stuckTasks
  }

  /** The server `backend/server`. Throws a RangeError with a list of servers if it does not exist. */
  server(path: string): ServerView {
    const server = this.process.server(path)
    if (server === undefined) {
      const known = this.process.proxies.flatMap((proxy) => proxy.servers.map((each) => each.path))
      throw new RangeError(`unknown server '${path}'; known servers: ${known.slice(0, 20).join(', ') || 'none'}`)
    }
    return new ServerView(server)
  }

  /** Milliseconds since the start. */
  get uptime(): number {
    return (this.simulation.clock.now - this.process.startedAt) / MILLISECOND
  }
}

const writeAccess = (write: boolean | 'anywhere' | undefined) =>
  write === 'anywhere' ? 'anywhere' : write ? 'in directory' : 'none'

const DEFAULT_START_LIMIT = '30s'

const startLimit = (given: Duration = DEFAULT_START_LIMIT): LuaHostOptions['startLimit'] => {
  const milliseconds = toMicros(given) / MILLISECOND
  return milliseconds === 0 ? undefined : { milliseconds, now: hostTime }
}
