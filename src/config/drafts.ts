/**
 * What a reading fills in, line by line. Settings that a proxy takes over from its `defaults` are immutable and shared;
 * whoever changes one puts a new object in its place, so that hundreds of thousands of proxies cost little.
 */
import type { Place } from './diagnostics.js'
import type { HttpRequestDraft } from './health-check.js'
import type {
  BindConfig,
  CheckConfig,
  EmailAlertConfig,
  HealthCheckConfig,
  InitState,
  LogTarget,
  LuaConfig,
  LuaLoad,
  MailersConfig,
  ProxyConfig,
  ProxyMode,
  ProxyTimeouts,
  ServerConfig,
  StatsSocketConfig,
} from './model.js'
import { SECOND, type Micros } from '../engine/clock.js'
import type { Address, ParsedAddress } from '../net/address.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface GlobalDraft {
  nbthread: number | undefined
  maxconn: number | undefined
  node: string | undefined
  description: string | undefined
  logs: LogTarget[]
  logTag: string
  logSendHostname: string | undefined
  spreadChecks: number
  maxSpreadChecks: Micros | undefined
  statsSockets: StatsSocketConfig[]
  statsTimeout: Micros
  zeroWarning: boolean
  unixPrefix: string | undefined
  /** how many proxies stand before the first line that speaks of the runtime API, which has a frontend of its own */
  runtimeAfter: number | undefined
  lua: Mutable<Omit<LuaConfig, 'loads' | 'prependPaths'>> & {
    loads: LuaLoad[]
    prependPaths: { path: string; type: 'path' | 'cpath'; place: Place }[]
  }
}

export const makeGlobalDraft = (): GlobalDraft => ({
  nbthread: undefined,
  maxconn: undefined,
  node: undefined,
  description: undefined,
  logs: [],
  logTag: 'haproxy',
  logSendHostname: undefined,
  spreadChecks: 0,
  maxSpreadChecks: undefined,
  statsSockets: [],
  statsTimeout: 10 * SECOND,
  zeroWarning: false,
  unixPrefix: undefined,
  runtimeAfter: undefined,
  lua: {
    loads: [],
    prependPaths: [],
    forcedYield: undefined,
    burstTimeout: SECOND,
    sessionTimeout: 4 * SECOND,
    serviceTimeout: 4 * SECOND,
    taskTimeout: 0,
    maxMemory: 0,
    logLoggers: true,
    logStderr: 'auto',
    boolSampleConversion: undefined,
    openLibs: undefined,
  },
})

export interface MailersDraft extends Omit<Mutable<MailersConfig>, 'mailers'> {
  mailers: MailersConfig['mailers'][number][]
}

/** Settings of a server that `default-server` sets as well; shared by all servers that say the same. */
export type ServerSettings = Readonly<
  Pick<
    ServerConfig,
    | 'weight'
    | 'backup'
    | 'disabled'
    | 'maxconn'
    | 'minconn'
    | 'maxqueue'
    | 'cookie'
    | 'slowstart'
    | 'track'
    | 'initState'
    | 'check'
  >
>

/** What is out of the ordinary about a server's address. */
export interface AddressExtras {
  readonly hostname: string | undefined
  readonly resolved: boolean
  readonly portOffset: number | undefined
  readonly datagram: boolean
}

const ORDINARY: AddressExtras = { hostname: undefined, resolved: true, portOffset: undefined, datagram: false }

/** {@link ORDINARY} itself for the address and fixed port that most servers have. */
const extrasOf = ({ name, resolved, portMode, port, protocol }: ParsedAddress): AddressExtras => {
  const fixed = portMode === 'fixed' || portMode === 'range'
  const datagram = protocol === 'datagram'
  if (fixed && !datagram && name === undefined) return ORDINARY
  return { hostname: name, resolved, portOffset: fixed ? undefined : port, datagram }
}

/** A server of the model. It refers to its settings instead of holding them. */
export class ServerDraft implements ServerConfig {
  readonly address: Address
  private readonly extras: AddressExtras

  constructor(
    readonly name: string,
    readonly place: Place,
    /** 0: to be numbered */
    public puid: number,
    parsed: ParsedAddress,
    private readonly settings: ServerSettings,
  ) {
    this.address = parsed.address
    this.extras = extrasOf(parsed)
  }

  get hostname(): string | undefined {
    return this.extras.hostname
  }
  get resolved(): boolean {
    return this.extras.resolved
  }
  get portOffset(): number | undefined {
    return this.extras.portOffset
  }
  get datagram(): boolean {
    return this.extras.datagram
  }
  get weight(): number {
    return this.settings.weight
  }
  get backup(): boolean {
    return this.settings.backup
  }
  get disabled(): boolean {
    return this.settings.disabled
  }
  get maxconn(): number {
    return this.settings.maxconn
  }
  get minconn(): number {
    return this.settings.minconn
  }
  get maxqueue(): number {
    return this.settings.maxqueue
  }
  get cookie(): string | undefined {
    return this.settings.cookie
  }
  get slowstart(): Micros {
    return this.settings.slowstart
  }
  get track(): string | undefined {
    return this.settings.track
  }
  get initState(): InitState {
    return this.settings.initState
  }
  get check(): CheckConfig {
    return this.settings.check
  }
}

const DEFAULT_CHECK: CheckConfig = {
  enabled: false,
  inter: 2 * SECOND,
  fastinter: 0,
  downinter: 0,
  rise: 2,
  fall: 3,
  port: undefined,
  addr: undefined,
}

