/**
 * One HAProxy process: built from a checked configuration, started, running on the threads of a scheduler, stopped. The
 * order of its start is HAProxy's (`init` and `main` in src/haproxy.c): scripts are loaded where the configuration names
 * them, the whole is checked, checks get their first date, scripts initialise, and only then does anything run.
 */
import type { Configuration } from '../config/model/configuration.js'
import type { LuaLoad } from '../config/model/lua.js'
import { closingWords, type Said } from '../config/closing-words.js'
import { countsAsWarning } from '../config/first-addresses.js'
import type { Diagnostic } from '../config/diagnostics.js'
import type { Clock, Micros } from '../engine/clock.js'
import type { Random } from '../engine/random.js'
import type { Scheduler } from '../engine/scheduler.js'
import type { ThreadGroup } from '../engine/thread-group.js'
import type { Trace, TraceValue } from '../engine/trace.js'
import type { Network } from '../net/network.js'
import { AddressChanges } from './address-changes.js'
import { countUsable } from './backend.js'
import type { CommandRunner } from './checks/external.js'
import { startChecks, stopChecks, warnOfExternalChecks } from './checks/start.js'
import { SubscriptionList, type ServerEvent } from './events.js'
import { LegacyMailer, warnOfLegacyMailers } from './legacy-mailers.js'
import { Listener } from './listener.js'
import { openListeners } from './listening.js'
import { Logger } from './log.js'
import { addOwnPatterns, loadPatterns } from './patterns/load.js'
import { PatternReferences } from './patterns/index.js'
import { Revisions } from './dynamic-servers.js'
import { Proxy } from './proxy.js'
import { Resolvers } from './resolvers/index.js'
import { RuntimeApi } from './runtime/api.js'
import { Server } from './server.js'
import { initialiseServer, settleAddress } from './server-state.js'
import { applyStateFiles } from './state-files/index.js'
import { Limits } from './stats/limits.js'
import { inheritStates, linkTracking } from './track.js'

/** The HAProxy that is emulated. */
export const HAPROXY_VERSION = '3.2.26'

/** The machine that the process runs on, as far as it can see it. */
export interface Machine {
  readonly hostname: string
  /** processors: as many threads as this unless `nbthread` says otherwise */
  readonly cpus: number
  readonly pid: number
  readonly environment: Readonly<Record<string, string>>
  /** file descriptors that a process may open; as many as a service of systemd's unless given */
  readonly descriptors?: number
}

/** Whoever carries traffic, as far as servers' states concern it. */
export interface Traffic {
  /** `on-marked-down shutdown-sessions`: the server is down */
  shutdownSessions(server: Server): void
  /** `on-marked-up shutdown-backup-sessions`: an active server is back */
  shutdownBackupSessions(proxy: Proxy): void
}

/** Why a file could not be read, as the operating system says it. */
export type FileErrorCode = 'ENOENT' | 'EACCES' | 'EISDIR' | 'EIO'

/** Where a process gets its files from. */
export interface Files {
  read(path: string): Uint8Array | FileErrorCode
}

/** Something that lives in a process beside its own parts: the Lua host is one. */
export interface ProcessExtension {
  /** Runs the body of a script, while the configuration is read. Returns what HAProxy would say; an alert fails the start. */
  load(script: LuaLoad): readonly Diagnostic[]
  /** Called when the whole configuration is known to be good, before anything runs. Returns false to fail the start, having said why. */
  init(): boolean
  /** Ends the connections of scripts; the scripts go on. */
  closeConnections(): void
  /** Called when the process ends. */
  stop(): void
}

export interface ProcessOptions {
  /** tells processes of one world apart in traces */
  readonly name: string
  readonly configuration: Configuration
  readonly scheduler: Scheduler
  readonly random: Random
  readonly network: Network
  readonly files: Files
  readonly machine: Machine
  /** runs the commands of external checks; without it they are not carried out */
  readonly exec?: CommandRunner | undefined
  readonly extend?: (process: HaproxyProcess) => ProcessExtension
}

/** What `haproxy -c` finds: an error, a process that would start, or one that would not, as it listens nowhere. */
export type CheckResult = 'failed' | 'valid' | 'no listener'

export type ProcessStatus = 'new' | 'running' | 'failed' | 'stopped'

