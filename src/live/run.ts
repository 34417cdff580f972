/**
 * One process on real sockets, from its start to its end. It speaks as HAProxy does: messages to the standard error, log
 * lines to their targets, what scripts print to the standard output.
 */
import { availableParallelism, hostname } from 'node:os'
import { encodeText } from '../bytes/text.js'
import type { TraceRecord } from '../engine/index.js'
import type { Configuration, Diagnostic, Gap, GlobalConfig } from '../config/index.js'
import {
  dumpStates,
  isTried,
  pauseProxy,
  resumeProxy,
  softStop,
  type CheckResult,
  type CommandRunner,
  type MessageRecord,
} from '../haproxy/index.js'
import type { PrintRecord } from '../lua/index.js'
import { Haproxy, StartError } from '../sim/index.js'
import { descriptorLimit } from './descriptor-limit.js'
import { hostZone } from './host-zone.js'
import { LogCarrier, type Terminals } from './logs.js'
import { Operator, type Spokesman } from './operator.js'
import { letFrontendsGo } from './frontend-descriptors.js'
import { logTargets } from './gaps.js'
import { LiveWorld } from './world.js'

export interface LiveOptions {
  /** reads the configuration, once names can be looked up */
  readonly config: (world: LiveWorld) => Configuration
  readonly environment: Readonly<Record<string, string>>
  /** the time zone where TZ is not set (default: this machine's) */
  readonly timezone?: string
  readonly seed: number
  readonly lua: '5.3' | '5.4'
  /** `write`: under the working directory, or anywhere */
  readonly allow: { readonly exec: boolean; readonly write: boolean | 'anywhere' }
  readonly exec?: CommandRunner
  /** how long bodies and init functions of scripts may run (default 30s); 0: as long as they want */
  readonly startLimit?: string | number
  /** whether the addresses of frontends are tried, as HAProxy would listen there (default: true) */
  readonly tryFrontends?: boolean
  /** tells processes that this one replaces (`-sf`, `-st`) to leave their addresses or to take them again; returns how many heard */
  readonly tellPredecessors?: (signal: 'SIGTTOU' | 'SIGTTIN') => number
  /** file descriptors that the process may open (default: as the system says) */
  readonly descriptors?: number
  readonly terminals: Terminals
  /** who speaks to the operator (default: on the standard error of {@link terminals}, without a word about itself) */
  readonly operator?: Spokesman
  /** called once it listens, before it serves; a text is said to the operator, and ends it */
  readonly listening?: (global: GlobalConfig) => string | undefined
  /** told what hapsim itself has to say */
  readonly complain: (text: string, gap?: Gap) => void
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGUSR1'

/** What a shell says of a process that a signal has ended. */
export const SIGNALLED: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGUSR1: 138 }

/** What a shell says of a process that has aborted. */
const ABORTED = 134

export class LiveRun {
  readonly world: LiveWorld
  readonly haproxy: Haproxy
  /** the exit code, once it has ended; a fault of our own rejects it */
  readonly ended: Promise<number>
  readonly #logs: LogCarrier
  readonly #operator: Spokesman
  /** those warnings of the configuration that are hapsim's own, by their text */
  readonly #own: ReadonlyMap<string, Diagnostic>
  #end!: (code: number) => void
  #isOver = false
  #stopping = false
  /** what is to be done once it serves; undefined: it does */
  #whenItServes: (() => void)[] | undefined = []
  /** processes that this one replaces were told to leave their addresses */
  #predecessorsLeft = false
  /** a signal has made it leave its addresses to another process */
  #paused = false

