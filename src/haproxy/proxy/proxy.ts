/** A frontend, a backend, or both in one. (`struct proxy` in include/haproxy/proxy-t.h.) */
import type { ProxyConfig, ProxyMode } from '../../config/model/proxy.js'
import type { Micros } from '../../engine/clock.js'
import type { LogSource } from '../logs/logger.js'
import type { Listener } from '../listeners/listener.js'
import { StickTable } from '../tables/stick-table.js'
import type { ProcessContext } from '../context.js'
import { ModuleCounters } from '../counters/modules.js'
import type { ErrorSnapshot } from './error-snapshot.js'
import { BackendCounters, FrontendCounters, NO_BACKEND_COUNTERS, NO_FRONTEND_COUNTERS } from '../counters/proxy.js'
import { clockOrigin } from '../stats/ages.js'
import type { ServerObservers } from '../server/observers.js'
import type { AddressUpdates, Server } from '../server/server.js'

/** Whether weights can be changed at run time (`BE_LB_PROP_DYN`, set in `proxy_finalize`). */
const hasDynamicWeights = ({ balance, hash }: ProxyConfig): boolean => {
  switch (balance?.algorithm) {
    case 'roundrobin':
    case 'leastconn':
    case 'first':
    case 'random':
    case 'sticky':
      return true
    case undefined:
    case 'static-rr':
      return false
    default:
      return hash.method === 'consistent'
  }
}

/** What proxies and their servers use of their process. */
export interface ProxyContext extends ProcessContext {
  readonly serverObservers: ServerObservers
  readonly addressChanges: AddressUpdates
  backendNamed(name: string): Proxy | undefined
  frontendNamed(name: string): Proxy | undefined
}

/** Up to this number of servers they are searched by name without an index. */
const FEW_SERVERS = 8

export class Proxy implements LogSource {
  readonly name: string
  readonly mode: ProxyMode
  /** whether it accepts clients */
  readonly frontend: boolean
  /** whether it has servers */
  readonly backend: boolean
  /**
   * In the order of the configuration, servers added at run time last. HAProxy prepends each server to a list, which it reverses when
   * it checks the proxy; that of a disabled proxy stays reversed.
   */
  servers: Server[] = []
  listeners: Listener[] = []
  /** usable active and backup servers (`srv_act`, `srv_bck`) */
  activeServers = 0
  backupServers = 0
  /** when the backend went down or came up last; before that, the start of the process */
  lastChange: Micros
  downTime: Micros = 0
  /** sessions of the frontend, and streams of the backend, now (`feconn`, `beconn`) */
  frontendSessions = 0
  backendSessions = 0
  /** connections in the backend's queue (`queueslength`) */
  pendingConnections = 0
  /** `maxconn` as set by the runtime API; undefined: as configured */
  maxconn: number | undefined
  /** log lines about its streams (`log_count`) */
  logLines = 0
  stopped = false
  paused = false
  /** whether its load balancing algorithm supports changes of weights (`BE_LB_PROP_DYN`) */
  readonly dynamicWeights: boolean
  /** effective weight of a server of weight 1 at full throttle (`lbprm.wdiv`) */
  readonly weightScale: number
  #frontendCounters: FrontendCounters | undefined
  #backendCounters: BackendCounters | undefined
  /** the last messages that could not be parsed */
  invalidRequest: ErrorSnapshot | undefined
  invalidResponse: ErrorSnapshot | undefined
  #frontendModules: ModuleCounters | undefined
  #backendModules: ModuleCounters | undefined
  /** its stick table, which has the name of the proxy */
  readonly stickTable: StickTable | undefined
  #serversByName: Map<string, Server> | undefined
  #serversByNumber: Map<number, Server> | undefined
  #lowestFree = 1

  constructor(
    readonly process: ProxyContext,
    readonly config: ProxyConfig,
  ) {
    this.lastChange = process.clock.now
    this.name = config.name
    this.mode = config.mode
    this.frontend = config.kind !== 'backend'
    this.backend = config.kind !== 'frontend'
    this.dynamicWeights = !config.disabled && hasDynamicWeights(config)
    this.weightScale = this.dynamicWeights ? 16 : 1
    this.stickTable = config.table && new StickTable(config.table)
  }

  /** -1 until the configuration is checked, unless `id` sets it */
  get uuid(): number {
    return this.process.loading && !this.config.forcedId ? -1 : this.config.uuid
  }

