/**
 * One process on real sockets, from start to exit. Its output is HAProxy's: messages to stderr, log lines to their targets, output of
 * scripts to stdout.
 */
import { availableParallelism, hostname } from 'node:os'
import { encodeText } from '../bytes/text.js'
import type { TraceRecord } from '../engine/index.js'
import type { BindConfig } from '../config/model/bind.js'
import type { ProxyConfig } from '../config/model/proxy.js'
import type { NodeListenOptions } from '../net/node/listening.js'
import { loadSocketCalls } from '../net/node/tcp-sockets.js'
import { originOf } from '../haproxy/connections/origin.js'
import type { Configuration, Diagnostic, Gap, GlobalConfig } from '../config/index.js'
import {
  dumpStates,
  isListening,
  pauseProxy,
  resumeProxy,
  softStop,
  type ConfigurationCheckResult,
  type CommandRunner,
  type MessageRecord,
} from '../haproxy/index.js'
import type { PrintRecord } from '../lua/index.js'
import { Haproxy, StartError } from '../sim/index.js'
import { descriptorLimit } from './descriptor-limit.js'
import { hostTimeZone } from './host-time-zone.js'
import { LogSender, type OutputStreams } from './log-sender.js'
import { StderrConsole, type OperatorConsole } from './operator-console.js'
import { logTargets } from './gaps.js'
import { LiveWorld } from './world.js'

/** Options of a {@link LiveRun}. */
export interface LiveOptions {
  /** parses the configuration; names can be resolved by then */
  readonly config: (world: LiveWorld) => Configuration
  readonly environment: Readonly<Record<string, string>>
  /** the time zone if TZ is not set (default: the host's) */
  readonly timezone?: string
  readonly seed: number
  readonly lua: '5.3' | '5.4'
  /** whether scripts find stand-ins for C modules (default: no) */
  readonly modules?: boolean
  /** `write`: under the working directory, or anywhere */
  readonly allow: { readonly exec: boolean; readonly write: boolean | 'anywhere' }
  readonly exec?: CommandRunner
  /** time limit of the bodies and init functions of scripts (default: 30s); 0: no limit */
  readonly startLimit?: string | number
  /** whether frontends listen (default: true) */
  readonly opensFrontends?: boolean
  /** signals the processes that this one replaces (`-sf`, `-st`) to release or to resume their addresses; returns how many exist */
  readonly signalPredecessors?: (signal: 'SIGTTOU' | 'SIGTTIN') => number
  /** limit of file descriptors (default: the system's) */
  readonly descriptors?: number
  readonly streams: OutputStreams
  /** where messages go (default: stderr of {@link streams}, without version and path) */
  readonly operator?: OperatorConsole
  /** called once the process listens; a returned text is printed as an alert and ends the process */
  readonly onListening?: (global: GlobalConfig) => string | undefined
  /** called with warnings of hapsim itself */
  readonly warn: (text: string, gap?: Gap) => void
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGUSR1'

/** Exit codes of a process killed by a signal, as reported by a shell. */
export const SIGNAL_EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGUSR1: 138 }

/** Exit code of an aborted process, as reported by a shell. */
const ABORT_EXIT_CODE = 134

export class LiveRun {
  readonly world: LiveWorld
  readonly haproxy: Haproxy
  /** resolves to the exit code; rejects with an internal error */
  readonly ended: Promise<number>
  readonly #logs: LogSender
  readonly #operator: OperatorConsole
  /** warnings of the configuration that come from hapsim, by their text */
  #ownDiagnostics:
    { readonly configuration: Configuration; readonly byText: ReadonlyMap<string, Diagnostic> } | undefined
  #end!: (code: number) => void
  #isOver = false
  #stopping = false
  /** actions deferred until the process has started; undefined: it has */
  #deferred: (() => void)[] | undefined = []
  /** the replaced processes were asked to release their addresses */
  #predecessorsReleased = false
  /** listening was paused by a signal */
  #paused = false

