/**
 * The health check or the agent check of a server: how the server does by what the last checks found, and what follows
 * from a new finding (`set_server_check_status` and `check_notify_…` in src/check.c). How and when it is carried out is
 * told in run.ts.
 */
import { fromByteString } from '../../bytes/text.js'
import type { Micros } from '../../engine/clock.js'
import { MILLISECOND } from '../../engine/clock.js'
import type { Task } from '../../engine/task.js'
import type { Address } from '../../net/address.js'
import type { CheckResultData } from '../events/events.js'
import { LOG_INFO, LOG_NOTICE } from '../logs/logger.js'
import { ServerAdmin, ServerState, type Server } from '../server/server.js'
import { publish, setRunning, setStopped, setStopping, type OperationalCause } from '../server/state.js'
import type { Finding } from '../dialogue/finding.js'
import { STATUS, type CheckResult, type CheckStatus } from '../dialogue/status.js'

/** Rise and fall of agents, whom one word is enough (`DEF_AGENT_RISETIME`, `DEF_AGENT_FALLTIME`). */
const AGENT_THRESHOLD = 1

/** Where and how a check asks, as far as that can be changed while it runs. */
export interface CheckTarget {
  addr: Address | undefined
  /** undefined: the server's own */
  port: number | undefined
  /** what an agent is sent, byte string */
  send: string | undefined
}

/** The longest `info` that HAProxy keeps (`HCHK_DESC_LEN` less the end mark). */
const INFO_LENGTH = 127

export class Check {
  readonly rise: number
  readonly fall: number
  /** 0 … rise-1 is down, rise … rise+fall-1 is up */
  health: number
  status: CheckStatus = STATUS.INI
  code = 0
  info = ''
  result: CheckResult = 'UNKNOWN'
  /** how long the last check took, in whole milliseconds; -1 when it took none */
  duration = 0
  /** when the check began that is under way */
  startedAt: Micros | undefined
  /** whether it is switched on (`enable health`) */
  enabled = true
  /** set while the server is in maintenance */
  paused = false
  /** the next check comes after `fastinter`, however the server does */
  forceFast = false
  /** the task that carries it out */
  task: Task | undefined

  readonly target: CheckTarget
  /** the interval while all is well */
  readonly inter: Micros
  /** called when {@link target} has changed */
  targetChanged: (() => void) | undefined

  constructor(
    readonly server: Server,
    readonly isAgent = false,
  ) {
    const { check, agent } = server.config
    this.rise = isAgent ? AGENT_THRESHOLD : check.rise
    this.fall = isAgent ? AGENT_THRESHOLD : check.fall
    this.inter = isAgent ? agent.inter || check.inter : check.inter
    this.target = isAgent
      ? { addr: agent.addr ?? check.addr, port: agent.port ?? check.port, send: agent.send }
      : { addr: check.addr, port: check.port, send: undefined }
    this.health = this.rise
  }

  /** Has the next checks ask elsewhere, or otherwise. */
  setTarget(part: Partial<CheckTarget>): void {
    Object.assign(this.target, part)
    this.targetChanged?.()
  }

  /** Whether the server counts as up by this check. */
  get up(): boolean {
    return this.health >= this.rise
  }

  /** Whether nothing here speaks against the server being up. */
  get believedUp(): boolean {
    return !this.enabled || this.up
  }

  get fullyUp(): boolean {
    return this.health === this.rise + this.fall - 1
  }

  /** How long to wait before the next check (`srv_getinter`). */
  get interval(): Micros {
    const { inter } = this
    const { fastinter, downinter } = this.isAgent ? { fastinter: 0, downinter: 0 } : this.server.config.check
    if (!this.forceFast && this.fullyUp) return inter
    if (this.server.nextState === ServerState.STOPPED && this.health === 0) return downinter || inter
    return fastinter || inter
  }

  /** Stops checking while the server is in maintenance. */
  pause(): void {
    if (!this.enabled) return
    this.paused = true
    this.health = 0
  }

  /** Takes checking up again, believing the server to be up until a check says otherwise. */
  resume(): void {
    if (!this.enabled) return
    this.paused = false
    this.health = this.rise
  }

  /** Ends checking for good. */
  stop(): void {
    this.task?.kill()
  }

  /** A check begins. */
  begin(now: Micros): void {
    this.result = 'UNKNOWN'
    this.info = ''
    this.startedAt = now
  }

