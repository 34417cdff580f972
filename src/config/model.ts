/**
 * The checked model of a configuration: what the text says, with HAProxy's defaults filled in. Durations are in
 * microseconds, sizes in bytes. Immutable once made; several processes and runs may share one.
 */
import type { GlobalTls } from './global-tls.js'
import type { TlsClient, TlsVersion } from '../net/tls.js'
import type { Micros } from '../engine/clock.js'
import type { Address } from '../net/address.js'
import type { Ip } from '../net/ip.js'
import type { CheckRule } from './check-rules.js'
import type { FileReading } from './closing-words.js'
import type { Diagnostic, Place } from './diagnostics.js'
import type { Gap } from './gaps.js'

export interface Configuration {
  readonly global: GlobalConfig
  /** frontends, backends and listens in the order of the text */
  readonly proxies: readonly ProxyConfig[]
  readonly mailers: readonly MailersConfig[]
  readonly resolvers: readonly ResolversConfig[]
  /** the maps and ACLs that lines of proxies name, in the order of the text */
  readonly patterns: readonly PatternLine[]
  /** what there is to say about each file, and about all of them as a whole once there are no errors in any */
  readonly readings: readonly FileReading[]
  readonly checked: readonly Diagnostic[]
  /** all of that in the order in which HAProxy says it */
  readonly diagnostics: readonly Diagnostic[]
  /** what of it hapsim leaves out, with and without a diagnostic, in no order */
  readonly gaps: readonly Gap[]
  /** HAProxy would not start with it */
  readonly failed: boolean
  /** the environment after `setenv` and its kin */
  readonly env: Readonly<Record<string, string>>
}

export interface GlobalConfig {
  /** undefined: as many as the machine has processors */
  readonly nbthread: number | undefined
  /** undefined: computed from the file descriptor limit */
  readonly maxconn: number | undefined
  /** it does not start where it gets fewer file descriptors than it may need */
  readonly strictLimits: boolean
  readonly node: string | undefined
  readonly description: string | undefined
  readonly logs: readonly LogTarget[]
  readonly logTag: string
  /** `log-send-hostname`: '' is the machine's own name; undefined: not sent unless the format asks for it */
  readonly logSendHostname: string | undefined
  /** percent, 0 … 50 */
  readonly spreadChecks: number
  readonly maxSpreadChecks: Micros | undefined
  /** `external-check`: whether such checks are allowed, and with which environment */
  readonly externalCheck: 'clean-env' | 'preserve-env' | undefined
  readonly statsSockets: readonly StatsSocketConfig[]
  readonly statsTimeout: Micros
  /** so many clients of the runtime API are served at once; others wait */
  readonly statsMaxconn: number
  /** as whom it goes on once it listens; undefined or 0: as it is */
  readonly uid: number | undefined
  readonly gid: number | undefined
  /** how long a soft stop waits before it begins, and until it ends what is still open; 0: neither */
  readonly graceDelay: Micros
  readonly hardStopAfter: Micros
  readonly tls: GlobalTls
  readonly lua: LuaConfig
}

/** Values of `tune.lua.log.stderr`. */
export type LuaLogStderr = 'on' | 'auto' | 'off'

export interface LuaConfig {
  /** `lua-load` and `lua-load-per-thread` in the order of the text */
  readonly loads: readonly LuaLoad[]
  readonly prependPaths: readonly { readonly path: string; readonly type: 'path' | 'cpath'; readonly place: Place }[]
  /** instructions between two forced yields; undefined: HAProxy's default (10000 under lua-load-per-thread or with one thread, 500 else) */
  readonly forcedYield: number | undefined
  /** 0: none */
  readonly burstTimeout: Micros
  readonly sessionTimeout: Micros
  readonly serviceTimeout: Micros
  /** 0: none */
  readonly taskTimeout: Micros
  /** bytes; 0: no limit */
  readonly maxMemory: number
  readonly logLoggers: boolean
  readonly logStderr: LuaLogStderr
  /** undefined when not set, which HAProxy warns of */
  readonly boolSampleConversion: 'normal' | 'pre-3.1-bug' | undefined
  /** libraries that `tune.lua.openlibs` allows; undefined: all */
  readonly openLibs: readonly string[] | undefined
}

export interface LuaLoad {
  readonly file: string
  readonly args: readonly string[]
  readonly perThread: boolean
  readonly place: Place
  /** how many proxies of the configuration stand before this line: those that the body of the script can see */
  readonly proxiesBefore: number
}

/** syslog's levels, 0 … 7 */
export const LOG_LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** syslog's facilities, 0 … 23 */
export const LOG_FACILITIES: readonly string[] = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'auth2', 'ftp'],
  ...['ntp', 'audit', 'alert', 'cron2', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
]

/** Values of `format` on a `log` line. */
export const LOG_FORMATS: readonly string[] = [
  ...['local', 'rfc3164', 'rfc5424', 'priority', 'short', 'timed', 'iso', 'raw'],
]

