/** Settings of proxies that `defaults` sections pass on, while they are parsed (`proxy_preset_defaults`, `proxy_defproxy_cpy` in src/proxy.c). */
import type { KeepAlive } from '../../net/tcp-options.js'
import type { RuleSet } from '../checks/ruleset.js'
import type { BalanceConfig, HashAffinity, HashConfig } from '../model/balance.js'
import type { CookieConfig } from '../model/cookie.js'
import type { CompressionConfig } from '../model/filters.js'
import type { ForwardedConfig, ForwardForConfig, OriginalToConfig } from '../model/forwarding.js'
import type { LogTarget } from '../model/log.js'
import type { EmailAlertConfig, HealthCheckConfig, ProxyMode, ProxyTimeouts } from '../model/proxy.js'
import type { HeaderNamePolicy, HttpConnectionMode, ProxyOption } from '../model/proxy-options.js'
import type { HttpReuse, RetryReason } from '../model/retries.js'
import type { SourceConfig } from '../model/source.js'
import type { StatsPageConfig } from '../model/stats-page.js'
import { DEFAULT_SERVER, type ServerSettings } from '../server/draft.js'
import type { ErrorPageSetting } from './error-page-setting.js'
import type { WrittenFormat } from './written-format.js'

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
  source: SourceConfig | undefined
  /** `rate-limit sessions` */
  sessionRate: number
  retries: number
  retryOn: ReadonlySet<RetryReason>
  /** `option redispatch`; undefined: never */
  redispatch: number | undefined
  httpReuse: HttpReuse
  timeouts: ProxyTimeouts
  logs: readonly LogTarget[]
  logTag: string | undefined
  options: ReadonlySet<ProxyOption>
  httpConnectionMode: HttpConnectionMode
  /** `option http-restrict-req-hdr-names` */
  headerNames: HeaderNamePolicy | undefined
  forwardFor: ForwardForConfig | undefined
  originalTo: OriginalToConfig | undefined
  forwarded: ForwardedConfig | undefined
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
  balance: BalanceConfig | undefined
  hash: HashConfig
  /** `hash-balance-factor` */
  hashBalanceFactor: number
  hashAffinity: HashAffinity
  fullconn: number | undefined
  backlog: number | undefined
  /** `max-keep-alive-queue` */
  keepAliveQueue: number | undefined
  /** `max-session-srv-conns` */
  sessionServerConnections: number
  /** `clitcpka-…` and `srvtcpka-…`, which `option clitcpka` and `srvtcpka` use */
  clientKeepAlive: KeepAlive
  serverKeepAlive: KeepAlive
  /** `http-send-name-header` */
  serverNameHeader: string | undefined
  /** `dynamic-cookie-key` */
  dynamicCookieKey: string | undefined
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

const SYSTEM_KEEP_ALIVE: KeepAlive = { count: undefined, idle: undefined, interval: undefined }

/** What proxies without `defaults` have (`proxy_preset_defaults` in src/proxy.c). */
export const DEFAULT_SETTINGS: ProxySettings = {
  mode: 'tcp',
  disabled: false,
  maxconn: undefined,
  source: undefined,
  sessionRate: 0,
  retries: 3,
  retryOn: new Set<RetryReason>(['conn-failure']),
  redispatch: undefined,
  httpReuse: 'safe',
  timeouts: NO_TIMEOUTS,
  logs: [],
  logTag: undefined,
  options: new Set(),
  httpConnectionMode: 'keep-alive',
  headerNames: undefined,
  forwardFor: undefined,
  originalTo: undefined,
  forwarded: undefined,
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
  balance: undefined,
  hash: { method: 'map-based', function: 'sdbm', avalanche: false },
  hashBalanceFactor: 0,
  hashAffinity: 'always',
  fullconn: undefined,
  backlog: undefined,
  keepAliveQueue: undefined,
  sessionServerConnections: 5,
  clientKeepAlive: SYSTEM_KEEP_ALIVE,
  serverKeepAlive: SYSTEM_KEEP_ALIVE,
  serverNameHeader: undefined,
  dynamicCookieKey: undefined,
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
