/**
 * A server of a backend (`struct server` in include/haproxy/server-t.h). state.ts changes its state, checks/ has its checks.
 */
import type { ServerConfig } from '../../config/model/server.js'
import type { Micros } from '../../engine/clock.js'
import type { Task } from '../../engine/task.js'
import { formatAddress, isIp, type Address, type IpAddress } from '../../net/address.js'
import type { Check } from '../checks/check.js'
import { STATUS, type CheckResult, type CheckStatus } from '../../config/checks/status.js'
import { BackendCounters, NO_BACKEND_COUNTERS } from '../counters/proxy.js'
import { SubscriptionList } from '../events/events.js'
import type { Proxy } from '../proxy/proxy.js'
import { clockOrigin } from '../stats/ages.js'
import { ServerAdmin, ServerState } from './status.js'
import { NO_TRAFFIC, type ServerTraffic } from './traffic.js'

export { ServerAdmin, ServerState } from './status.js'

/** Takes changes of servers' addresses, which come into force later. */
export interface AddressUpdates {
  /**
   * Plans a change and publishes it.
   * @param address undefined: the server has no address any more
   * @param mapPorts whether its port becomes an offset to that of the client's connection
   * @param resolved whether a DNS answer is the reason
   * @param port that of a server without an address; undefined: it stays
   */
  add(server: Server, address: IpAddress | undefined, mapPorts: boolean, resolved?: boolean, port?: number): void
}

export class Server {
  readonly name: string
  /** revision: distinguishes servers that had the same id one after another */
  readonly rid: number
  readonly backup: boolean
  readonly dynamic: boolean
  address: Address
  /** false while its name is not resolved */
  hasAddress: boolean
  /** the name that is resolved to its address (`set server … fqdn` changes it) */
  hostname: string | undefined

  state: ServerState = ServerState.RUNNING
  nextState: ServerState = ServerState.RUNNING
  /** bits of {@link ServerAdmin} */
  admin = 0
  nextAdmin = 0
  readonly #puid: number
  readonly initialWeight: number
  /** the weight that users see and set, 0 … 256 */
  weight: number
  /** the weight that load balancing uses */
  effectiveWeight = 0
  nextEffectiveWeight = 0
  maxconn: number

  track: Server | undefined
  trackers: Server[] = []
  /** a server tracks it or has tracked it, or the configuration refers to it: it cannot be removed (`SRV_F_NON_PURGEABLE`) */
  nonPurgeable: boolean
  /** the health check, if one is configured */
  check: Check | undefined
  /** the agent check, if one is configured */
  agent: Check | undefined
  /** whether its port is an offset to that of the client's connection (`SRV_F_MAPPORTS`) */
  mapPorts = false
  /** whether connections to it use TLS: 1, or 0, or -1 after `no-ssl` */
  ssl: number
  /** whether {@link ssl} can be changed at run time: TLS was set up when the process started */
  readonly canSwitchSsl: boolean
  /** used in place of the check of a server without one */
  readonly #unchecked: { health: number; status: CheckStatus; result: CheckResult }

  /** when the state changed last; before the start of the process where a state file says so */
  lastChange: Micros
  downTime: Micros = 0
  /** consecutive errors in traffic (`observe`) */
  consecutiveErrors = 0
  /** its streams and its queue */
  traffic: ServerTraffic = NO_TRAFFIC
  deleted = false
  /** @internal whether its backend counts it among its usable servers */
  counted = false
  /** @internal the task that raises its weight during slowstart */
  warmup: Task | undefined
  #subscriptions: SubscriptionList | undefined
  #counters: BackendCounters | undefined