  /** Takes in what a check found: health, events, log. The server's state follows with {@link notify}. */
  report(finding: Finding): void {
    const { now } = this.server.proxy.process.clock
    const changed = finding.status !== this.status
    this.status = finding.status
    this.code = finding.code ?? 0
    this.info = (finding.info ?? '').slice(0, INFO_LENGTH)
    if (finding.status.result !== 'UNKNOWN') this.result = finding.status.result
    if (finding.status === STATUS.HANA) this.duration = -1
    else if (this.startedAt !== undefined) {
      this.duration = Math.floor((now - this.startedAt) / MILLISECOND)
      this.startedAt = undefined
    }
    if (this.result === 'NEUTRAL') return
    const moved = this.#moveHealth()
    if (!changed && !moved) return
    publish(this.server, 'SERVER_CHECK', { check: this.snapshot() })
    if (!this.server.proxy.config.logHealthChecks) return
    const news = this.#news()
    this.server.proxy.process.logger.warn(this.server.proxy, LOG_NOTICE, `${news}.`)
    this.server.proxy.process.mailer?.send(this.server, LOG_INFO, news)
  }

  /** Lets the server's state follow the last result. */
  notify(): void {
    const { server } = this
    if (this.result === 'FAILED') {
      // that an agent cannot be asked is no reason to take its server down
      if (this.isAgent && this.status !== STATUS.L7STS) return
      if (this.health === 0) setStopped(server, this.#cause())
      return
    }
    if (this.result !== 'PASSED' && this.result !== 'CONDPASS') return
    if (server.nextAdmin & ServerAdmin.MAINT || server.track?.nextState === ServerState.STOPPED) return
    if (server.check?.believedUp === false || server.agent?.believedUp === false) return
    if (this.result === 'CONDPASS') {
      if (!this.isAgent) setStopping(server, this.#cause())
    } else if (!this.isAgent || server.nextState !== ServerState.STOPPING) setRunning(server, this.#cause())
  }

  /** `, reason: Layer4 timeout, check duration: 1000ms` (`check_append_info`) */
  description(): string {
    const code = this.status.hasCode ? `, code: ${this.code}` : ''
    const info = this.info === '' ? '' : `, info: "${encodeInfo(this.info)}"`
    const duration = this.duration >= 0 ? `, check duration: ${this.duration}ms` : ''
    return `, reason: ${this.status.description}${code}${info}${duration}`
  }

  /** {@link info} as text. */
  get infoText(): string {
    return fromByteString(this.info)
  }

  /** What events tell of it. */
  snapshot(): CheckResultData {
    const { short, description, hasCode } = this.status
    return {
      agent: this.isAgent,
      result: this.result,
      duration: this.duration,
      reason: { short, desc: description, code: hasCode ? this.code : undefined },
      health: { cur: this.health, rise: this.rise, fall: this.fall },
    }
  }

  /** Returns whether the finding moved the health. */
  #moveHealth(): boolean {
    const { server } = this
    if (this.result === 'FAILED') {
      if (this.health === 0 || (this.isAgent && !this.status.hasCode)) return false
      this.server.failedChecks++
      this.health--
      if (this.health < this.rise) this.health = 0
      return true
    }
    if (this.result !== 'PASSED' && this.result !== 'CONDPASS') return false
    server.consecutiveErrors = 0
    if (this.fullyUp) return false
    this.health++
    if (this.up) this.health = this.rise + this.fall - 1
    return true
  }

  /** The cause is told once: not again when health checks are logged one by one (`check_notify_cause`). */
  #cause(): OperationalCause {
    if (this.server.track || this.server.proxy.config.logHealthChecks) return 'none'
    return this.isAgent ? 'agent' : 'health'
  }

  #news(): string {
    const { server } = this
    const how =
      this.result === 'CONDPASS' ? 'conditionally succeeded' : this.result === 'PASSED' ? 'succeeded' : 'failed'
    const status = this.up
      ? `${this.health - this.rise + 1}/${this.fall} ${server.weight > 0 ? 'UP' : 'DRAIN'}`
      : `${this.health}/${this.rise} DOWN`
    return `${this.isAgent ? 'Agent' : 'Health'} check for ${server.backup ? 'backup ' : ''}server ${server.path} ${how}${this.description()}, status: ${status}`
  }
}

/** `"` and what cannot be printed as `<22>`, byte by byte (`chunk_asciiencode`). */
const encodeInfo = (text: string): string =>
  text.replace(/[^\x20-\x7e]|"/g, (c) => `<${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}>`)
