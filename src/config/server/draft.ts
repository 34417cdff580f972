/** Servers of the model. Servers with identical settings share them, so that hundreds of thousands need little memory. */
import { SECOND, type Micros } from '../../engine/clock.js'
import type { Address, ParsedAddress } from '../../net/address.js'
import type { Ip } from '../../net/ip.js'
import type { SourceConfig } from '../model/source.js'
import type { Place } from '../syntax/place.js'
import type { AgentConfig, CheckConfig, InitState, PoolConfig, ServerConfig, ServerTls } from '../model/server.js'

/** Server settings that `default-server` can set; shared by all servers with identical ones. */
export type ServerSettings = Readonly<
  Pick<
    ServerConfig,
    | 'weight'
    | 'backup'
    | 'disabled'
    | 'maxconn'
    | 'minconn'
    | 'maxqueue'
    | 'pool'
    | 'cookie'
    | 'poolConnName'
    | 'slowstart'
    | 'track'
    | 'initState'
    | 'check'
    | 'agent'
    | 'observe'
    | 'errorLimit'
    | 'onError'
    | 'onMarkedDown'
    | 'onMarkedUp'
    | 'ssl'
    | 'noSsl'
    | 'tls'
    | 'socks4'
    | 'proxyOptions'
    | 'proxyTlvs'
    | 'userTimeout'
    | 'source'
    | 'resolution'
  > & {
    /** `send-proxy` and `send-proxy-v2`, which has precedence */
    readonly sendProxyV1: boolean
    readonly sendProxyV2: boolean
    /** `redir` */
    readonly redirect: string | undefined
    /** `proto` */
    readonly mux: string | undefined
    /** `check-proto` */
    readonly checkMux: string | undefined
  }
>

/** Uncommon properties of a server's address. */
export interface AddressExtras {
  readonly hostname: string | undefined
  readonly resolved: boolean
  readonly portOffset: number | undefined
  readonly datagram: boolean
}

const DEFAULT_EXTRAS: AddressExtras = { hostname: undefined, resolved: true, portOffset: undefined, datagram: false }

/** Returns {@link DEFAULT_EXTRAS} for a plain address with a fixed port, as most servers have. */
const extrasOf = ({ name, resolved, portMode, port, protocol }: ParsedAddress): AddressExtras => {
  const fixed = portMode === 'fixed' || portMode === 'range'
  const datagram = protocol === 'datagram'
  if (fixed && !datagram && name === undefined) return DEFAULT_EXTRAS
  return { hostname: name, resolved, portOffset: fixed ? undefined : port, datagram }
}

/** A server of the model, which refers to shared settings. */
export class ServerDraft implements ServerConfig {
  readonly forcedId: boolean
  nonPurgeable = false
  private initialAddress: Address
  private extras: AddressExtras

  constructor(
    readonly name: string,
    readonly place: Place,
    /** 0: assigned later */
    public puid: number,
    parsed: ParsedAddress,
    private settings: ServerSettings,
    readonly sslByDefault = false,
  ) {
    this.forcedId = puid !== 0
    this.initialAddress = parsed.address
    this.extras = extrasOf(parsed)
  }

  get address(): Address {
    return this.initialAddress
  }

  /** Sets the initial address of a server with a host name (`init-addr`); undefined if it was not found. */
  setInitialAddress(ip: Ip | undefined): void {
    const port = 'port' in this.initialAddress ? this.initialAddress.port : 0
    const address = ip ?? { family: 'ipv4' as const, ip: '0.0.0.0' }
    this.initialAddress = { ...address, port }
    this.extras = { ...this.extras, resolved: ip !== undefined }
  }

  /** Replaces its settings. */
  changeSettings(change: (settings: ServerSettings) => ServerSettings): void {
    this.settings = change(this.settings)
  }