  constructor(
    readonly proxy: Proxy,
    readonly config: ServerConfig,
    identity: { readonly rid: number; readonly dynamic: boolean; readonly puid?: number } = { rid: 0, dynamic: false },
  ) {
    this.lastChange = proxy.process.clock.now
    this.name = config.name
    this.#puid = identity.puid ?? config.puid
    this.rid = identity.rid
    this.nonPurgeable = config.nonPurgeable
    this.dynamic = identity.dynamic
    this.backup = config.backup
    this.address = config.address
    this.hasAddress = config.resolved
    this.hostname = config.hostname
    if (config.portOffset !== undefined && isIp(config.address)) {
      this.address = { ...config.address, port: config.portOffset }
      this.mapPorts = true
    }
    this.initialWeight = config.weight
    this.weight = config.weight
    this.maxconn = Math.max(config.maxconn, config.minconn)
    this.ssl = config.ssl ? 1 : config.noSsl ? -1 : 0
    this.canSwitchSsl = config.ssl || config.sslByDefault || config.check.ssl === true || proxy.config.checkConnectsSsl
    this.#unchecked = { health: config.disabled ? 0 : config.check.rise, status: STATUS.INI, result: 'UNKNOWN' }
  }

  /** Unique within its proxy. 0 until the configuration is checked, and in a disabled proxy, unless `id` sets it. */
  get puid(): number {
    const { process, config } = this.proxy
    return (process.loading || config.disabled) && !this.config.forcedId ? 0 : this.#puid
  }

  /** `backend/server` */
  get path(): string {
    return `${this.proxy.name}/${this.name}`
  }

  /** The health of its check; without a check, what was set last. Maintenance sets it to 0. */
  get health(): number {
    return (this.check ?? this.#unchecked).health
  }

  set health(health: number) {
    ;(this.check ?? this.#unchecked).health = health
  }

  /** The last result of its check; without a check, that of a state file. */
  get found(): { readonly status: CheckStatus; readonly result: CheckResult } {
    return this.check ?? this.#unchecked
  }

  set found({ status, result }) {
    Object.assign(this.check ?? this.#unchecked, { status, result })
  }

  /** The subscriptions to the events of this server alone; made when first used. */
  get subscriptions(): SubscriptionList {
    return (this.#subscriptions ??= new SubscriptionList())
  }

  /** {@link subscriptions}, if there were ever any. */
  get existingSubscriptions(): SubscriptionList | undefined {
    return this.#subscriptions
  }

  /** The limit of connections while the backend is empty; {@link maxconn} unless the configuration has a lower one. */
  get minconn(): number {
    const { minconn, maxconn } = this.config
    return minconn === 0 || minconn >= maxconn ? this.maxconn : minconn
  }

  get currentSessions(): number {
    return this.traffic.currentSessions
  }

  get pendingConnections(): number {
    return this.traffic.pendingConnections
  }

  /** Its counters, to read. */
  get counters(): Readonly<BackendCounters> {
    return this.#counters ?? NO_BACKEND_COUNTERS
  }

  /** Its counters, to count in. */
  get counting(): BackendCounters {
    return (this.#counters ??= new BackendCounters())
  }

  /** Resets its counters (`clear counters all`), the time of the last change included, or only maxima. */
  clearCounters(all: boolean): void {
    if (!all) return this.#counters?.clearMaxima()
    this.#counters = undefined
    this.lastChange = clockOrigin(this.proxy.process)
  }

  /** Whether it gets no new traffic: drained, or its weight is 0 (`server_is_draining`). */
  get draining(): boolean {
    return this.weight === 0 || (this.admin & ServerAdmin.DRAIN) !== 0
  }

  /** Whether load balancing may use it once the pending change is done (`srv_willbe_usable`). */
  get willBeUsable(): boolean {
    return (
      this.nextEffectiveWeight !== 0 &&
      (this.nextAdmin & (ServerAdmin.MAINT | ServerAdmin.DRAIN)) === 0 &&
      this.nextState !== ServerState.STOPPED &&
      this.nextState !== ServerState.STOPPING
    )
  }

  /** `10.0.0.1:80` */
  get addressText(): string {
    return formatAddress(this.address)
  }
}