  constructor(readonly options: LiveOptions) {
    let fail: (error: Error) => void
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve
      fail = reject
    })
    this.world = new LiveWorld(options.seed, options.warn, (error) => {
      this.#close()
      fail(error)
    })
    this.#operator = options.operator ?? new StderrConsole({ stderr: options.streams.stderr, pid: process.pid })
    this.world.trace.listen((record) => this.#handleRecord(record))
    this.haproxy = new Haproxy(this.world, {
      config: options.config(this.world),
      machine: {
        hostname: hostname(),
        cpus: availableParallelism(),
        pid: process.pid,
        environment: options.environment,
        timezone: options.timezone ?? hostTimeZone(),
        ...descriptorLimit(options.descriptors),
      },
      lua: options.lua,
      modules: options.modules,
      allow: options.allow,
      ...(options.startLimit !== undefined && { startLimit: options.startLimit }),
      ...(options.exec && { exec: this.#enterOnExit(options.exec) }),
      ...(options.opensFrontends !== undefined && { opensFrontends: options.opensFrontends }),
    })
    this.#logs = new LogSender(this.haproxy.process, options.streams)
  }

  /** The warning of hapsim with this text about the configuration. */
  #ownDiagnostic(text: string): Diagnostic | undefined {
    const { configuration } = this.haproxy.process
    if (this.#ownDiagnostics?.configuration !== configuration) {
      const own = configuration.diagnostics.filter(({ fromHapsim }) => fromHapsim)
      this.#ownDiagnostics = { configuration, byText: new Map(own.map((each) => [each.text, each])) }
    }
    return this.#ownDiagnostics.byText.get(text)
  }

  /** Only validates the configuration, as `haproxy -c` does. Messages have been printed by then. */
  check(): { readonly result: ConfigurationCheckResult; readonly warned: boolean } {
    const { process } = this.haproxy
    const result = process.check()
    this.finish(0)
    const isWarning = ({ severity, text, own }: MessageRecord): boolean =>
      severity === 'warning' && !own && !this.#ownDiagnostic(text)
    return { result, warned: process.logger.messages.some(isWarning) }
  }

  /**
   * Starts the process, which then runs in the background. Returns false if HAProxy would not have started; messages have been printed by
   * then.
   */
  async start(): Promise<boolean> {
    const { configuration } = this.haproxy.process
    if (!configuration.validityReport.failed) await this.#openSockets(configuration)
    if (this.#isOver) return false
    this.world.clock.refresh()
    try {
      this.haproxy.start()
    } catch (error) {
      this.finish(1)
      // after closing our sockets, as there is no SO_REUSEPORT here
      if (this.#predecessorsReleased) this.options.signalPredecessors?.('SIGTTIN')
      if (error instanceof StartError) return false
      throw error
    }
    const problem = this.options.onListening?.(configuration.global)
    if (problem !== undefined) {
      this.#operator.write('alert', problem)
      this.finish(1)
      return false
    }
    this.#operator.started()
    this.#warnAboutGaps()
    this.world.driver.onTurn = () => this.#afterTurn()
    this.world.driver.start()
    const waiting = this.#deferred ?? []
    this.#deferred = undefined
    waiting.forEach((action) => action())
    return true
  }

  /** Runs the action of a signal, at the earliest once the process has started. */
  #whenStarted(action: () => void): void {
    if (this.#deferred) this.#deferred.push(action)
    else action()
  }

  /** Delivers the exit of a command to the scheduler. */
  #enterOnExit(exec: CommandRunner): CommandRunner {
    return (command, ended) => exec(command, (end) => this.world.driver.enter(() => ended(end)))
  }

  /** Opens sockets before the process starts, because Node opens them asynchronously. */
  async #openSockets(configuration: Configuration): Promise<void> {
    await this.#logs.open(logTargets(this.haproxy.process.configuration))
    await this.#bindAddresses(configuration)
    const { signalPredecessors } = this.options
    for (let tries = MAX_START_RETRIES; signalPredecessors && tries > 0 && this.world.home.canRetry; tries--) {
      this.#predecessorsReleased = true
      if (signalPredecessors('SIGTTOU') === 0) return
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS))
      await this.#bindAddresses(configuration)
    }
  }

  async #bindAddresses({ proxies, global }: Configuration): Promise<void> {
    const { home } = this.world
    if (
      proxies.some((proxy) =>
        proxy.servers.some((server) => originOf(server, proxy, global.serverBuffers).some(Boolean)),
      )
    )
      await loadSocketCalls()
    if (this.options.opensFrontends !== false)
      for (const proxy of proxies)
        if (!proxy.disabled && proxy.kind !== 'backend')
          for (const bind of proxy.binds)
            if (isListening(bind)) await home.prepare(bind.address, this.#listenOptions(bind, proxy))
    for (const { bind } of global.statsSockets) {
      const { backlog } = bind.tcp
      // clients are accepted later than by HAProxy, where ten of them may wait by default
      await home.prepare(bind.address, { ...bind, ...(backlog !== undefined && { backlog }) })
    }
  }

  /** The options of a frontend's listener: as many clients wait as may be served (`listener_backlog`, src/listener.c). */
  #listenOptions(bind: BindConfig, proxy: ProxyConfig): NodeListenOptions {
    const { limits } = this.haproxy.process
    const own = bind.tcp.backlog ?? proxy.backlog
    const backlog = own || bind.maxconn || limits.frontendMaxconn(proxy)
    return { ...bind, backlog, readsFirst: bind.tls === undefined }
  }

  /** Handles a stop signal: a soft stop. A second signal, or one while starting, ends the process at once. */
  signal(name: StopSignal): void {
    if (this.#deferred) this.finish(SIGNAL_EXIT_CODES[name])
    else if (this.#stopping) this.finish(name === 'SIGUSR1' ? 0 : SIGNAL_EXIT_CODES[name])
    else this.stopSoftly()
  }

  /** Ends the process once its connections are closed. */
  stopSoftly(): void {
    this.#whenStarted(() => {
      if (this.#stopping) return
      this.#stopping = true
      this.world.driver.enter(() => softStop(this.haproxy.process))
    })
  }

  /** Dumps the state of all servers to the operator and the logs (SIGHUP). */
  dumpStates(): void {
    this.#whenStarted(() => this.world.driver.enter(() => dumpStates(this.haproxy.process)))
  }

  /** Releases its addresses for another process (SIGTTOU). */
  pauseListening(): void {
    this.#whenStarted(() => {
      if (this.#paused || this.#stopping) return
      this.#paused = true
      this.world.home.suspendListening()
      const { process } = this.haproxy
      if (process.configuration.global.statsSockets.length > 0)
        this.#operator.write('warning', 'Paused frontend GLOBAL.')
      this.world.driver.enter(() => process.proxies.forEach(pauseProxy))
    })
  }

  /** Resumes listening because the other process failed (SIGTTIN). */
  async resumeListening(): Promise<void> {
    if (!this.#paused || this.#stopping) return
    const { process } = this.haproxy
    const kept = await this.world.home.resumeListening()
    this.#paused = kept.length > 0
    if (process.configuration.global.statsSockets.length > 0 && kept.length === 0)
      this.#operator.write('warning', 'Resumed frontend GLOBAL.')
    this.world.driver.enter(() => process.proxies.forEach(resumeProxy))
    if (kept.length > 0) this.#operator.write('warning', REFUSED_TO_RESUME)
  }

  /** Ends the process at once. */
  finish(code: number): void {
    if (this.#isOver) return
    this.#close()
    this.#end(code)
  }

  #close(): void {
    this.#isOver = true
    // first, so that nothing is reported about the shutdown
    this.world.driver.stop()
    this.haproxy.stop()
    this.#logs.close()
    this.world.close()
  }

  #afterTurn(): void {
    const { process } = this.haproxy
    if (process.status !== 'running') return this.finish(process.crashed ? ABORT_EXIT_CODE : 0)
    this.#discardHistory()
    if (process.isDraining && this.world.home.openConnections === 0 && !this.world.scheduler.hasWork) this.finish(0)
  }

  /**
   * Discards history that a simulation would keep, as it would grow without bound. Messages of the start are kept for `show startup-logs`.
   */
  #discardHistory(): void {
    const { logger, startedAt } = this.haproxy.process
    for (const list of [logger.logs, this.haproxy.output, this.haproxy.events]) list.length = 0
    const { messages } = logger
    while (messages.length > 0 && messages.at(-1)!.at > startedAt) messages.pop()
  }

  #handleRecord(record: TraceRecord): void {
    const { stdout, stderr } = this.options.streams
    if (record.type === 'message') {
      const { severity, text, own } = record as MessageRecord
      const diagnostic = this.#ownDiagnostic(text)
      if (own || diagnostic) this.options.warn(shortenLocation(text), diagnostic?.gap)
      else this.#operator.write(severity, text)
    } else if (record.type === 'print') {
      const { stream, text } = record as PrintRecord
      ;(stream === 'stdout' ? stdout : stderr).write(encodeText(`${text}\n`))
    }
  }

  #warnAboutGaps(): void {
    const { warn } = this.options
    for (const { place } of LogSender.unreachable(logTargets(this.haproxy.process.configuration)))
      warn(`${place.file}:${place.line}: log lines are not sent to this target`)
  }
}

/** Retries for addresses still used by the replaced processes (`MAX_START_RETRIES` in src/haproxy.c). */
const MAX_START_RETRIES = 200
const RETRY_DELAY_MS = 10

const REFUSED_TO_RESUME =
  'Some proxies refused to resume, probably due to a conflict on a listening port. You may want to try again after the ' +
  'conflicting application is stopped, otherwise a restart might be needed to resume safe operations.'

/** Shortens `config : parsing [FILE:LINE] : text` to `FILE:LINE: text`. */
const shortenLocation = (text: string): string => text.replace(/^config : parsing \[([^\]]*)\] : /, '$1: ')
