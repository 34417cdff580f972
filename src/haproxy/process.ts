/**
 * One HAProxy process: built from a checked configuration, started (start.ts), running on the threads of a scheduler, stopped.
 */
import type { Variables } from '../config/syntax/environment.js'
import type { Configuration } from '../config/model/configuration.js'
import type { Clock, Micros } from '../engine/clock.js'
import type { Random } from '../engine/random.js'
import type { Scheduler } from '../engine/scheduler.js'
import type { ThreadGroup } from '../engine/thread-group.js'
import { LocalTime, timeZone, UTC, zoneFromTz, type TimeZone } from '../engine/time-zone/index.js'
import type { Trace, TraceValue } from '../engine/trace.js'
import type { Network } from '../net/network.js'
import { AddressChanges } from './server/address-changes.js'
import type { CommandRunner } from './checks/external.js'
import { stopChecks } from './checks/start.js'
import { SubscriptionList, type ServerEvent } from './events/events.js'
import { LegacyMailer } from './mailers/legacy-mailers.js'
import { makeListeners } from './listeners/listener.js'
import { Logger } from './logs/logger.js'
import { PatternReferences } from './patterns/index.js'
import { Revisions } from './server/dynamic.js'
import { Proxy } from './proxy/proxy.js'
import { Resolvers } from './resolvers/index.js'
import { RuntimeApi } from './runtime/api.js'
import { Server } from './server/server.js'
import { Start, type CheckResult } from './start.js'
import { Limits } from './stats/limits.js'
import type { Files } from './files.js'
import type { Machine, ProcessExtension, Traffic } from './world.js'

export interface ProcessOptions {
  /** tells processes of one world apart in traces */
  readonly name: string
  readonly configuration: Configuration
  readonly scheduler: Scheduler
  readonly random: Random
  readonly network: Network
  readonly files: Files
  readonly machine: Machine
  /** runs the commands of external checks; without it they are not carried out */
  readonly exec?: CommandRunner | undefined
  readonly extend?: (process: HaproxyProcess) => ProcessExtension
}

export type ProcessStatus = 'new' | 'running' | 'failed' | 'stopped'

export class HaproxyProcess {
  readonly name: string
  readonly configuration: Configuration
  readonly scheduler: Scheduler
  readonly clock: Clock
  readonly trace: Trace
  readonly random: Random
  /** what varies the intervals of checks */
  readonly checkRandom: Random
  readonly network: Network
  readonly files: Files
  readonly machine: Machine
  /** while a script is loaded, what its line of the configuration sees; afterwards what is left when all has been read */
  environment: Variables
  readonly localTime: LocalTime
  readonly threads: ThreadGroup
  readonly logger: Logger
  /** who listens to the events of all servers */
  readonly events = new SubscriptionList()
  /** the runtime API */
  readonly runtime = new RuntimeApi(this)
  /** how often servers were removed, counted so that each one added later has a revision of its own */
  readonly revisions = new Revisions()
  readonly addressChanges = new AddressChanges(this)
  /** the sections `resolvers` at work */
  readonly resolvers = new Resolvers(this)
  /** the numbers of questions to name servers */
  readonly resolverRandom: Random
  /** maps and ACL files */
  readonly patterns: PatternReferences
  readonly exec: CommandRunner | undefined
  /** the built-in mailer; undefined where no mails are wanted */
  readonly mailer: LegacyMailer | undefined
  /** how many connections it takes */
  readonly limits: Limits
  /** in the order of the configuration; while scripts are loaded, those read so far, the last one first */
  readonly proxies: Proxy[] = []
  /** scripts are being loaded and the configuration is not yet checked: proxies and servers have no automatic numbers */
  loading = true
  /** undefined while nobody carries any */
  traffic: Traffic | undefined
  status: ProcessStatus = 'new'
  /** it did not end by itself */
  crashed = false
  /** a soft stop was asked for; it has closed its listeners: what is open comes to its end */
  isStopping = false
  isDraining = false
  /** when it was started, on the clock of the run */
  startedAt: Micros = 0
  /** whether the built-in mailer is off (`core.disable_legacy_mailers`) */
  legacyMailersDisabled = false
  readonly #backends = new Map<string, Proxy>()
  readonly #frontends = new Map<string, Proxy>()
  readonly #byUuid = new Map<number, Proxy>()
  readonly #extension: ProcessExtension | undefined
  readonly #machineZone: TimeZone
  /** TZ as it was when {@link localTime} got its zone */
  #zoneVariable: string | undefined

