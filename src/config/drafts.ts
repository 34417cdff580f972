/**
 * What a reading fills in, line by line. Settings that a proxy takes over from its `defaults` are immutable and shared;
 * whoever changes one puts a new object in its place, so that hundreds of thousands of proxies cost little.
 */
import type { Place } from './diagnostics.js'
import type {
  BindConfig,
  CheckConfig,
  HealthCheckConfig,
  HttpCheckSend,
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

/** Settings of a server that `default-server` sets as well. */
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

export type ServerDraft = Mutable<ServerConfig>

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
  httpCheckSend: HttpCheckSend | undefined
  emailAlert: EmailAlertDraft | undefined
  balance: string
  defaultBackend: string | undefined
  defaultServer: ServerSettings
  /** an access log of the proxy's own is asked for (`option httplog`, `log-format` …) */
  logFormat: boolean
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
  httpCheckSend: undefined,
  emailAlert: undefined,
  balance: '',
  defaultBackend: undefined,
  defaultServer: DEFAULT_SERVER,
  logFormat: false,
}

export type SectionKind = 'frontend' | 'backend' | 'listen' | 'defaults'

export interface ProxyDraft {
  readonly name: string
  readonly kind: SectionKind
  readonly place: Place
  /** 0: to be numbered */
  uuid: number
  description: string | undefined
  readonly settings: ProxySettings
  /** the section whose settings it began with */
  readonly inherited: ProxySettings | undefined
  readonly binds: BindConfig[]
  readonly servers: ServerDraft[]
  /** there is a rule `use_backend` */
  switching: boolean
}

export interface DefaultsDraft extends ProxyDraft {
  readonly kind: 'defaults'
  /** some proxy names it after `from`; some proxy takes it because it is the last one */
  namedBySome: boolean
  takenBySome: boolean
}

export const makeProxyDraft = (
  name: string,
  kind: SectionKind,
  place: Place,
  inherited: ProxySettings | undefined,
): ProxyDraft => ({
  name,
  kind,
  place,
  uuid: 0,
  description: undefined,
  settings: { ...(inherited ?? BARE) },
  inherited,
  binds: [],
  servers: [],
  switching: false,
})

export const hasFrontend = (proxy: ProxyDraft): boolean => proxy.kind !== 'backend'
export const hasBackend = (proxy: ProxyDraft): boolean => proxy.kind !== 'frontend'

/** What HAProxy calls it in messages (proxy_type_str). */
export const typeOf = (proxy: Pick<ProxyConfig, 'name'> & { readonly kind: SectionKind }): string =>
  proxy.kind === 'listen' ? 'proxy' : proxy.kind