export class HaproxyProcess {
  readonly name: string
  readonly configuration: Configuration
  readonly scheduler: Scheduler
  readonly clock: Clock
  readonly trace: Trace
  readonly random: Random
  /** what varies the intervals of checks */
  readonly checkRandom: Random
  readonly network: Network
  readonly files: Files
  readonly machine: Machine
  readonly threads: ThreadGroup
  readonly logger: Logger
  /** who listens to the events of all servers */
  readonly events = new SubscriptionList()
  /** the runtime API */
  readonly runtime = new RuntimeApi(this)
  /** how often servers were removed, counted so that each one added later has a revision of its own */
  readonly revisions = new Revisions()
  readonly addressChanges = new AddressChanges(this)
  /** the sections `resolvers` at work */
  readonly resolvers = new Resolvers(this)
  /** the numbers of questions to name servers */
  readonly resolverRandom: Random
  /** maps and ACL files */
  readonly patterns: PatternReferences
  readonly exec: CommandRunner | undefined
  /** the built-in mailer; undefined where no mails are wanted */
  readonly mailer: LegacyMailer | undefined
  /** how many connections it takes */
  readonly limits: Limits
  /** in the order of the configuration; while scripts are loaded, only those that stand before them */
  readonly proxies: Proxy[] = []
  /** undefined while nobody carries any */
  traffic: Traffic | undefined
  status: ProcessStatus = 'new'
  /** a soft stop was asked for; it has closed its listeners: what is open comes to its end */
  isStopping = false
  isDraining = false
  /** when it was started, on the clock of the run */
  startedAt: Micros = 0
  /** whether the built-in mailer is off (`core.disable_legacy_mailers`) */
  legacyMailersDisabled = false
  /** HAProxy has warned of something in the configuration */
  #warned = false
  readonly #backends = new Map<string, Proxy>()
  readonly #frontends = new Map<string, Proxy>()
  readonly #byUuid = new Map<number, Proxy>()
  readonly #extension: ProcessExtension | undefined

  constructor(options: ProcessOptions) {
    this.name = options.name
    this.configuration = options.configuration
    this.scheduler = options.scheduler
    this.clock = options.scheduler.clock
    this.trace = options.scheduler.trace
    this.random = options.random
    this.checkRandom = options.random.stream('checks')
    this.resolverRandom = options.random.stream('resolvers')
    this.network = options.network
    this.files = options.files
    this.machine = options.machine
    this.exec = options.exec
    if (options.configuration.mailers.length > 0) this.mailer = new LegacyMailer(this)
    this.threads = this.scheduler.threads(options.name, options.configuration.global.nbthread ?? options.machine.cpus)
    this.limits = new Limits(options.configuration, this.threads.count, options.machine.descriptors)
    this.logger = new Logger(this.trace, this.name, options.configuration.global.logs)
    this.patterns = new PatternReferences({
      files: options.files,
      wallTime: () => this.clock.wall,
      resolve: (host) => options.network.resolve(host),
    })
    this.#extension = options.extend?.(this)
  }

  /** @internal writes an event to the trace */
  recordEvent(event: ServerEvent): void {
    const { name, server, state, admin, check } = event
    const data = { ...(state && { state }), ...(admin && { admin }), ...(check && { check }) } as TraceValue
    this.trace.write('event', { process: this.name, name, proxy: server.proxyName, server: server.name, data })
  }

  /** Whether the process is still being started: nothing is logged then that only concerns its first state. */
  get starting(): boolean {
    return this.status === 'new'
  }

  backendNamed(name: string): Proxy | undefined {
    return this.#backends.get(name)
  }

  frontendNamed(name: string): Proxy | undefined {
    return this.#frontends.get(name)
  }

  /** The server called `backend/server`. */
  server(path: string): Server | undefined {
    const slash = path.indexOf('/')
    return slash < 0 ? undefined : this.backendNamed(path.slice(0, slash))?.server(path.slice(slash + 1))
  }

  /** The live server that an event speaks of. */
  serverOf(event: { readonly proxyUuid: number; readonly puid: number; readonly rid: number }): Server | undefined {
    return this.#withUuid(event.proxyUuid)?.serverById(event.puid, event.rid)
  }

  #withUuid(uuid: number): Proxy | undefined {
    if (this.#byUuid.size !== this.proxies.length) for (const proxy of this.proxies) this.#byUuid.set(proxy.uuid, proxy)
    return this.#byUuid.get(uuid)
  }

  /** Only looks whether it would start, as `haproxy -c` does: scripts are loaded, their init functions are not called. */
  check(): CheckResult {
    const isGood = this.#load() && this.#prepareServers()
    if (isGood) warnOfLegacyMailers(this)
    this.status = 'failed'
    this.scheduler.removeThreads(this.threads)
    if (!isGood) return 'failed'
    return this.#listens() ? 'valid' : 'no listener'
  }

  /** Starts it. Returns false when HAProxy would have refused to start; why has been said to the operator then. */
  start(): boolean {
    if (this.status !== 'new') throw new Error(`the process ${this.name} was started already`)
    this.startedAt = this.clock.now
    if (!this.#load() || !this.#initialise()) {
      this.status = 'failed'
      this.scheduler.removeThreads(this.threads)
      return false
    }
    const refused = openListeners(this)
    if (refused.length > 0) {
      for (const each of refused) this.logger.say('alert', each)
      this.logger.say('alert', '[haproxy.main()] Some protocols failed to start their listeners! Exiting.')
      this.status = 'failed'
      this.runtime.stop()
      this.scheduler.removeThreads(this.threads)
      return false
    }
    this.#sayDescriptorsAreFew()
    this.resolvers.start()
    this.status = 'running'
    return true
  }

  /** Begins no health check any more; those that are under way come to their end. */
  suspendChecks(): void {
    for (const proxy of this.proxies) for (const server of proxy.servers) if (server.check) server.check.paused = true
  }

  /** Ends the connections of scripts and of the runtime API. */
  closeConnections(): void {
    this.runtime.closeConnections()
    this.#extension?.closeConnections()
  }