  constructor(options: ProcessOptions) {
    this.name = options.name
    this.configuration = options.configuration
    this.scheduler = options.scheduler
    this.clock = options.scheduler.clock
    this.trace = options.scheduler.trace
    this.random = options.random
    this.checkRandom = options.random.stream('checks')
    this.resolverRandom = options.random.stream('resolvers')
    this.network = options.network
    this.files = options.files
    this.machine = options.machine
    this.environment = options.configuration.env
    this.#machineZone = machineZone(options.machine)
    this.#zoneVariable = this.machine.environment.TZ
    this.localTime = new LocalTime(zoneFromTz(this.#zoneVariable, this.#machineZone))
    this.exec = options.exec
    if (options.configuration.mailers.length > 0) this.mailer = new LegacyMailer(this)
    this.threads = this.scheduler.threads(options.name, options.configuration.global.nbthread ?? options.machine.cpus)
    this.limits = new Limits(options.configuration, this.threads.count, options.machine.descriptors)
    this.logger = new Logger(this.trace, this.name, options.configuration.global.logs)
    this.patterns = new PatternReferences({
      files: options.files,
      wallTime: () => this.clock.wall,
      resolve: (host) => options.network.resolve(host),
    })
    this.#extension = options.extend?.(this)
  }

  /** @internal writes an event to the trace */
  recordEvent(event: ServerEvent): void {
    const { name, server, state, admin, check } = event
    const data = { ...(state && { state }), ...(admin && { admin }), ...(check && { check }) } as TraceValue
    this.trace.write('event', { process: this.name, name, proxy: server.proxyName, server: server.name, data })
  }

  /** Looks at TZ again: the C library does so when it searches the moment of a date (`mktime`), and otherwise at the start only. */
  refreshTimeZone(): void {
    const variable = this.environment.get('TZ')
    if (variable === this.#zoneVariable) return
    this.#zoneVariable = variable
    this.localTime.zone = zoneFromTz(variable, this.#machineZone)
  }

  /** Whether the process is still being started: nothing is logged then that only concerns its first state. */
  get starting(): boolean {
    return this.status === 'new'
  }

  backendNamed(name: string): Proxy | undefined {
    return this.#backends.get(name)
  }

  frontendNamed(name: string): Proxy | undefined {
    return this.#frontends.get(name)
  }

  /** The server called `backend/server`. */
  server(path: string): Server | undefined {
    const slash = path.indexOf('/')
    return slash < 0 ? undefined : this.backendNamed(path.slice(0, slash))?.server(path.slice(slash + 1))
  }

  /** The live server that an event speaks of. */
  serverOf(event: { readonly proxyUuid: number; readonly puid: number; readonly rid: number }): Server | undefined {
    return this.#withUuid(event.proxyUuid)?.serverById(event.puid, event.rid)
  }

  #withUuid(uuid: number): Proxy | undefined {
    if (this.#byUuid.size !== this.proxies.length) for (const proxy of this.proxies) this.#byUuid.set(proxy.uuid, proxy)
    return this.#byUuid.get(uuid)
  }

  /** Only looks whether it would start, as `haproxy -c` does: scripts are loaded, their init functions are not called. */
  check(): CheckResult {
    const result = new Start(this, this.#extension).check()
    this.#giveUp()
    return result
  }

  /** Starts it. Returns false when HAProxy would have refused to start; why has been said to the operator then. */
  start(): boolean {
    if (this.status !== 'new') throw new Error(`the process ${this.name} was started already`)
    this.startedAt = this.clock.now
    if (new Start(this, this.#extension).run()) this.status = 'running'
    else this.#giveUp()
    return this.status === 'running'
  }

  #giveUp(): void {
    this.status = 'failed'
    this.scheduler.removeThreads(this.threads)
  }

  /** Begins no health check any more; those that are under way come to their end. */
  suspendChecks(): void {
    for (const proxy of this.proxies) for (const server of proxy.servers) if (server.check) server.check.paused = true
  }

  /** Ends the connections of scripts and of the runtime API. */
  closeConnections(): void {
    this.runtime.closeConnections()
    this.#extension?.closeConnections()
  }

  /** Ends it as a crash does: the operator reads the reason, and nothing else is done. */
  crash(reason: string): void {
    if (this.status !== 'running') return
    this.logger.say('alert', reason)
    this.trace.write('crash', { process: this.name, reason })
    this.crashed = true
    this.stop()
  }

  /** Ends it at once. */
  stop(): void {
    if (this.status !== 'running') return
    this.status = 'stopped'
    this.runtime.stop()
    this.resolvers.stop()
    this.#extension?.stop()
    for (const proxy of this.proxies) for (const server of proxy.servers) stopChecks(server)
    this.scheduler.removeThreads(this.threads)
  }

  /** @internal makes the next proxies of the configuration, up to the `until`-th */
  addProxies(until: number): void {
    for (const config of this.configuration.proxies.slice(this.proxies.length, until)) {
      const proxy = new Proxy(this, config)
      proxy.setServers(config.servers.map((server) => new Server(proxy, server)))
      proxy.listeners = makeListeners(proxy)
      this.proxies.unshift(proxy)
      const maps = [...(proxy.backend ? [this.#backends] : []), ...(proxy.frontend ? [this.#frontends] : [])]
      for (const map of maps) if (!map.has(proxy.name)) map.set(proxy.name, proxy)
    }
  }
  /** @internal the configuration is read: puts proxies and servers in their final order (`check_config_validity`) */
  endLoading(): void {
    this.loading = false
    this.proxies.reverse()
    for (const proxy of this.proxies) proxy.endLoading()
  }
}

const machineZone = ({ timezone }: Machine): TimeZone => {
  if (timezone === undefined) return UTC
  const zone = timeZone(timezone)
  if (zone === undefined) throw new RangeError(`there is no time zone '${timezone}'`)
  return zone
}