  constructor(readonly options: LiveOptions) {
    let fail: (error: Error) => void
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve
      fail = reject
    })
    this.world = new LiveWorld(options.seed, options.complain, (error) => {
      this.#close()
      fail(error)
    })
    this.#operator = options.operator ?? new Operator({ stderr: options.terminals.stderr, pid: process.pid })
    this.world.trace.listen((record) => this.#speak(record))
    this.haproxy = new Haproxy(this.world, {
      config: options.config(this.world),
      machine: {
        hostname: hostname(),
        cpus: availableParallelism(),
        pid: process.pid,
        environment: options.environment,
        timezone: options.timezone ?? hostZone(),
        ...descriptorLimit(options.descriptors),
      },
      lua: options.lua,
      allow: options.allow,
      ...(options.startLimit !== undefined && { startLimit: options.startLimit }),
      ...(options.exec && { exec: this.#within(options.exec) }),
    })
    const { diagnostics } = this.haproxy.process.configuration
    this.#own = new Map(diagnostics.flatMap((each) => (each.fromHapsim ? [[each.text, each]] : [])))
    this.#logs = new LogCarrier(this.haproxy.process, options.terminals)
  }

  /** Only looks whether it would start, as `haproxy -c` does. What there is to say has been said then. */
  check(): { readonly result: CheckResult; readonly warned: boolean } {
    const { process } = this.haproxy
    const result = process.check()
    this.finish(0)
    const isWarning = ({ severity, text, own }: MessageRecord): boolean =>
      severity === 'warning' && !own && !this.#own.has(text)
    return { result, warned: process.logger.messages.some(isWarning) }
  }

  /** Starts it, and lets it go on by itself. Whether HAProxy would have started; what it says has been said then. */
  async start(): Promise<boolean> {
    const { configuration } = this.haproxy.process
    if (!configuration.validityReport.failed) await this.#openSockets(configuration)
    if (this.#isOver) return false
    this.world.clock.refresh()
    try {
      this.haproxy.start()
    } catch (error) {
      this.finish(1)
      // told once the addresses are free again: there is no SO_REUSEPORT here
      if (this.#predecessorsLeft) this.options.tellPredecessors?.('SIGTTIN')
      if (error instanceof StartError) return false
      throw error
    }
    const problem = this.options.listening?.(configuration.global)
    if (problem !== undefined) {
      this.#operator.say('alert', problem)
      this.finish(1)
      return false
    }
    letFrontendsGo(configuration)
    this.#operator.started()
    this.#sayWhatIsMissing()
    this.world.driver.onTurn = () => this.#afterTurn()
    this.world.driver.start()
    const waiting = this.#whenItServes ?? []
    this.#whenItServes = undefined
    waiting.forEach((action) => action())
    return true
  }

  /** Does what a signal asks for, at the earliest when it serves. */
  #onceItServes(action: () => void): void {
    if (this.#whenItServes) this.#whenItServes.push(action)
    else action()
  }

  /** Brings the end of a command into the world. */
  #within(exec: CommandRunner): CommandRunner {
    return (command, ended) => exec(command, (end) => this.world.driver.enter(() => ended(end)))
  }

  /** Node opens sockets in a time of its own, before the process starts that asks for them. */
  async #openSockets(configuration: Configuration): Promise<void> {
    await this.#logs.open(logTargets(this.haproxy.process.configuration))
    await this.#takeAddresses(configuration)
    const { tellPredecessors } = this.options
    for (let tries = MOST_TRIES; tellPredecessors && tries > 0 && this.world.home.canRetry; tries--) {
      this.#predecessorsLeft = true
      if (tellPredecessors('SIGTTOU') === 0) return
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS))
      await this.#takeAddresses(configuration)
    }
  }

  async #takeAddresses({ proxies, global }: Configuration): Promise<void> {
    const { home } = this.world
    if (this.options.tryFrontends !== false)
      for (const { binds, disabled } of proxies)
        for (const bind of binds) if (!disabled && isTried(bind)) await home.tryBind(bind.address, bind)
    for (const { bind } of global.statsSockets) await home.prepare(bind.address, bind)
  }

  /** Stops softly: what is under way comes to its end. A second signal ends it at once, and so does one before it serves. */
  signal(name: StopSignal): void {
    if (this.#whenItServes) this.finish(SIGNALLED[name])
    else if (this.#stopping) this.finish(name === 'SIGUSR1' ? 0 : SIGNALLED[name])
    else this.stopSoftly()
  }

  /** What is under way comes to its end, then it ends. */
  stopSoftly(): void {
    this.#onceItServes(() => {
      if (this.#stopping) return
      this.#stopping = true
      this.world.driver.enter(() => softStop(this.haproxy.process))
    })
  }

  /** Tells the operator and the logs how all servers are (SIGHUP). */
  dumpStates(): void {
    this.#onceItServes(() => this.world.driver.enter(() => dumpStates(this.haproxy.process)))
  }

  /** Leaves its addresses to a process that starts (SIGTTOU). */
  pauseListening(): void {
    this.#onceItServes(() => {
      if (this.#paused || this.#stopping) return
      this.#paused = true
      this.world.home.suspendListening()
      const { process } = this.haproxy
      if (process.configuration.global.statsSockets.length > 0) this.#operator.say('warning', 'Paused frontend GLOBAL.')
      this.world.driver.enter(() => process.proxies.forEach(pauseProxy))
    })
  }

  /** Takes them again: the other one has failed (SIGTTIN). */
  async resumeListening(): Promise<void> {
    if (!this.#paused || this.#stopping) return
    const { process } = this.haproxy
    const kept = await this.world.home.resumeListening()
    this.#paused = kept.length > 0
    if (process.configuration.global.statsSockets.length > 0 && kept.length === 0)
      this.#operator.say('warning', 'Resumed frontend GLOBAL.')
    this.world.driver.enter(() => process.proxies.forEach(resumeProxy))
    if (kept.length > 0) this.#operator.say('warning', REFUSED_TO_RESUME)
  }

  /** Ends it at once. */
  finish(code: number): void {
    if (this.#isOver) return
    this.#close()
    this.#end(code)
  }

  #close(): void {
    this.#isOver = true
    // closed first: nothing that ends now is told to anybody
    this.world.driver.stop()
    this.haproxy.stop()
    this.#logs.close()
    this.world.close()
  }

  #afterTurn(): void {
    const { process } = this.haproxy
    if (process.status !== 'running') return this.finish(process.crashed ? ABORTED : 0)
    this.#forget()
    if (process.isDraining && this.world.home.openConnections === 0 && !this.world.scheduler.hasWork) this.finish(0)
  }

  /**
   * A simulation keeps what was said; here it has been said, and a process may live long. What was said until it was
   * started stays: `show startup-logs` tells it.
   */
  #forget(): void {
    const { logger, startedAt } = this.haproxy.process
    for (const list of [logger.logs, this.haproxy.output, this.haproxy.events]) list.length = 0
    const { messages } = logger
    while (messages.length > 0 && messages.at(-1)!.at > startedAt) messages.pop()
  }

  #speak(record: TraceRecord): void {
    const { stdout, stderr } = this.options.terminals
    if (record.type === 'message') {
      const { severity, text, own } = record as MessageRecord
      const diagnostic = this.#own.get(text)
      if (own || diagnostic) this.options.complain(plainPlace(text), diagnostic?.gap)
      else this.#operator.say(severity, text)
    } else if (record.type === 'print') {
      const { stream, text } = record as PrintRecord
      ;(stream === 'stdout' ? stdout : stderr).write(encodeText(`${text}\n`))
    }
  }

  #sayWhatIsMissing(): void {
    const { complain } = this.options
    const { proxies } = this.haproxy.process
    if (proxies.some((each) => each.listeners.length > 0))
      complain('traffic is not carried: nothing listens at the addresses of frontends')
    for (const { place } of LogCarrier.unreachable(logTargets(this.haproxy.process.configuration)))
      complain(`${place.file}:${place.line}: log lines are not carried to this target`)
  }
}

/** How often addresses are tried that a process has which this one replaces (`MAX_START_RETRIES` in src/haproxy.c). */
const MOST_TRIES = 200
const BETWEEN_TRIES_MS = 10

const REFUSED_TO_RESUME =
  'Some proxies refused to resume, probably due to a conflict on a listening port. You may want to try again after the ' +
  'conflicting application is stopped, otherwise a restart might be needed to resume safe operations.'

/** `config : parsing [FILE:LINE] : text` as `FILE:LINE: text` */
const plainPlace = (text: string): string => text.replace(/^config : parsing \[([^\]]*)\] : /, '$1: ')
