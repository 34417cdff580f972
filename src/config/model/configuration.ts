/**
 * The checked model of a configuration: what the text says, with HAProxy's defaults filled in. Durations are in
 * microseconds, sizes in bytes. Immutable once made; several processes and runs may share one.
 */
import type { Micros } from '../../engine/clock.js'
import type { Ip } from '../../net/ip.js'
import type { FileResult, ParseReport } from '../parse-report.js'
import type { Diagnostic } from '../syntax/diagnostics.js'
import type { Variables } from '../syntax/environment.js'
import type { Place } from '../syntax/place.js'
import type { InitialAddresses } from '../server/initial-addresses.js'
import type { Gap } from '../syntax/gaps.js'
import type { GlobalTls } from '../global/draft.js'
import type { StatsSocketConfig } from './bind.js'
import type { LogTarget } from './log.js'
import type { LuaConfig } from './lua.js'
import type { MailersConfig } from './mailers.js'
import type { PatternLine } from './patterns.js'
import type { ProxyConfig } from './proxy.js'
import type { ResolversConfig } from './resolvers.js'
import type { ServerConfig } from './server.js'

export interface Configuration {
  readonly global: GlobalConfig
  /** frontends, backends and listens in the order of the text */
  readonly proxies: readonly ProxyConfig[]
  readonly mailers: readonly MailersConfig[]
  readonly resolvers: readonly ResolversConfig[]
  /** the maps and ACLs that lines of proxies name, in the order of the text */
  readonly patterns: readonly PatternLine[]
  /** what there is to say about each file, and about all of them as a whole once there are no errors in any */
  readonly files: readonly FileResult[]
  readonly validityReport: ParseReport
  /** what there is to say of the first addresses of servers, where no state file has any */
  readonly addressReport: ParseReport
  /** where servers get their first addresses from, given those that state files have for some */
  readonly initialAddresses: (last: ReadonlyMap<ServerConfig, Ip | undefined>, warned: boolean) => InitialAddresses
  /** all of that in the order in which HAProxy says it */
  readonly diagnostics: readonly Diagnostic[]
  /** what of it hapsim leaves out, with and without a diagnostic, in no order */
  readonly gaps: readonly Gap[]
  /** the lines of which HAProxy reads more than hapsim: what is wrong in them is not found */
  readonly unparsed: readonly Place[]
  /** HAProxy would not start with it */
  readonly failed: boolean
  /** the environment once all has been read */
  readonly env: Variables
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
  /** the file with the states of servers that proxies share, and the folder of such files */
  readonly serverStateFile: string | undefined
  readonly serverStateBase: string | undefined
  readonly lua: LuaConfig
}