export interface LogTarget {
  /** where it goes; `ring` and `backend` name another section */
  readonly target:
    Address | { readonly family: 'stdout' | 'stderr' } | { readonly family: 'ring' | 'backend'; readonly name: string }
  readonly format: string | undefined
  readonly facility: string
  /** least important level that is sent, 0 … 7 (default 7) */
  readonly level: number
  /** levels more important than this are sent as this, 0 … 7 (default 0) */
  readonly minLevel: number
  /** longer messages are cut; bytes, 1024 by default */
  readonly maxLength: number
  /** `sample` as written */
  readonly sample: string | undefined
  readonly place: Place
}

/** A map or a list of patterns that a line of a proxy names. */
export interface PatternLine {
  readonly kind: 'map' | 'acl'
  readonly place: Place
  /** how many proxies begin before it or hold it */
  readonly proxiesBefore: number
  /** how it is matched (section 7.1.3 of the configuration manual) */
  readonly method:
    'found' | 'bool' | 'int' | 'ip' | 'bin' | 'len' | 'str' | 'beg' | 'sub' | 'dir' | 'dom' | 'end' | 'reg' | 'regm'
  /** what a map's values are; undefined for an ACL */
  readonly output: 'str' | 'sint' | 'ipv4' | undefined
  readonly ignoreCase: boolean
  /** the file has values beside its keys */
  readonly withValues: boolean
  /** the name of the file, `virt@` and `opt@` included */
  readonly file: string | undefined
  /** patterns on the line itself */
  readonly inline: { readonly criterion: string; readonly patterns: readonly string[] } | undefined
  /** what HAProxy puts before what is wrong with it */
  readonly problem: string
}

export interface StatsSocketConfig {
  readonly bind: BindConfig
  readonly level: 'user' | 'operator' | 'admin'
}

export type ProxyMode = 'tcp' | 'http' | 'log' | 'spop'

export interface ProxyConfig {
  readonly name: string
  readonly kind: 'frontend' | 'backend' | 'listen'
  readonly place: Place
  /** the number that HAProxy calls id or uuid; unique among proxies, from 1 in the order of the text, `id` may set it */
  readonly uuid: number
  /** `id` set it */
  readonly forcedId: boolean
  readonly mode: ProxyMode
  readonly disabled: boolean
  readonly maxconn: number | undefined
  readonly timeouts: ProxyTimeouts
  /** own targets, `log global` being expanded */
  readonly logs: readonly LogTarget[]
  readonly logTag: string | undefined
  readonly logHealthChecks: boolean
  readonly allbackups: boolean
  /** `option socket-stats`: listeners are counted one by one */
  readonly socketStats: boolean
  readonly description: string | undefined
  /** attempts to connect after a failed one */
  readonly retries: number
  readonly healthCheck: HealthCheckConfig
  /** an answer of 404 lets a server that is up stop in good order */
  readonly disableOn404: boolean
  /** HTTP checks tell the server its state */
  readonly sendState: boolean
  /** what `option external-check` runs */
  readonly externalCheck: { readonly command: string; readonly path: string | undefined } | undefined
  readonly emailAlert: EmailAlertConfig | undefined
  readonly balance: string
  readonly binds: readonly BindConfig[]
  readonly servers: readonly ServerConfig[]
  readonly defaultBackend: string | undefined
}

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
  /** nothing is said: a connection is enough */
  | { readonly kind: 'connect' }
  | { readonly kind: 'tcp' | 'http'; readonly rules: readonly CheckRule[] }
  | { readonly kind: 'smtp'; readonly hello: string }
  | { readonly kind: 'mysql'; readonly user: string | undefined; readonly version: 'pre-41' | 'post-41' }
  | { readonly kind: 'pgsql'; readonly user: string }
  | { readonly kind: 'ssl-hello' | 'ldap' | 'redis' | 'spop' }
  /** by a command, see {@link ProxyConfig.externalCheck} */
  | { readonly kind: 'external' }

export interface EmailAlertConfig {
  /** the `mailers` section */
  readonly mailers: MailersConfig
  readonly from: string
  readonly to: string
  /** undefined: the name of the machine */
  readonly myhostname: string | undefined
  /** 0 … 7 (default: 1, alert) */
  readonly level: number
}

export interface MailersConfig {
  readonly name: string
  readonly place: Place
  readonly mailers: readonly { readonly name: string; readonly address: Address; readonly place: Place }[]
  /** `timeout mail`; default 10 s */
  readonly timeoutMail: Micros
}

/** How long a server keeps its address after each kind of answer, and without the name in one (`obsolete`). */
export interface ResolversHold {
  readonly valid: Micros
  readonly nx: Micros
  readonly refused: Micros
  readonly timeout: Micros
  readonly other: Micros
  readonly obsolete: Micros
}

export interface ResolversConfig {
  readonly name: string
  readonly place: Place
  readonly nameservers: readonly {
    readonly name: string
    readonly address: Address
    /** it is asked over TCP */
    readonly stream: boolean
    readonly place: Place
  }[]
  readonly hold: ResolversHold
  readonly resolveRetries: number
  readonly timeoutResolve: Micros
  readonly timeoutRetry: Micros
  /** bytes that an answer may have */
  readonly payloadSize: number
}

