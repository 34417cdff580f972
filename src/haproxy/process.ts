/**
 * The assembler: makes the parts of a HAProxy process from a checked configuration and gives each what it uses. A process is started
 * (start.ts), runs on the threads of a scheduler, and is stopped. Parts do not know it: they take a {@link ProcessContext}.
 */
import type { Variables } from '../config/syntax/environment.js'
import type { Configuration } from '../config/model/configuration.js'
import type { Clock, Micros } from '../engine/clock.js'
import type { Random } from '../engine/random.js'
import type { Scheduler } from '../engine/scheduler.js'
import type { ThreadGroup } from '../engine/thread-group.js'
import { LocalTime, timeZone, UTC, zoneFromTz, type TimeZone } from '../engine/time-zone/index.js'
import type { Trace } from '../engine/trace.js'
import type { PublicKey } from '../hash/public-key.js'
import type { Network } from '../net/network.js'
import { HttpClients } from './applets/httpclient/index.js'
import { AddressChanges } from './server/address-changes.js'
import { Checks } from './checks/checks.js'
import type { CommandRunner } from './checks/external.js'
import { ProcessCounters } from './counters/process.js'
import { SubscriptionList } from './events/events.js'
import { checkEvents, stateEvents } from './events/server-events.js'
import { LegacyMailer } from './mailers/legacy-mailers.js'
import { makeListeners } from './listeners/listener.js'
import { Logger } from './logs/logger.js'
import { PatternReferences } from './patterns/index.js'
import { DynamicServers } from './server/dynamic.js'
import { backendChanges } from './proxy/backend.js'
import { Proxies, type ServerIdentity } from './proxy/directory.js'
import { Proxy, type ProxyContext } from './proxy/proxy.js'
import { Resolvers } from './resolvers/index.js'
import { readKeyFiles } from './samples/key-files.js'
import { RuntimeApi } from './runtime/api.js'
import type { RuntimeContext } from './runtime/context.js'
import { ServerObservers, type ServerObserver } from './server/observers.js'
import { Server } from './server/server.js'
import { stateReports } from './server/state-report.js'
import { Traffic } from './traffic.js'
import type { ScriptExtension } from './script-extension.js'
import { trafficChanges } from './server/traffic-changes.js'
import { ProcessVariables } from './samples/variables.js'
import { Start, type ConfigurationCheckResult } from './start.js'
import { ProcessLimits } from './stats/limits.js'
import type { Files } from './files.js'
import type { Machine, ProcessPart } from './world.js'

export interface ProcessOptions {
  /** identifies the process in traces */
  readonly name: string
  readonly configuration: Configuration
  readonly scheduler: Scheduler
  readonly random: Random
  readonly network: Network
  readonly files: Files
  readonly machine: Machine
  /** runs the commands of external checks; without it they are not run */
  readonly exec?: CommandRunner | undefined
  /** whether frontends listen (default: true) */
  readonly opensFrontends?: boolean | undefined
  /** observers of servers besides HAProxy's own, called after these */
  readonly serverObservers?: readonly ServerObserver[]
  readonly extend?: (process: HaproxyProcess) => ScriptExtension
}

export type ProcessStatus = 'new' | 'running' | 'failed' | 'stopped'

export class HaproxyProcess implements ProxyContext, RuntimeContext {
  readonly name: string
  /** read again when the scripts are loaded, if need be */
  configuration: Configuration
  readonly scheduler: Scheduler
  readonly clock: Clock
  readonly trace: Trace
  readonly random: Random
  readonly checkRandom: Random
  readonly network: Network
  readonly files: Files
  readonly publicKeys: ReadonlyMap<string, PublicKey>
  readonly machine: Machine
  environment: Variables
  readonly localTime: LocalTime
  readonly counters: ProcessCounters
  readonly variables = new ProcessVariables()
  readonly threads: ThreadGroup
  readonly logger: Logger
  readonly events = new SubscriptionList()
  readonly limits: ProcessLimits
  /** the runtime API */
  readonly runtime: RuntimeApi
  /** maps and ACL files */
  readonly patterns: PatternReferences
  /** the `resolvers` sections */
  readonly resolvers: Resolvers
  readonly checks: Checks
  /** the streams of its frontends */
  readonly traffic: Traffic
  readonly httpClients: HttpClients
  readonly dynamicServers: DynamicServers
  readonly addressChanges = new AddressChanges(this)
  readonly serverObservers: ServerObservers
  readonly opensFrontends: boolean
  loading = true
  status: ProcessStatus = 'new'
  /** ended by {@link crash} */
  crashed = false
  /** a soft stop has been requested */
  isStopping = false
  /** the soft stop has closed the listeners; open connections may end */
  isDraining = false
  startedAt: Micros = 0
  /** whether the built-in mailer is off (`core.disable_legacy_mailers`) */
  legacyMailersDisabled = false
  readonly #directory = new Proxies()
  readonly #extension: ScriptExtension | undefined
  readonly #parts: readonly ProcessPart[]
  readonly #machineZone: TimeZone
  /** the value of TZ from which {@link localTime} has its zone */
  #zoneVariable: string | undefined