  get logs(): ProxyConfig['logs'] {
    return this.config.logs
  }

  get logTag(): string | undefined {
    return this.config.logTag
  }

  /** Its kind in messages: `backend`, `frontend` or `proxy`. */
  get kindText(): string {
    return this.frontend && this.backend ? 'proxy' : this.frontend ? 'frontend' : 'backend'
  }

  /** The server of that name; the first one if there are several. */
  server(name: string): Server | undefined {
    if (this.servers.length <= FEW_SERVERS) return this.servers.find((server) => server.name === name)
    if (this.#serversByName === undefined) {
      this.#serversByName = new Map()
      for (const server of this.servers)
        if (!this.#serversByName.has(server.name)) this.#serversByName.set(server.name, server)
    }
    return this.#serversByName.get(name)
  }

  /** Its counters, to read. */
  get frontendCounters(): Readonly<FrontendCounters> {
    return this.#frontendCounters ?? NO_FRONTEND_COUNTERS
  }

  get backendCounters(): Readonly<BackendCounters> {
    return this.#backendCounters ?? NO_BACKEND_COUNTERS
  }

  /** Its counters, to count in. */
  get countingFrontend(): FrontendCounters {
    return (this.#frontendCounters ??= new FrontendCounters())
  }

  get countingBackend(): BackendCounters {
    return (this.#backendCounters ??= new BackendCounters())
  }

  /** What modules have counted, such as HTTP/1; undefined: nothing. */
  get frontendModules(): ModuleCounters | undefined {
    return this.#frontendModules
  }

  get backendModules(): ModuleCounters | undefined {
    return this.#backendModules
  }

  /** Counts in a column of a module. */
  countModule(side: 'frontend' | 'backend', column: string, count = 1): void {
    const counters =
      side === 'frontend'
        ? (this.#frontendModules ??= new ModuleCounters())
        : (this.#backendModules ??= new ModuleCounters())
    counters.add(column, count)
  }

  /** Resets its counters (`clear counters all`), the time of the last change included, or only maxima and those of modules. */
  clearCounters(all: boolean): void {
    this.#frontendModules = this.#backendModules = undefined
    if (!all) {
      this.#frontendCounters?.clearMaxima()
      this.#backendCounters?.clearMaxima()
      return
    }
    this.#frontendCounters = this.#backendCounters = undefined
    this.lastChange = clockOrigin(this.process)
  }

  /** @internal sets the servers while the configuration is read; until {@link endLoading} each line counts as one usable server */
  setServers(servers: Server[]): void {
    this.servers = servers.reverse()
    for (const { backup } of servers.length > 1 ? oneOfEachLine(servers) : servers)
      if (backup) this.backupServers++
      else this.activeServers++
  }

  /** @internal */
  endLoading(): void {
    if (this.config.disabled) return
    this.servers.reverse()
    this.activeServers = this.backupServers = 0
  }

  /** Adds a server at run time. */
  addServer(server: Server): void {
    this.servers.push(server)
    this.#serversByName?.set(server.name, server)
    this.#serversByNumber?.set(server.puid, server)
  }

  /** Removes a server. */
  removeServer(server: Server): void {
    this.servers.splice(this.servers.indexOf(server), 1)
    if (this.#serversByName?.get(server.name) === server) this.#serversByName.delete(server.name)
    this.#serversByNumber?.delete(server.puid)
    if (server.puid < this.#lowestFree) this.#lowestFree = server.puid
  }

  /** The lowest unused server number. */
  freeNumber(): number {
    while (this.serverWithNumber(this.#lowestFree)) this.#lowestFree++
    return this.#lowestFree
  }

  /** The server with that number. */
  serverWithNumber(puid: number): Server | undefined {
    if (this.#serversByNumber === undefined) {
      this.#serversByNumber = new Map()
      for (const server of this.servers) this.#serversByNumber.set(server.puid, server)
    }
    return this.#serversByNumber.get(puid)
  }

  /** The server with that number and revision, as an event names it; undefined once it is gone. */
  serverById(puid: number, rid: number): Server | undefined {
    const server = this.serverWithNumber(puid)
    return server?.rid === rid ? server : undefined
  }
}

/** The servers without the further ones of a `server-template` line. */
const oneOfEachLine = (servers: readonly Server[]): Iterable<Server> =>
  new Map(servers.map((server) => [`${server.config.place.file}:${server.config.place.line}`, server])).values()
