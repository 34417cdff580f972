/**
 * Proxies while they are parsed. Settings inherited from `defaults` are shared and copied on the first change, so that hundreds
 * of thousands of proxies need little memory.
 */
import type { Place } from '../syntax/place.js'
import type { KeepAlive } from '../../net/tcp-options.js'
import type { Address } from '../../net/address.js'
import type { BalanceConfig, HashAffinity, HashConfig } from '../model/balance.js'
import type { BindConfig } from '../model/bind.js'
import type { ForwardedConfig, ForwardForConfig, OriginalToConfig } from '../model/forwarding.js'
import type { HeaderNamePolicy, HttpConnectionMode, ProxyOption } from '../model/proxy-options.js'
import type { HttpReuse, RetryReason } from '../model/retries.js'
import { sourceHeader, type SourceConfig } from '../model/source.js'
import type { CookieConfig } from '../model/cookie.js'
import type { LogTarget } from '../model/log.js'
import type { LogFormats } from '../model/log-formats.js'
import type { EmailAlertConfig, HealthCheckConfig, ProxyConfig, ProxyMode, ProxyTimeouts } from '../model/proxy.js'
import type { MultiplexedBind } from '../bind/multiplexed.js'
import type { ServerDraft } from '../server/draft.js'
import type { TableDraft } from '../tables/table-draft.js'
import { AclList } from '../rules/acl-list.js'
import type { PendingArgument, SampleGap } from '../rules/pending-arguments.js'
import { TrafficDraft } from '../rules/draft.js'
import type { TrafficConfig } from '../model/traffic.js'
import { DEFAULT_SETTINGS, type ProxySettings } from './settings.js'

/** Section keywords of proxies. */
export type SectionKind = 'frontend' | 'backend' | 'listen' | 'defaults'

const NONE: readonly never[] = []

/** The default algorithm. */
export const ROUND_ROBIN: BalanceConfig = { algorithm: 'roundrobin' }

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
  /** set when the configuration is checked; undefined if absent */
  logFormats: LogFormats | undefined
  logWaits = 0
  #traffic: TrafficDraft | undefined
  /** one of its backends, or a rule, makes HTTP of TCP connections (`PR_O_HTTP_UPG`); set when the configuration is checked */
  upgradesToHttp = false
  dispatch: Address | undefined
  /** number of its last line */
  lastLine: number
  /** arguments of expressions that are resolved at the end */
  pendingArguments: PendingArgument[] | undefined
  sampleGaps: SampleGap[] | undefined
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
    this.lastLine = place.line
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
  get options(): ReadonlySet<ProxyOption> {
    return this.settings.options
  }
  get httpConnectionMode(): HttpConnectionMode {
    return this.settings.httpConnectionMode
  }
  get headerNames(): HeaderNamePolicy | undefined {
    return this.settings.headerNames
  }
  get retries(): number {
    return this.settings.retries
  }
  get retryOn(): ReadonlySet<RetryReason> {
    return this.settings.retryOn
  }
  get redispatch(): number | undefined {
    return this.settings.redispatch
  }
  get httpReuse(): HttpReuse {
    const { mode, httpReuse } = this.settings
    return mode === 'http' ? httpReuse : mode === 'spop' ? 'always' : 'never'
  }
  get forwardFor(): ForwardForConfig | undefined {
    return this.settings.forwardFor
  }
  get originalTo(): OriginalToConfig | undefined {
    return this.settings.originalTo
  }
  get forwarded(): ForwardedConfig | undefined {
    return this.kind === 'frontend' ? undefined : this.settings.forwarded
  }
  /** A header field is not passed on to other sections. */
  get source(): SourceConfig | undefined {
    const { source } = this.settings
    const isInherited = source === this.inherited.source
    return source && isInherited && sourceHeader(source) !== undefined ? { ...source, client: undefined } : source
  }
  get monitorUri(): string | undefined {
    return this.settings.monitorUri
  }
  get cookie(): CookieConfig | undefined {
    return this.settings.cookie
  }
  get dynamicCookieKey(): string | undefined {
    return this.settings.dynamicCookieKey
  }
  get rdpCookie(): string | undefined {
    return this.settings.rdpCookie
  }
  get serverNameHeader(): string | undefined {
    return this.settings.serverNameHeader
  }
  get sessionRate(): number {
    return this.settings.sessionRate
  }
  get fullconn(): number | undefined {
    return this.settings.fullconn
  }
  get backlog(): number | undefined {
    return this.settings.backlog
  }
  get keepAliveQueue(): number | undefined {
    return this.settings.keepAliveQueue
  }
  get sessionServerConnections(): number {
    return this.settings.sessionServerConnections
  }
  get clientKeepAlive(): KeepAlive | undefined {
    return this.settings.options.has('clitcpka') ? this.settings.clientKeepAlive : undefined
  }
  get serverKeepAlive(): KeepAlive | undefined {
    return this.settings.options.has('srvtcpka') ? this.settings.serverKeepAlive : undefined
  }
  get rules(): TrafficConfig | undefined {
    return this.#traffic
  }
  get defaultRules(): TrafficConfig | undefined {
    return this.rulesFrom?.rules
  }
  get errorPages(): ProxyConfig['errorPages'] {
    return this.settings.errorPages
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
  get balance(): BalanceConfig | undefined {
    const { balance, options } = this.settings
    return balance ?? (this.dispatch || options.has('transparent') ? undefined : ROUND_ROBIN)
  }
  get hash(): HashConfig {
    return this.settings.hash
  }
  get hashBalanceFactor(): number {
    return this.settings.hashBalanceFactor
  }
  get hashAffinity(): HashAffinity {
    return this.settings.hashAffinity
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
