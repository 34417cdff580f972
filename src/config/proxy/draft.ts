/**
 * Proxies while they are parsed. Settings inherited from `defaults` are shared and copied on the first change, so that hundreds
 * of thousands of proxies need little memory.
 */
import type { Place } from '../syntax/place.js'
import type { RuleSet } from '../checks/ruleset.js'
import type { BindConfig } from '../model/bind.js'
import type { ErrorPageSetting } from './error-page-setting.js'
import type { StatsPageConfig } from '../model/stats-page.js'
import type { CompressionConfig } from '../model/filters.js'
import type { CookieConfig } from '../model/cookie.js'
import type { LogTarget } from '../model/log.js'
import type { LogFormats } from '../model/log-formats.js'
import type { WrittenFormat } from './written-format.js'
import type { EmailAlertConfig, HealthCheckConfig, ProxyConfig, ProxyMode, ProxyTimeouts } from '../model/proxy.js'
import type { MultiplexedBind } from '../bind/multiplexed.js'
import { DEFAULT_SERVER, type ServerDraft, type ServerSettings } from '../server/draft.js'

import type { TableDraft } from '../tables/table-draft.js'
import { AclList } from '../rules/acl-list.js'
import type { PendingArgument } from '../rules/pending-arguments.js'
import { TrafficDraft } from '../rules/draft.js'

/** `email-alert` settings while they are parsed. */
export interface EmailAlertDraft {
  readonly mailers?: string
  readonly from?: string
  readonly to?: string
  readonly myhostname?: string
  readonly level: number
  /** the result, set after parsing */
  config?: EmailAlertConfig | undefined
}

/** Settings that proxies inherit from `defaults`. */
export interface ProxySettings {
  mode: ProxyMode
  disabled: boolean
  maxconn: number | undefined
  /** the header of `source … usesrc hdr_ip()` */
  sourceHeader: string | undefined
  /** `rate-limit sessions` */
  sessionRate: number
  retries: number
  timeouts: ProxyTimeouts
  logs: readonly LogTarget[]
  logTag: string | undefined
  /** switches set by `option x` (true) and `no option x` (false) */
  options: ReadonlyMap<string, boolean>
  healthCheck: HealthCheckConfig
  /** rules of `http-check` and `tcp-check` lines */
  httpRules: RuleSet<'http'> | undefined
  tcpRules: RuleSet<'tcp'> | undefined
  /** there are such rules without the option that enables them */
  unusedHttpRules: boolean
  unusedTcpRules: boolean
  /** `http-check disable-on-404` and `http-check send-state` */
  disableOn404: boolean
  sendState: boolean
  /** `external-check command` and `external-check path` */
  checkCommand: string | undefined
  checkPath: string | undefined
  /** a check rule uses TLS */
  checkConnectsSsl: boolean
  emailAlert: EmailAlertDraft | undefined
  balance: string
  /** `hash-type consistent` */
  consistentHash: boolean
  defaultBackend: string | undefined
  /** `monitor-uri` */
  monitorUri: string | undefined
  /** `cookie` */
  cookie: CookieConfig | undefined
  compression: CompressionConfig | undefined
  /** `errorfile`, `http-error` and their like */
  errorPages: readonly ErrorPageSetting[]
  /** `stats …` */
  statsPage: StatsPageConfig | undefined
  /** `persist rdp-cookie`: the name of the cookie, a byte string */
  rdpCookie: string | undefined
  /** `load-server-state-from-file` */
  loadStates: 'global' | 'local' | 'none' | undefined
  defaultServer: ServerSettings
  /** the access log format (`option httplog`, `log-format` …) */
  logFormat: WrittenFormat | undefined
  structuredDataFormat: WrittenFormat | undefined
  errorLogFormat: WrittenFormat | undefined
  uniqueIdFormat: WrittenFormat | undefined
  uniqueIdHeader: string | undefined
  /** `log-steps`; empty: all; undefined: lines are written once, when everything in them is known */
  logSteps: readonly string[] | undefined
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

const DEFAULT_SETTINGS: ProxySettings = {
  mode: 'tcp',
  disabled: false,
  maxconn: undefined,
  sourceHeader: undefined,
  sessionRate: 0,
  retries: 3,
  timeouts: NO_TIMEOUTS,
  logs: [],
  logTag: undefined,
  options: new Map(),
  healthCheck: { kind: 'connect' },
  httpRules: undefined,
  tcpRules: undefined,
  unusedHttpRules: false,
  unusedTcpRules: false,
  disableOn404: false,
  sendState: false,
  checkCommand: undefined,
  checkPath: undefined,
  checkConnectsSsl: false,
  emailAlert: undefined,
  balance: '',
  consistentHash: false,
  defaultBackend: undefined,
  monitorUri: undefined,
  cookie: undefined,
  compression: undefined,
  errorPages: [],
  statsPage: undefined,
  rdpCookie: undefined,
  loadStates: undefined,
  defaultServer: DEFAULT_SERVER,
  logFormat: undefined,
  structuredDataFormat: undefined,
  errorLogFormat: undefined,
  uniqueIdFormat: undefined,
  uniqueIdHeader: undefined,
  logSteps: undefined,
}

/** Section keywords of proxies. */
export type SectionKind = 'frontend' | 'backend' | 'listen' | 'defaults'

const NONE: readonly never[] = []

/** A proxy or `defaults` section, which shares inherited settings until the first change. */
export class ProxyDraft implements Omit<ProxyConfig, 'kind'> {
  /** 0: assigned later */
  uuid = 0
  forcedId = false
  description: string | undefined
  /** `server-state-file-name`; undefined: the name of the proxy */
  stateFileName: string | undefined
  binds: readonly BindConfig[] = NONE
  /** `bind` lines of a backend, which HAProxy warns of and nevertheless counts as listeners */
  hasIgnoredBinds = false
  multiplexedBinds: readonly MultiplexedBind[] = NONE
  servers: readonly ServerDraft[] = NONE
  private numbered: Map<number, ServerDraft> | undefined
  /** the `defaults` section whose rules it inherits */
  rulesFrom: DefaultsDraft | undefined
  /** its stick table */
  table: TableDraft | undefined
  private ownAcls: AclList | undefined
  /** set when the configuration is checked; undefined if there are none */
  logFormats: LogFormats | undefined
  #traffic: TrafficDraft | undefined
  /** arguments of expressions that are resolved at the end */
  pendingArguments: PendingArgument[] | undefined
  /** use {@link change} to modify */
  settings: Readonly<ProxySettings>

