/** A frontend, backend or listen in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { CheckKind } from '../checks/kinds/kind.js'
import type { Program } from '../checks/program.js'
import type { CheckRule } from '../checks/rules.js'
import type { KeepAlive } from '../../net/tcp-options.js'
import type { Address } from '../../net/address.js'
import type { Place } from '../syntax/place.js'
import type { Acls } from './acl.js'
import type { BalanceConfig, HashAffinity, HashConfig } from './balance.js'
import type { BindConfig } from './bind.js'
import type { CookieConfig } from './cookie.js'
import type { ForwardedConfig, ForwardForConfig, OriginalToConfig } from './forwarding.js'
import type { LogTarget } from './log.js'
import type { LogFormats } from './log-formats.js'
import type { MailersConfig } from './mailers.js'
import type { HeaderNamePolicy, HttpConnectionMode, ProxyOption } from './proxy-options.js'
import type { HttpReuse, RetryReason } from './retries.js'
import type { ServerConfig } from './server.js'
import type { SourceConfig } from './source.js'
import type { StickTableConfig } from './tables.js'
import type { ErrorPageSetting } from '../proxy/error-page-setting.js'
import type { TrafficConfig } from './traffic.js'

/** Values of `mode`. */
export type ProxyMode = 'tcp' | 'http' | 'log' | 'spop'

/** A proxy. */
export interface ProxyConfig {
  readonly name: string
  readonly kind: 'frontend' | 'backend' | 'listen'
  readonly place: Place
  /** HAProxy's id or uuid, unique among proxies: counted from 1 in the order of the text unless set by `id` */
  readonly uuid: number
  /** set by `id` */
  readonly forcedId: boolean
  readonly mode: ProxyMode
  readonly disabled: boolean
  readonly acls: Acls
  readonly maxconn: number | undefined
  readonly timeouts: ProxyTimeouts
  /** log targets, with `log global` expanded */
  readonly logs: readonly LogTarget[]
  readonly logTag: string | undefined
  /** undefined without log-formats */
  readonly logFormats: LogFormats | undefined
  /** what the items of its formats, those of rules included, wait for: bits of `LogWait` */
  readonly logWaits: number
  /** `unique-id-header`: the header field that requests to servers get */
  readonly uniqueIdHeader: string | undefined
  /** `log-steps`: the steps at which log lines are written, if it is set; all if it is empty */
  readonly logSteps: readonly string[] | undefined
  /** the switches that are on */
  readonly options: ReadonlySet<ProxyOption>
  readonly httpConnectionMode: HttpConnectionMode
  /** `option http-restrict-req-hdr-names`; undefined: `preserve`, `delete` with FastCGI servers */
  readonly headerNames: HeaderNamePolicy | undefined
  readonly description: string | undefined
  /** attempts to connect after a failed one */
  readonly retries: number
  /** `retry-on`; empty: never */
  readonly retryOn: ReadonlySet<RetryReason>
  /**
   * `option redispatch`: which retries may go to another server: each N-th one (positive), the N-th one from the last (negative,
   * default -1: the last one); undefined: none
   */
  readonly redispatch: number | undefined
  /** `http-reuse`; `never` in other modes than HTTP */
  readonly httpReuse: HttpReuse
  readonly forwardFor: ForwardForConfig | undefined
  readonly originalTo: OriginalToConfig | undefined
  /** undefined in frontends */
  readonly forwarded: ForwardedConfig | undefined
  readonly source: SourceConfig | undefined
  /** a byte string */
  readonly monitorUri: string | undefined
  readonly cookie: CookieConfig | undefined
  /** `dynamic-cookie-key` */
  readonly dynamicCookieKey: string | undefined
  /** `persist rdp-cookie`: the name of the cookie, a byte string */
  readonly rdpCookie: string | undefined
  /** `http-send-name-header`: the header field with the name of the server */
  readonly serverNameHeader: string | undefined
  /** `rate-limit sessions`: new sessions in a second; 0: not limited */
  readonly sessionRate: number
  /** `fullconn`: load at which servers reach `maxconn`; undefined: computed from the frontends that use the backend */
  readonly fullconn: number | undefined
  /** `backlog`: connections that wait to be accepted; undefined: as many as `maxconn` */
  readonly backlog: number | undefined
  /** `max-keep-alive-queue`: length of a server's queue above which requests of a session go to another server; undefined: not limited */
  readonly keepAliveQueue: number | undefined
  /** `max-session-srv-conns`: idle connections to servers that a session keeps */
  readonly sessionServerConnections: number
  /** keep-alive probes of clients and servers (`option clitcpka`, `option srvtcpka`); undefined: none */
  readonly clientKeepAlive: KeepAlive | undefined
  readonly serverKeepAlive: KeepAlive | undefined
  readonly healthCheck: HealthCheckConfig
  /** `http-check disable-on-404`: a 404 response drains the server */
  readonly disableOn404: boolean
  /** `http-check send-state`: HTTP checks send the server's state */
  readonly sendState: boolean
  /** the command of `option external-check` */
  readonly externalCheck: { readonly command: string; readonly path: string | undefined } | undefined
  readonly emailAlert: EmailAlertConfig | undefined
  /** undefined: not given, and connections go to {@link dispatch}, or with `transparent` to the destination of the client */
  readonly balance: BalanceConfig | undefined
  readonly hash: HashConfig
  /** `hash-balance-factor`: the load of a server in percent of the average, from which on others are used; 0: not limited */
  readonly hashBalanceFactor: number
  readonly hashAffinity: HashAffinity
  /** `dispatch`; ignored if there is an algorithm */
  readonly dispatch: Address | undefined
  /** its rules, and those of its `defaults` section; undefined: none */
  readonly rules: TrafficConfig | undefined
  readonly defaultRules: TrafficConfig | undefined
  /** lines about error pages in the order of the text */
  readonly errorPages: readonly ErrorPageSetting[]
  readonly binds: readonly BindConfig[]
  /** `bind` lines of a backend, which HAProxy warns of and nevertheless counts as listeners */
  readonly hasIgnoredBinds: boolean
  readonly servers: readonly ServerConfig[]
  /** its stick table, which has the name of the proxy */
  readonly table: StickTableConfig | undefined
  readonly defaultBackend: string | undefined
  /** a check rule uses TLS */
  readonly checkConnectsSsl: boolean
  /** the server state file: a name, the one of `global`, or none */
  readonly stateFile: { readonly name: string } | 'global' | undefined
}