/** Where a server gets its address from when the process starts: see `init-addr`. */
export type InitAddress = 'last' | 'libc' | 'none' | Ip

export interface ServerResolution {
  /** the name of a section `resolvers` */
  readonly resolvers: string | undefined
  readonly prefer: 'ipv4' | 'ipv6'
  readonly allowDuplicates: boolean
  readonly ignoreWeight: boolean
  /** as written */
  readonly networks: readonly string[]
  /** in the order in which they are tried; empty: HAProxy's usual ones */
  readonly initAddresses: readonly InitAddress[]
}

export interface BindConfig {
  /** as written, for messages and listener names */
  readonly text: string
  readonly address: Address
  readonly name: string | undefined
  readonly place: Place
  /** `id`; undefined: numbered by the proxy */
  readonly luid: number | undefined
  /** 0: the proxy's */
  readonly maxconn: number
  /** the permissions of a socket in the file system (`mode`); undefined: as the system makes it */
  readonly mode: number | undefined
  /** whose such a socket is, and which group's; undefined: as the system makes it */
  readonly uid: number | undefined
  readonly gid: number | undefined
  /** an IPv6 address takes no IPv4 clients (`v6only`) */
  readonly v6only: boolean
  /** it may be an address of another host (`transparent`) */
  readonly transparent: boolean
  /** it receives datagrams or QUIC, no streams */
  readonly datagram: boolean
}

/** Values of `init-state`. */
export type InitState = 'none' | 'up' | 'fully-up' | 'down' | 'fully-down'

export interface ServerConfig {
  readonly name: string
  readonly place: Place
  /** unique within its proxy, from 1 in the order of the text; `id` may set it */
  readonly puid: number
  /** `id` set it */
  readonly forcedId: boolean
  readonly address: Address
  /** the host name, where one was written instead of an address */
  readonly hostname: string | undefined
  /** the name of SRV records, where one was written, which begins with `_` */
  readonly srvRecord: string | undefined
  /** the name was resolved; otherwise the address is the family's `0.0.0.0` or `::` */
  readonly resolved: boolean
  readonly resolution: ServerResolution
  /** the port is that of the client's connection plus this; undefined: it is the address's */
  readonly portOffset: number | undefined
  /** takes datagrams (a log server) */
  readonly datagram: boolean
  readonly weight: number
  readonly backup: boolean
  readonly disabled: boolean
  readonly maxconn: number
  readonly minconn: number
  readonly maxqueue: number
  readonly cookie: string | undefined
  readonly slowstart: Micros
  readonly track: string | undefined
  readonly initState: InitState
  readonly check: CheckConfig
  readonly agent: AgentConfig
  readonly observe: 'none' | 'layer4' | 'layer7'
  /** so many errors in a row, seen in traffic, make {@link onError} happen */
  readonly errorLimit: number
  readonly onError: 'fastinter' | 'fail-check' | 'sudden-death' | 'mark-down'
  /** what becomes of sessions when it goes down, and of those of backup servers when it comes back */
  readonly onMarkedDown: 'shutdown-sessions' | undefined
  readonly onMarkedUp: 'shutdown-backup-sessions' | undefined
  /** it is spoken to in TLS */
  readonly ssl: boolean
  readonly tls: ServerTls
  /** the version of the PROXY protocol that is sent to it */
  readonly sendProxy: 1 | 2 | undefined
  /** the SOCKS4 proxy through which it is reached */
  readonly socks4: Address | undefined
}

/** How TLS is spoken to a server, where it is. */
export interface ServerTls {
  readonly client: TlsClient
  /** `verify`; undefined: as `ssl-server-verify` says */
  readonly verify: 'none' | 'required' | undefined
  /** `no-tlsv12` and the like */
  readonly excluded: ReadonlySet<TlsVersion>
  /** `ssl-min-ver` and the like were given: {@link excluded} counts for nothing then */
  readonly isLimited: boolean
  /** the expression of `sni` */
  readonly sni: string | undefined
  /** what checks ask for and offer */
  readonly checkSni: string | undefined
  readonly checkAlpn: readonly string[] | undefined
}

export interface CheckConfig {
  readonly enabled: boolean
  readonly inter: Micros
  /** 0: `inter` */
  readonly fastinter: Micros
  /** 0: `inter` */
  readonly downinter: Micros
  readonly rise: number
  readonly fall: number
  /** undefined: the server's own */
  readonly port: number | undefined
  readonly addr: Address | undefined
  /** undefined: as the server is, where neither port nor address are the check's own */
  readonly ssl: boolean | undefined
  readonly sendProxy: boolean
  readonly viaSocks4: boolean
}

export interface AgentConfig {
  readonly enabled: boolean
  /** 0: as the health check's */
  readonly inter: Micros
  /** undefined: as the health check's, else the server's */
  readonly port: number | undefined
  readonly addr: Address | undefined
  /** byte string */
  readonly send: string | undefined
}