  get hostname(): string | undefined {
    return this.srvRecord === undefined ? this.extras.hostname : undefined
  }
  get srvRecord(): string | undefined {
    return this.extras.hostname?.startsWith('_') ? this.extras.hostname : undefined
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
  get pool(): PoolConfig {
    return this.settings.pool
  }
  get poolConnName(): string | undefined {
    return this.settings.poolConnName
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
  get agent(): AgentConfig {
    return this.settings.agent
  }
  get observe(): ServerConfig['observe'] {
    return this.settings.observe
  }
  get errorLimit(): number {
    return this.settings.errorLimit
  }
  get onError(): ServerConfig['onError'] {
    return this.settings.onError
  }
  get onMarkedDown(): ServerConfig['onMarkedDown'] {
    return this.settings.onMarkedDown
  }
  get onMarkedUp(): ServerConfig['onMarkedUp'] {
    return this.settings.onMarkedUp
  }
  get ssl(): boolean {
    return this.settings.ssl
  }
  get noSsl(): boolean {
    return this.settings.noSsl
  }
  get tls(): ServerTls {
    return this.settings.tls
  }
  get sendProxy(): ServerConfig['sendProxy'] {
    return this.settings.sendProxyV2 ? 2 : this.settings.sendProxyV1 ? 1 : undefined
  }
  get proxyOptions(): ServerConfig['proxyOptions'] {
    return this.settings.proxyOptions
  }
  get userTimeout(): ServerConfig['userTimeout'] {
    return this.settings.userTimeout
  }
  get proxyTlvs(): ServerConfig['proxyTlvs'] {
    return this.settings.proxyTlvs
  }
  /** Whether its connections are distinguished by a name: that of `pool-conn-name`, else of `sni`. */
  get namesConnections(): boolean {
    return this.settings.poolConnName !== undefined || this.settings.tls.sni !== undefined
  }
  get redirect(): string | undefined {
    return this.settings.redirect
  }
  get source(): SourceConfig | undefined {
    return this.settings.source
  }
  get mux(): string | undefined {
    return this.settings.mux
  }
  get checkMux(): string | undefined {
    return this.settings.checkMux
  }
  get resolution(): ServerConfig['resolution'] {
    return this.settings.resolution
  }
  get socks4(): Address | undefined {
    return this.settings.socks4
  }
}

const DEFAULT_TLS: ServerTls = {
  client: { verify: false },
  verify: undefined,
  excluded: new Set(),
  hasVersionRange: false,
  sni: undefined,
  checkSni: undefined,
  checkAlpn: undefined,
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
  ssl: undefined,
  sendProxy: false,
  viaSocks4: false,
}

const DEFAULT_AGENT: AgentConfig = { enabled: false, inter: 0, port: undefined, addr: undefined, send: undefined }

/** HAProxy's defaults. */
export const DEFAULT_SERVER: ServerSettings = {
  weight: 1,
  backup: false,
  disabled: false,
  maxconn: 0,
  minconn: 0,
  maxqueue: 0,
  pool: { max: -1, low: 0, purgeDelay: 5 * SECOND },
  cookie: undefined,
  slowstart: 0,
  track: undefined,
  initState: 'none' satisfies InitState,
  check: DEFAULT_CHECK,
  agent: DEFAULT_AGENT,
  observe: 'none',
  errorLimit: 10,
  onError: 'fail-check',
  onMarkedDown: undefined,
  onMarkedUp: undefined,
  ssl: false,
  noSsl: false,
  tls: DEFAULT_TLS,
  sendProxyV1: false,
  sendProxyV2: false,
  proxyOptions: new Set(),
  proxyTlvs: [],
  userTimeout: undefined,
  redirect: undefined,
  poolConnName: undefined,
  source: undefined,
  mux: undefined,
  checkMux: undefined,
  socks4: undefined,
  resolution: {
    resolvers: undefined,
    prefer: 'ipv6',
    allowDuplicates: false,
    ignoreWeight: false,
    networks: [],
    initAddresses: [],
  },
}