export const DEFAULT_SERVER: ServerSettings = {
  weight: 1,
  backup: false,
  disabled: false,
  maxconn: 0,
  minconn: 0,
  maxqueue: 0,
  cookie: undefined,
  slowstart: 0,
  track: undefined,
  initState: 'none' satisfies InitState,
  check: DEFAULT_CHECK,
}

/** An `email-alert` as written; undefined where a part is missing. */
export interface EmailAlertDraft {
  readonly mailers?: string
  readonly from?: string
  readonly to?: string
  readonly myhostname?: string
  readonly level: number
  /** what comes of it, once all sections were read */
  config?: EmailAlertConfig | undefined
}

/** What `defaults` sections hold and proxies begin with. */
export interface ProxySettings {
  mode: ProxyMode
  disabled: boolean
  maxconn: number | undefined
  retries: number
  timeouts: ProxyTimeouts
  logs: readonly LogTarget[]
  logTag: string | undefined
  /** switches that are on (`option x`) and off (`no option x`), by name */
  options: ReadonlyMap<string, boolean>
  healthCheck: HealthCheckConfig
  /** `http-check` rules stand here without `option httpchk` */
  httpCheckRules: boolean
  /** the request of HTTP checks as the section says it, see health-check.ts */
  httpRequest: HttpRequestDraft | undefined
  emailAlert: EmailAlertDraft | undefined
  balance: string
  defaultBackend: string | undefined
  defaultServer: ServerSettings
  /** an access log of the proxy's own is asked for (`option httplog`, `log-format` …) */
  logFormat: { readonly name: string; readonly place: Place } | undefined
}

const NO_TIMEOUTS: ProxyTimeouts = {
  connect: undefined,
  client: undefined,
  server: undefined,
  check: undefined,
  queue: undefined,
  tunnel: undefined,
  httpRequest: undefined,
  httpKeepAlive: undefined,
  tarpit: undefined,
  clientHs: undefined,
  clientFin: undefined,
  serverFin: undefined,
}

const BARE: ProxySettings = {
  mode: 'tcp',
  disabled: false,
  maxconn: undefined,
  retries: 3,
  timeouts: NO_TIMEOUTS,
  logs: [],
  logTag: undefined,
  options: new Map(),
  healthCheck: { kind: 'tcp' },
  httpCheckRules: false,
  httpRequest: undefined,
  emailAlert: undefined,
  balance: '',
  defaultBackend: undefined,
  defaultServer: DEFAULT_SERVER,
  logFormat: undefined,
}

export type SectionKind = 'frontend' | 'backend' | 'listen' | 'defaults'

const NONE: readonly never[] = []

/** A proxy of the model, or a section `defaults`. It shares the settings it inherits until it changes one. */
export class ProxyDraft implements Omit<ProxyConfig, 'kind'> {
  /** 0: to be numbered */
  uuid = 0
  description: string | undefined
  binds: readonly BindConfig[] = NONE
  servers: readonly ServerDraft[] = NONE
  private numbered: Map<number, ServerDraft> | undefined
  /** to be read only; see {@link change} */
  settings: Readonly<ProxySettings>

  constructor(
    readonly name: string,
    readonly kind: SectionKind,
    readonly place: Place,
    /** of the section it began with */
    readonly inherited: Readonly<ProxySettings> = BARE,
  ) {
    this.settings = inherited
  }

  change(part: Partial<ProxySettings>): void {
    if (this.settings === this.inherited) this.settings = { ...this.inherited, ...part }
    else Object.assign(this.settings, part)
  }

  /** The server that was given this number. */
  serverWithId(puid: number): ServerDraft | undefined {
    return this.numbered?.get(puid)
  }

  addServer(server: ServerDraft): void {
    if (server.puid !== 0) (this.numbered ??= new Map()).set(server.puid, server)
    if (this.servers.length === 0) this.servers = [server]
    else (this.servers as ServerDraft[]).push(server)
  }

  addBinds(binds: readonly BindConfig[]): void {
    if (this.binds.length === 0) this.binds = [...binds]
    else (this.binds as BindConfig[]).push(...binds)
  }

  get mode(): ProxyMode {
    return this.settings.mode
  }
  get disabled(): boolean {
    return this.settings.disabled
  }
  get maxconn(): number | undefined {
    return this.settings.maxconn
  }
  get timeouts(): ProxyTimeouts {
    return this.settings.timeouts
  }
  get logs(): readonly LogTarget[] {
    return this.settings.logs
  }
  get logTag(): string | undefined {
    return this.settings.logTag
  }
  get logHealthChecks(): boolean {
    return this.settings.options.get('log-health-checks') ?? false
  }
  get allbackups(): boolean {
    return this.settings.options.get('allbackups') ?? false
  }
  get retries(): number {
    return this.settings.retries
  }
  get healthCheck(): HealthCheckConfig {
    return this.settings.healthCheck
  }
  get emailAlert(): EmailAlertConfig | undefined {
    return this.kind === 'frontend' ? undefined : this.settings.emailAlert?.config
  }
  get balance(): string {
    return this.settings.balance || 'roundrobin'
  }
  get defaultBackend(): string | undefined {
    return this.kind === 'backend' ? undefined : this.settings.defaultBackend
  }
}

export class DefaultsDraft extends ProxyDraft {
  /** some proxy names it after `from` */
  namedBySome = false
  /** some proxy takes it because it is the last one */
  takenBySome = false
}

export const hasFrontend = (proxy: ProxyDraft): boolean => proxy.kind !== 'backend'
export const hasBackend = (proxy: ProxyDraft): boolean => proxy.kind !== 'frontend'

/** What HAProxy calls it in messages (proxy_type_str). */
export const typeOf = (proxy: { readonly kind: SectionKind }): string =>
  proxy.kind === 'listen' ? 'proxy' : proxy.kind
