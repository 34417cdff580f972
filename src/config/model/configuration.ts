/**
 * The validated model of a configuration, with HAProxy's defaults. Durations are in microseconds, sizes in bytes. Immutable;
 * several processes and runs may share one.
 */
import type { MessageLimits } from '../../http/index.js'
import type { KeyFile } from './key-file.js'
import type { Micros } from '../../engine/clock.js'
import type { SocketBuffers } from '../../net/tcp-options.js'
import type { Ip } from '../../net/ip.js'
import type { FileResult, ParseReport } from '../parse-report.js'
import type { Diagnostic } from '../syntax/diagnostics.js'
import type { Variables } from '../syntax/environment.js'
import type { Place } from '../syntax/place.js'
import type { InitialAddresses } from '../server/initial-addresses.js'
import type { Gap } from '../syntax/gaps.js'
import type { GlobalTls } from '../global/draft.js'
import type { StatsSocketConfig } from './bind.js'
import type { CacheConfig } from './caches.js'
import type { FcgiAppConfig } from './fcgi.js'
import type { HttpErrorsConfig } from './errors.js'
import type { HttpClientConfig } from './http-client.js'
import type { LogForwardConfig } from './log-forwards.js'
import type { LogProfileConfig } from './log-profiles.js'
import type { PeersConfig } from './peers.js'
import type { RingConfig } from './rings.js'
import type { LogTarget } from './log.js'
import type { LuaConfig, LuaNames, LuaUse } from './lua.js'
import type { MailersConfig } from './mailers.js'
import type { PatternUse } from './patterns.js'
import type { ProxyConfig } from './proxy.js'
import type { ResolversConfig } from './resolvers.js'
import type { ServerConfig } from './server.js'
import type { VariableStep } from './variables.js'
import type { UserlistConfig } from './userlists.js'

/** A parsed and validated configuration. */
export interface Configuration {
  readonly global: GlobalConfig
  /** frontends, backends and listens in the order of the text */
  readonly proxies: readonly ProxyConfig[]
  readonly mailers: readonly MailersConfig[]
  readonly resolvers: readonly ResolversConfig[]
  readonly userlists: readonly UserlistConfig[]
  readonly caches: readonly CacheConfig[]
  readonly fcgiApps: readonly FcgiAppConfig[]
  readonly httpErrors: readonly HttpErrorsConfig[]
  readonly peers: readonly PeersConfig[]
  readonly rings: readonly RingConfig[]
  readonly logForwards: readonly LogForwardConfig[]
  readonly logProfiles: readonly LogProfileConfig[]
  /** the patterns of maps and ACLs, in the order of the text */
  readonly patterns: readonly PatternUse[]
  /** what is done with variables of the process, in the order of the text */
  readonly variableSteps: readonly VariableStep[]
  /** files of public keys that expressions name */
  readonly keyFiles: readonly KeyFile[]
  /** what scripts must register */
  readonly luaUses: readonly LuaUse[]
  /** undefined: the configuration is invalid */
  readonly httpClient: HttpClientConfig | undefined
  /** parses the text again, with the names and the numbers of arguments that scripts have registered */
  readonly withScripts: (scripts: LuaNames) => Configuration
  /** whether it has other contents for scripts that register something */
  readonly dependsOnScripts: boolean
  /** diagnostics by file, and those of the validation, which takes place only if no file has errors */
  readonly files: readonly FileResult[]
  readonly validityReport: ParseReport
  /** diagnostics of the initial addresses of servers, without state files */
  readonly addressReport: ParseReport
  /** computes the initial addresses of servers, given those from state files */
  readonly initialAddresses: (last: ReadonlyMap<ServerConfig, Ip | undefined>, warned: boolean) => InitialAddresses
  /** checks what HAProxy checks only when it starts, not with `-c` */
  readonly checkAtStart: () => ParseReport
  /** all diagnostics of `haproxy -c` in HAProxy's order */
  readonly diagnostics: readonly Diagnostic[]
  /** everything that hapsim does not emulate, with and without a diagnostic, in no particular order */
  readonly gaps: readonly Gap[]
  /** lines that hapsim parses only partially: errors in the rest are not detected */
  readonly unparsed: readonly Place[]
  /** HAProxy would refuse to start */
  readonly failed: boolean
  /** the environment after parsing */
  readonly env: Variables
}

/** Limits of the process per second; 0: unlimited (`maxconnrate`, `maxsessrate`, `maxsslrate`; `maxcomprate` in bytes). */
export interface RateLimits {
  readonly connections: number
  readonly sessions: number
  readonly sslSessions: number
  readonly compression: number
}

/** The `global` section. */
export interface GlobalConfig {
  /** undefined: the number of processors */
  readonly nbthread: number | undefined
  /** undefined: computed from the file descriptor limit */
  readonly maxconn: number | undefined
  /** refuse to start if the file descriptor limit is too low */
  readonly strictLimits: boolean
  readonly noQuic: boolean
  readonly node: string | undefined
  readonly description: string | undefined
  readonly logs: readonly LogTarget[]
  readonly logTag: string
  /** `log-send-hostname`: '' is the machine's name; undefined: only sent if the format requires it */
  readonly logSendHostname: string | undefined
  /** percent, 0 … 50 */
  readonly spreadChecks: number
  readonly maxSpreadChecks: Micros | undefined
  /** `external-check`: whether external checks are allowed, and their environment */
  readonly externalCheck: 'clean-env' | 'preserve-env' | undefined
  readonly statsSockets: readonly StatsSocketConfig[]
  readonly statsTimeout: Micros
  /** maximum number of concurrent clients of the runtime API; others wait */
  readonly statsMaxconn: number
  /** identity to switch to after binding; undefined or 0: unchanged */
  readonly uid: number | undefined
  readonly gid: number | undefined
  /** delay before a soft stop, and time after which it becomes a hard stop; 0: none */
  readonly graceDelay: Micros
  readonly hardStopAfter: Micros
  /** interval at which the watchdog looks for threads that one task blocks, and warns */
  readonly warnBlockedTrafficAfter: Micros
  readonly tls: GlobalTls
  /** the global server state file, and the directory of state files */
  readonly serverStateFile: string | undefined
  readonly serverStateBase: string | undefined
  readonly lua: LuaConfig
  /** `h1-case-adjust`: how names of header fields are written, by their names as given; byte strings */
  readonly headerCases: ReadonlyMap<string, string>
  /** `tune.bufsize`, `tune.maxrewrite`, `tune.http.maxhdr` */
  readonly messageLimits: MessageLimits
  /** `tune.max-rules-at-once`: how many rules a stream evaluates before it lets other tasks run */
  readonly rulesAtOnce: number
  /** `tune.http.logurilen`: how many bytes of a request line are logged */
  readonly requestLineLength: number
  readonly rateLimits: RateLimits
  /** buffers of the system for connections of clients and to servers (`tune.sndbuf.…`, `tune.rcvbuf.…`, `tune.notsent-lowat.…`) */
  readonly clientBuffers: SocketBuffers
  readonly serverBuffers: SocketBuffers
}