  /** Ends it at once. */
  stop(): void {
    if (this.status !== 'running') return
    this.status = 'stopped'
    this.runtime.stop()
    this.resolvers.stop()
    this.#extension?.stop()
    for (const proxy of this.proxies) for (const server of proxy.servers) stopChecks(server)
    this.scheduler.removeThreads(this.threads)
  }

  /** Builds the proxies and loads the scripts, in the order of the text, and says all there is to say about both. */
  #load(): boolean {
    const diagnostics: Diagnostic[] = []
    for (const script of this.configuration.global.lua.loads) {
      this.#addProxies(script.proxiesBefore)
      diagnostics.push(...loadPatterns(this, script.proxiesBefore))
      diagnostics.push(...(this.#extension?.load(script) ?? []))
    }
    this.#addProxies(this.configuration.proxies.length)
    diagnostics.push(...loadPatterns(this, this.configuration.proxies.length))
    addOwnPatterns(this)
    this.patterns.complete()
    const all = withScripts(this.configuration, diagnostics)
    for (const each of all.diagnostics) this.logger.say(each.severity, each.text)
    this.#warned = all.diagnostics.some(countsAsWarning)
    return !all.failed
  }

  #initialise(): boolean {
    if (!this.#prepareServers()) return false
    startChecks(this)
    warnOfExternalChecks(this)
    warnOfLegacyMailers(this)
    this.logger.isOpen = true
    if (this.#extension?.init() === false) return false
    if (!this.#raisesLimit()) return false
    if (this.#listens()) return true
    this.logger.say('alert', "[haproxy.main()] No enabled listener found (check for 'bind' directives) ! Exiting.")
    return false
  }

  /** Gives servers their first states and addresses. */
  #prepareServers(): boolean {
    if (!linkTracking(this)) return false
    const servers = this.proxies.flatMap((proxy) => proxy.servers)
    servers.forEach(initialiseServer)
    inheritStates(this)
    servers.forEach(countUsable)
    const warningsBefore = this.logger.warnings
    const last = applyStateFiles(this)
    const warned = this.#warned || this.logger.warnings > warningsBefore
    const { starts, diagnostics, failed } = this.configuration.firstAddresses(last, warned)
    for (const each of diagnostics) this.logger.say(each.severity, each.text)
    if (failed) return false
    for (const server of servers) settleAddress(server, starts)
    return true
  }

  /** Whether it gets the file descriptors that it may need, or goes on without (`no strict-limits`). */
  #raisesLimit(): boolean {
    const { maxsock, descriptors, enoughDescriptors } = this.limits
    if (enoughDescriptors) return true
    const { strictLimits } = this.configuration.global
    const text = `[haproxy.main()] Cannot raise FD limit to ${maxsock}, limit is ${descriptors}.`
    this.logger.say(strictLimits ? 'alert' : 'warning', text)
    return !strictLimits
  }

  #sayDescriptorsAreFew(): void {
    const { maxconn, maxsock, descriptors, enoughDescriptors } = this.limits
    if (enoughDescriptors) return
    this.logger.say(
      'alert',
      `[haproxy.main()] FD limit (${descriptors}) too low for maxconn=${maxconn}/maxsock=${maxsock}. ` +
        `Please raise 'ulimit-n' to ${maxsock} or more to avoid any trouble.`,
    )
  }

  #listens(): boolean {
    const { global } = this.configuration
    return (
      global.statsSockets.length > 0 || this.proxies.some((each) => !each.config.disabled && each.listeners.length > 0)
    )
  }

  #addProxies(until: number): void {
    for (const config of this.configuration.proxies.slice(this.proxies.length, until)) {
      const proxy = new Proxy(this, config)
      proxy.servers = config.servers.map((server) => new Server(proxy, server))
      // HAProxy reads them back to front, and turns that round where it looks a proxy over
      if (config.disabled) proxy.servers.reverse()
      proxy.listeners = makeListeners(proxy)
      this.proxies.push(proxy)
      const maps = [...(proxy.backend ? [this.#backends] : []), ...(proxy.frontend ? [this.#frontends] : [])]
      for (const map of maps) if (!map.has(proxy.name)) map.set(proxy.name, proxy)
    }
  }
}

/** Listeners are numbered in the order of the text, on from the number that one was given. */
const makeListeners = (proxy: Proxy): Listener[] => {
  const { binds } = proxy.config
  if (binds.length === 0) return []
  const taken = new Set(binds.map(({ luid }) => luid))
  let next = 1
  return binds.map((bind) => {
    if (bind.luid === undefined) while (taken.has(next)) next++
    const listener = new Listener(proxy, bind, bind.luid ?? next)
    next = listener.id + 1
    return listener
  })
}

/** What there is to say of a configuration, together with what its scripts and patterns have said. */
const withScripts = (configuration: Configuration, scripts: readonly Diagnostic[]): Said => {
  const read = closingWords(configuration.readings, scripts)
  if (read.failed) return read
  return {
    diagnostics: [...read.diagnostics, ...configuration.checked.diagnostics],
    failed: configuration.checked.failed,
  }
}