  constructor(
    public name: string,
    readonly kind: SectionKind,
    readonly place: Place,
    /** settings of its `defaults` section */
    readonly inherited: Readonly<ProxySettings> = DEFAULT_SETTINGS,
  ) {
    this.settings = inherited
  }

  /** its rules */
  get traffic(): TrafficDraft {
    return (this.#traffic ??= new TrafficDraft())
  }

  /** Whether lines of this section say something of traffic. */
  get hasTraffic(): boolean {
    return this.#traffic !== undefined
  }

  change(part: Partial<ProxySettings>): void {
    if (this.settings === this.inherited) this.settings = { ...this.inherited, ...part }
    else Object.assign(this.settings, part)
  }

  get hasAcls(): boolean {
    return this.ownAcls !== undefined
  }

  /** Its ACLs, which are not inherited from `defaults`. */
  get acls(): AclList {
    return (this.ownAcls ??= new AclList())
  }

  /** The server with this explicit id. */
  serverWithId(puid: number): Pick<ServerDraft, 'name' | 'place'> | undefined {
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
  get uniqueIdHeader(): string | undefined {
    return this.settings.uniqueIdHeader
  }
  get logSteps(): readonly string[] | undefined {
    return this.settings.logSteps
  }
  get logHealthChecks(): boolean {
    return this.settings.options.get('log-health-checks') ?? false
  }
  get allbackups(): boolean {
    return this.settings.options.get('allbackups') ?? false
  }
  get socketStats(): boolean {
    return this.settings.options.get('socket-stats') ?? false
  }
  get retries(): number {
    return this.settings.retries
  }
  get healthCheck(): HealthCheckConfig {
    return this.settings.healthCheck
  }
  get disableOn404(): boolean {
    return this.settings.disableOn404
  }
  get sendState(): boolean {
    return this.settings.sendState
  }
  get externalCheck(): ProxyConfig['externalCheck'] {
    const { checkCommand, checkPath } = this.settings
    return checkCommand === undefined ? undefined : { command: checkCommand, path: checkPath }
  }
  get emailAlert(): EmailAlertConfig | undefined {
    return this.kind === 'frontend' ? undefined : this.settings.emailAlert?.config
  }
  get balance(): string {
    return this.settings.balance || 'roundrobin'
  }
  get consistentHash(): boolean {
    return this.settings.consistentHash
  }
  get checkConnectsSsl(): boolean {
    return this.settings.checkConnectsSsl
  }
  get stateFile(): ProxyConfig['stateFile'] {
    const { loadStates } = this.settings
    return loadStates === 'local'
      ? { name: this.stateFileName ?? this.name }
      : loadStates === 'global'
        ? 'global'
        : undefined
  }
  get defaultBackend(): string | undefined {
    return this.kind === 'backend' ? undefined : this.settings.defaultBackend
  }
}

/** A `defaults` section. */
export class DefaultsDraft extends ProxyDraft {
  /** a proxy refers to it with `from` */
  explicitlyUsed = false
  /** a proxy uses it as the last `defaults` section */
  implicitlyUsed = false
  /** the kind of sections that inherit its rules, as only one kind may */
  rulesFor: 'frontend' | 'backend' | undefined
  /** its rules have been validated */
  isReady = false
}

/** Whether it has the frontend capability. */
export const hasFrontend = (proxy: ProxyDraft): boolean => proxy.kind !== 'backend'
/** Whether it has the backend capability. */
export const hasBackend = (proxy: ProxyDraft): boolean => proxy.kind !== 'frontend'

/** The type in messages (proxy_type_str). */
export const proxyTypeName = (proxy: { readonly kind: SectionKind }): string =>
  proxy.kind === 'listen' ? 'proxy' : proxy.kind
