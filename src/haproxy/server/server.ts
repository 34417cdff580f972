/**
 * A server of a backend: what it is and how it stands. How its state changes is told in state.ts, its checks in
 * checks/. (`struct server` in include/haproxy/server-t.h.)
 */
import type { ServerConfig } from '../../config/model/server.js'
import type { Micros } from '../../engine/clock.js'
import type { Task } from '../../engine/task.js'
import { formatAddress, isIp, type Address } from '../../net/address.js'
import type { Check } from '../checks/check.js'
import { STATUS, type CheckResult, type CheckStatus } from '../dialogue/status.js'
import { SubscriptionList } from '../events/events.js'
import type { Proxy } from '../proxy/proxy.js'

/** Operational state (`enum srv_state`). Only STOPPED is down. */
export const ServerState = { STOPPED: 0, STARTING: 1, RUNNING: 2, STOPPING: 3 } as const
export type ServerState = (typeof ServerState)[keyof typeof ServerState]

export const SERVER_STATE_NAMES = ['STOPPED', 'STARTING', 'RUNNING', 'STOPPING'] as const

/** Administrative state: a set of flags (`enum srv_admin`). */
export const ServerAdmin = {
  FMAINT: 0x01,
  IMAINT: 0x02,
  CMAINT: 0x04,
  FDRAIN: 0x08,
  IDRAIN: 0x10,
  DRAIN: 0x18,
  RMAINT: 0x20,
  MAINT: 0x23,
  /** its name was changed at run time */
  FQDN_CHANGED: 0x40,
} as const

export class Server {
  readonly name: string
  /** counts how often a server of this id was added to a proxy at run time */
  readonly rid: number
  readonly backup: boolean
  readonly dynamic: boolean
  address: Address
  /** one whose name nobody resolves has none */
  hasAddress: boolean
  /** the name that its address comes from (`set server … fqdn` changes it) */
  hostname: string | undefined

  state: ServerState = ServerState.RUNNING
  nextState: ServerState = ServerState.RUNNING
  /** bits of {@link ServerAdmin} */
  admin = 0
  nextAdmin = 0
  readonly #puid: number
  readonly initialWeight: number
  /** the weight that the user sees and sets, 0 … 256 */
  weight: number
  /** the weight that load balancing works with */
  effectiveWeight = 0
  nextEffectiveWeight = 0
  maxconn: number

  track: Server | undefined
  trackers: Server[] = []
  /** some server tracks it or once did, or a line refers to it: it cannot be removed (`SRV_F_NON_PURGEABLE`) */
  wasTracked: boolean
  /** the health check; undefined where none is configured */
  check: Check | undefined
  /** the agent check; undefined where none is configured */
  agent: Check | undefined
  /** whether its port is an offset to the one that a client came in on (`SRV_F_MAPPORTS`) */
  mapPorts = false
  /** whether connections to it speak TLS (1) or not (0, and -1 after `no-ssl`) */
  ssl: number
  /** whether that can be changed while it runs: its TLS was prepared when the process started */
  readonly canSwitchSsl: boolean
  /** what counts where nothing is checked */
  readonly #unchecked: { health: number; status: CheckStatus; result: CheckResult }

  /** when the state changed last; of one that a state file tells of, that may be before the start */
  lastChange: Micros
  downTime: Micros = 0
  downTransitions = 0
  failedChecks = 0
  /** errors in a row that traffic has seen (`observe`), and how often they were too many */
  consecutiveErrors = 0
  failedHealthAnalyses = 0
  readonly currentSessions = 0
  readonly pendingConnections = 0
  deleted = false
  /** @internal whether its backend counts it as usable */
  counted = false
  /** @internal the task that raises its weight during slowstart */
  warmup: Task | undefined
  #subscriptions: SubscriptionList | undefined

  constructor(
    readonly proxy: Proxy,
    readonly config: ServerConfig,
    identity: { readonly rid: number; readonly dynamic: boolean; readonly puid?: number } = { rid: 0, dynamic: false },
  ) {
    this.lastChange = proxy.process.clock.now
    this.name = config.name
    this.#puid = identity.puid ?? config.puid
    this.rid = identity.rid
    this.wasTracked = config.isReferred
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
    this.maxconn = config.maxconn
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

  /** How well it does, as checks count it; without a check, what somebody said last. Maintenance sets it to 0. */
  get health(): number {
    return (this.check ?? this.#unchecked).health
  }

  set health(health: number) {
    ;(this.check ?? this.#unchecked).health = health
  }

  /** What the last check found; without a check, what a state file said. */
  get found(): { readonly status: CheckStatus; readonly result: CheckResult } {
    return this.check ?? this.#unchecked
  }

  set found({ status, result }) {
    Object.assign(this.check ?? this.#unchecked, { status, result })
  }

  /** Who listens to this server alone. Made when first asked for. */
  get subscriptions(): SubscriptionList {
    return (this.#subscriptions ??= new SubscriptionList())
  }

  /** The same, undefined when nobody does. */
  get existingSubscriptions(): SubscriptionList | undefined {
    return this.#subscriptions
  }

  /** Forgets what it has counted (`clear counters all`). */
  clearCounters(): void {
    this.failedChecks = 0
    this.downTransitions = 0
  }

  /** Whether it takes no new visitors: drained, or its weight is 0 (`server_is_draining`). */
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