/** Timeouts of a proxy; undefined: none. */
export interface ProxyTimeouts {
  readonly connect: Micros | undefined
  readonly client: Micros | undefined
  readonly server: Micros | undefined
  readonly check: Micros | undefined
  readonly queue: Micros | undefined
  readonly tunnel: Micros | undefined
  readonly httpRequest: Micros | undefined
  readonly httpKeepAlive: Micros | undefined
  readonly tarpit: Micros | undefined
  readonly clientHs: Micros | undefined
  readonly clientFin: Micros | undefined
  readonly serverFin: Micros | undefined
}

/** How the servers of a proxy are checked. Texts are byte strings. */
export type HealthCheckConfig =
  /** the default: a TCP connection */
  | { readonly kind: 'connect' }
  | { readonly kind: 'tcp' | 'http'; readonly rules: readonly CheckRule[] }
  | { readonly kind: 'built-in'; readonly type: CheckKind; readonly program: Program }
  /** a command, see {@link ProxyConfig.externalCheck} */
  | { readonly kind: 'external' }

/** `email-alert` settings. */
export interface EmailAlertConfig {
  /** the `mailers` section */
  readonly mailers: MailersConfig
  readonly from: string
  readonly to: string
  /** undefined: the hostname */
  readonly myhostname: string | undefined
  /** 0 … 7 (default: 1, alert) */
  readonly level: number
}