  constructor(options: ProcessOptions) {
    this.name = options.name
    this.configuration = options.configuration
    this.scheduler = options.scheduler
    this.clock = options.scheduler.clock
    this.counters = new ProcessCounters(this.clock)
    this.trace = options.scheduler.trace
    this.random = options.random
    this.checkRandom = options.random.stream('checks')
    this.network = options.network
    this.files = options.files
    this.publicKeys = readKeyFiles(options.configuration.keyFiles, options.files)
    this.machine = options.machine
    this.environment = options.configuration.env
    this.#machineZone = machineZone(options.machine)
    this.#zoneVariable = this.machine.environment.TZ
    this.localTime = new LocalTime(zoneFromTz(this.#zoneVariable, this.#machineZone))
    this.threads = this.scheduler.threads(options.name, options.configuration.global.nbthread ?? options.machine.cpus)
    this.opensFrontends = options.opensFrontends ?? true
    this.limits = new ProcessLimits(options.configuration, this.threads.count, options.machine.descriptors)
    this.logger = new Logger(
      this.trace,
      this.name,
      options.configuration.global.logs,
      options.configuration.logProfiles,
    )
    this.patterns = new PatternReferences({
      files: options.files,
      wallTime: () => this.clock.wall,
      resolve: (host) => options.network.resolve(host),
    })
    this.runtime = new RuntimeApi(this)
    this.resolvers = new Resolvers(this, this.#directory)
    this.checks = new Checks(this.#directory, options.exec)
    this.traffic = new Traffic(this)
    this.httpClients = new HttpClients(this, this.traffic)
    this.dynamicServers = new DynamicServers(this, this.checks)
    // in HAProxy's order: the event of a check comes before its report, those of a state after it
    this.serverObservers = new ServerObservers([
      this.traffic.serverObserver,
      trafficChanges,
      checkEvents,
      stateReports,
      ...(options.configuration.mailers.length > 0 ? [new LegacyMailer(this)] : []),
      stateEvents,
      backendChanges,
      ...(options.serverObservers ?? []),
    ])
    this.#extension = options.extend?.(this)
    this.traffic.scripts = this.#extension?.functions
    this.#parts = [
      this.runtime,
      this.traffic,
      this.httpClients,
      this.resolvers,
      ...(this.#extension ? [this.#extension] : []),
      this.checks,
    ]
  }

  get proxies(): readonly Proxy[] {
    return this.#directory.proxies
  }

  /** Reads TZ again, as the C library does in `mktime`; otherwise it reads it at the start only. */
  refreshTimeZone(): void {
    const variable = this.environment.get('TZ')
    if (variable === this.#zoneVariable) return
    this.#zoneVariable = variable
    this.localTime.zone = zoneFromTz(variable, this.#machineZone)
  }

  get starting(): boolean {
    return this.status === 'new'
  }

  backendNamed(name: string): Proxy | undefined {
    return this.#directory.backendNamed(name)
  }

  frontendNamed(name: string): Proxy | undefined {
    return this.#directory.frontendNamed(name)
  }

  server(path: string): Server | undefined {
    return this.#directory.server(path)
  }

  /** The server that an event is about; undefined once it is gone. */
  serverOf(identity: ServerIdentity): Server | undefined {
    return this.#directory.serverOf(identity)
  }

  /** Checks whether it would start, as `haproxy -c` does: scripts are loaded, their init functions are not called. */
  check(): ConfigurationCheckResult {
    const result = new Start(this, this.#extension).check()
    this.#fail()
    return result
  }

  /** Starts it. Returns false when HAProxy would have refused to start; the operator gets the reason. */
  start(): boolean {
    if (this.status !== 'new') throw new Error(`the process ${this.name} was started already`)
    this.startedAt = this.clock.now
    if (new Start(this, this.#extension).run()) this.status = 'running'
    else this.#fail()
    return this.status === 'running'
  }

  #fail(): void {
    this.status = 'failed'
    this.scheduler.removeThreads(this.threads)
  }

  /** @internal */
  startParts(): void {
    for (const part of this.#parts) part.start?.()
  }

  /** @internal a soft stop: nothing new begins, what is in progress continues */
  drain(): void {
    for (const part of this.#parts) part.drain?.()
  }

  /** Closes the connections of scripts and of the runtime API. */
  closeConnections(): void {
    for (const part of this.#parts) part.closeConnections?.()
  }

  /** Ends it as a crash does: the operator gets the reason. */
  crash(reason: string): void {
    if (this.status !== 'running') return
    this.logger.message('alert', reason)
    this.trace.write('crash', { process: this.name, reason })
    this.crashed = true
    this.stop()
  }

  /** Stops it at once. */
  stop(): void {
    if (this.status !== 'running') return
    this.status = 'stopped'
    for (const part of this.#parts) part.stop?.()
    this.scheduler.removeThreads(this.threads)
  }

  /** @internal */
  addProxies(until: number): void {
    for (const config of this.configuration.proxies.slice(this.proxies.length, until)) {
      const proxy = new Proxy(this, config)
      proxy.setServers(config.servers.map((server) => new Server(proxy, server)))
      proxy.listeners = makeListeners(proxy)
      this.#directory.add(proxy)
    }
  }

  /** @internal */
  endLoading(): void {
    this.loading = false
    this.#directory.endLoading()
  }
}

const machineZone = ({ timezone }: Machine): TimeZone => {
  if (timezone === undefined) return UTC
  const zone = timeZone(timezone)
  if (zone === undefined) throw new RangeError(`there is no time zone '${timezone}'`)
  return zone
}
