/**
 * What a reading fills in, line by line. Settings that a proxy takes over from its `defaults` are immutable and shared;
 * whoever changes one puts a new object in its place, so that hundreds of thousands of proxies cost little.
 */
import type { Place } from '../syntax/place.js'
import type { RuleSet } from '../checks/ruleset.js'
import type { BindConfig } from '../model/bind.js'
import type { LogTarget } from '../model/log.js'
import type { MailersConfig } from '../model/mailers.js'
import type { EmailAlertConfig, HealthCheckConfig, ProxyConfig, ProxyMode, ProxyTimeouts } from '../model/proxy.js'
import { DEFAULT_SERVER, type ServerDraft, type ServerSettings } from '../server/draft.js'

import type { References } from '../rules/references.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Kinds of rules that a `defaults` has; `connection` are those of `tcp-request connection` and `session`. */
export type RuleKind = 'connection' | 'request' | 'response' | 'http'

export interface MailersDraft extends Omit<Mutable<MailersConfig>, 'mailers'> {
  mailers: MailersConfig['mailers'][number][]
}

/** An `email-alert` as written; undefined where a part is missing. */
export interface EmailAlertDraft {
  readonly mailers?: string
  readonly from?: string
  readonly to?: string
  readonly myhostname?: string
  readonly level: number
  /** what comes of it, once all sections were read */
  config?: EmailAlertConfig | undefined
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
  /** the rules of `http-check` and `tcp-check` lines; each section begins lists of its own */
  httpRules: RuleSet<'http'> | undefined
  tcpRules: RuleSet<'tcp'> | undefined
  /** such rules stand here without the option that they are for */
  unusedHttpRules: boolean
  unusedTcpRules: boolean
  /** `http-check disable-on-404` and `http-check send-state` */
  disableOn404: boolean
  sendState: boolean
  /** `external-check command` and `external-check path` */
  checkCommand: string | undefined
  checkPath: string | undefined
  /** a rule of checks asks for TLS: every server is prepared for it */
  checkConnectsSsl: boolean
  emailAlert: EmailAlertDraft | undefined
  balance: string
  /** `hash-type consistent` */
  consistentHash: boolean
  defaultBackend: string | undefined
  /** `load-server-state-from-file` */
  loadStates: 'global' | 'local' | 'none' | undefined
  defaultServer: ServerSettings
  /** an access log of the proxy's own is asked for (`option httplog`, `log-format` …) */
  logFormat: { readonly name: string; readonly place: Place } | undefined
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
  loadStates: undefined,
  defaultServer: DEFAULT_SERVER,
  logFormat: undefined,
}

export type SectionKind = 'frontend' | 'backend' | 'listen' | 'defaults'

const NONE: readonly never[] = []

/** A proxy of the model, or a section `defaults`. It shares the settings it inherits until it changes one. */
export class ProxyDraft implements Omit<ProxyConfig, 'kind'> {
  /** 0: to be numbered */
  uuid = 0
  forcedId = false
  description: string | undefined
  /** `server-state-file-name`; undefined: that of the proxy */
  stateFileName: string | undefined
  binds: readonly BindConfig[] = NONE
  servers: readonly ServerDraft[] = NONE
  private numbered: Map<number, ServerDraft> | undefined
  /** what its lines refer to; undefined where none does */
  references: References | undefined
  /** to be read only; see {@link change} */
  settings: Readonly<ProxySettings>

  constructor(
    readonly name: string,
    readonly kind: SectionKind,
    readonly place: Place,
    /** of the section it began with */
    readonly inherited: Readonly<ProxySettings> = DEFAULT_SETTINGS,
  ) {
    this.settings = inherited
  }

  change(part: Partial<ProxySettings>): void {
    if (this.settings === this.inherited) this.settings = { ...this.inherited, ...part }
    else Object.assign(this.settings, part)
  }

  /** The server that was given this number. */
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

export class DefaultsDraft extends ProxyDraft {
  /** some proxy names it after `from` */
  explicitlyUsed = false
  /** some proxy takes it because it is the last one */
  implicitlyUsed = false
  /** the kinds of rules about traffic that it has, and the one kind of sections that may begin with them */
  readonly rules = new Set<RuleKind>()
  rulesFor: 'frontend' | 'backend' | undefined
}

export const hasFrontend = (proxy: ProxyDraft): boolean => proxy.kind !== 'backend'
export const hasBackend = (proxy: ProxyDraft): boolean => proxy.kind !== 'frontend'

/** What HAProxy calls it in messages (proxy_type_str). */
export const proxyTypeName = (proxy: { readonly kind: SectionKind }): string =>
  proxy.kind === 'listen' ? 'proxy' : proxy.kind
