/** The `global` section while it is parsed, with HAProxy's defaults. */
import { MILLISECOND, SECOND, type Micros } from '../../engine/clock.js'
import type { TlsClient } from '../../net/tls.js'
import type { Place } from '../syntax/place.js'
import type { StatsSocketConfig } from '../model/bind.js'
import type { LogTarget } from '../model/log.js'
import { makeHttpClientDraft, type HttpClientDraft } from './http-client-draft.js'
import { makeThreadSettings, type ThreadSettings } from './thread-settings.js'
import type { LuaConfig, LuaLoad } from '../model/lua.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** TLS settings of `global`. */
export interface GlobalTls {
  caBase: string | undefined
  crtBase: string | undefined
  keyBase: string | undefined
  serverVerify: 'none' | 'required'
  /** `ssl-default-server-…` */
  serverDefaults: Partial<TlsClient>
  /** bounds of the delay between updates of OCSP responses, in seconds */
  readonly ocspDelay: { min: number; max: number }
}

/** Settings of `global`. */
export interface GlobalDraft {
  nbthread: number | undefined
  readonly threads: ThreadSettings
  maxconn: number | undefined
  strictLimits: boolean
  noQuic: boolean
  node: string | undefined
  description: string | undefined
  logs: LogTarget[]
  logTag: string
  logSendHostname: string | undefined
  spreadChecks: number
  maxSpreadChecks: Micros | undefined
  statsSockets: StatsSocketConfig[]
  statsTimeout: Micros
  statsMaxconn: number
  uid: number | undefined
  gid: number | undefined
  graceDelay: Micros
  hardStopAfter: Micros
  warnBlockedTrafficAfter: Micros
  zeroWarning: boolean
  /** `expose-experimental-directives`, `expose-deprecated-directives` */
  allowsExperimental: boolean
  allowsDeprecated: boolean
  /** `tune.stick-counters`: how many entries of stick tables a stream can track */
  stickCounters: number
  /** `issuers-chain-path` */
  issuersChainPath: string | undefined
  /** `stats-file` */
  statsFile: string | undefined
  /** `httpclient.*` */
  readonly httpClient: HttpClientDraft
  /** `h1-case-adjust`: how names of header fields are written, by their names as given; byte strings */
  readonly headerCases: Map<string, string>
  /** `h1-case-adjust-file`: its path, and its name in messages */
  headerCaseFile: { readonly path: string; readonly name: string } | undefined
  /** `tune.bufsize` and `tune.maxrewrite`, bytes */
  bufsize: number
  maxrewrite: number
  /** `tune.http.maxhdr` */
  maxHeaders: number
  /** `tune.http.cookielen`: how many bytes of a cookie can be captured */
  cookieLength: number
  /** `tune.http.logurilen`: how many bytes of a request line are logged */
  requestLineLength: number
  /** `tune.max-rules-at-once` */
  rulesAtOnce: number
  /** `tune.sndbuf.…`, `tune.rcvbuf.…`, `tune.notsent-lowat.…`, bytes; 0: the system's choice */
  clientSendBuffer: number
  clientReceiveBuffer: number
  clientUnsent: number
  serverSendBuffer: number
  serverReceiveBuffer: number
  serverUnsent: number
  /** `maxconnrate`, `maxsessrate`, `maxsslrate` (each per second) and `maxcomprate` (KiB per second); 0: unlimited */
  connectionRate: number
  sessionRate: number
  sslRate: number
  compressionRate: number
  /** `external-check`: whether external checks are allowed, and their environment */
  externalCheck: 'clean-env' | 'preserve-env' | undefined
  insecureFork: boolean
  unixPrefix: string | undefined
  readonly tls: GlobalTls
  serverStateFile: string | undefined
  serverStateBase: string | undefined
  /** number of proxies before the first `stats` line, where HAProxy creates the frontend of the runtime API */
  proxiesBeforeRuntime: number | undefined
  lua: Mutable<Omit<LuaConfig, 'loads' | 'prependPaths'>> & {
    loads: LuaLoad[]
    prependPaths: { path: string; type: 'path' | 'cpath'; place: Place }[]
  }
}

/** HAProxy's defaults. */
export const makeGlobalDraft = (): GlobalDraft => ({
  nbthread: undefined,
  threads: makeThreadSettings(),
  maxconn: undefined,
  strictLimits: true,
  noQuic: false,
  node: undefined,
  description: undefined,
  logs: [],
  logTag: 'haproxy',
  logSendHostname: undefined,
  spreadChecks: 0,
  maxSpreadChecks: undefined,
  statsSockets: [],
  statsTimeout: 10 * SECOND,
  statsMaxconn: 10,
  uid: undefined,
  gid: undefined,
  graceDelay: 0,
  hardStopAfter: 0,
  warnBlockedTrafficAfter: 100 * MILLISECOND,
  zeroWarning: false,
  allowsExperimental: false,
  allowsDeprecated: false,
  stickCounters: 3,
  issuersChainPath: undefined,
  statsFile: undefined,
  httpClient: makeHttpClientDraft(),
  headerCases: new Map(),
  headerCaseFile: undefined,
  bufsize: 16384,
  maxrewrite: 1024,
  maxHeaders: 101,
  cookieLength: 63,
  requestLineLength: 1023,
  rulesAtOnce: 50,
  clientSendBuffer: 0,
  clientReceiveBuffer: 0,
  clientUnsent: 0,
  serverSendBuffer: 0,
  serverReceiveBuffer: 0,
  serverUnsent: 0,
  connectionRate: 0,
  sessionRate: 0,
  sslRate: 0,
  compressionRate: 0,
  externalCheck: undefined,
  insecureFork: false,
  unixPrefix: undefined,
  tls: {
    caBase: undefined,
    crtBase: undefined,
    keyBase: undefined,
    serverVerify: 'required',
    serverDefaults: {},
    ocspDelay: { min: 300, max: 3600 },
  },
  serverStateFile: undefined,
  serverStateBase: undefined,
  proxiesBeforeRuntime: undefined,
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
