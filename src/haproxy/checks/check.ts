/**
 * The state of a health check or an agent check (`struct check` in include/haproxy/check-t.h): thresholds, health, the last result,
 * and where the check connects to. result.ts applies results, run.ts carries checks out.
 */
import { fromByteString } from '../../bytes/text.js'
import type { ServerConfig } from '../../config/model/server.js'
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import type { Task } from '../../engine/task.js'
import type { Address } from '../../net/address.js'
import type { Finding } from '../../config/checks/finding.js'
import { STATUS, type CheckResult, type CheckStatus } from '../../config/checks/status.js'
import type { CheckResultData } from '../events/events.js'

/** Rise and fall of agents: one answer is enough (`DEF_AGENT_RISETIME`, `DEF_AGENT_FALLTIME`). */
const AGENT_THRESHOLD = 1

/** Where a check connects to and what it sends, as far as that can be changed while it runs. */
export interface CheckTarget {
  addr: Address | undefined
  /** undefined: the server's port */
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
  /** when the check began that is in progress */
  startedAt: Micros | undefined
  /** whether it is switched on (`enable health`) */
  enabled = true
  /** set while the server is in maintenance */
  paused = false
  /** the next check comes after `fastinter`, regardless of the server's health */
  forceFast = false
  /** the task that carries it out */
  task: Task | undefined

  readonly target: CheckTarget
  /** the interval while the server is fully up */
  readonly inter: Micros
  readonly #fastinter: Micros
  readonly #downinter: Micros
  /** called when {@link target} has changed */
  targetChanged: (() => void) | undefined

  constructor(
    { check, agent }: Pick<ServerConfig, 'check' | 'agent'>,
    readonly isAgent: boolean,
  ) {
    this.rise = isAgent ? AGENT_THRESHOLD : check.rise
    this.fall = isAgent ? AGENT_THRESHOLD : check.fall
    this.inter = isAgent ? agent.inter || check.inter : check.inter
    this.#fastinter = isAgent ? 0 : check.fastinter
    this.#downinter = isAgent ? 0 : check.downinter
    this.target = isAgent
      ? { addr: agent.addr ?? check.addr, port: agent.port ?? check.port, send: agent.send }
      : { addr: check.addr, port: check.port, send: undefined }
    this.health = this.rise
  }

  /** Changes what the next checks connect to or send. */
  setTarget(part: Partial<CheckTarget>): void {
    Object.assign(this.target, part)
    this.targetChanged?.()
  }

  /** Whether the server counts as up by this check. */
  get up(): boolean {
    return this.health >= this.rise
  }

  /** Whether the server may be up as far as this check is concerned: it is off, or its health is up. */
  get isPresumedUp(): boolean {
    return !this.enabled || this.up
  }

  get fullyUp(): boolean {
    return this.health === this.rise + this.fall - 1
  }

  /** How long to wait before the next check (`srv_getinter`). @param isDown whether the server is down */
  interval(isDown: boolean): Micros {
    if (!this.forceFast && this.fullyUp) return this.inter
    if (isDown && this.health === 0) return this.#downinter || this.inter
    return this.#fastinter || this.inter
  }

  /** Suspends checking while the server is in maintenance. */
  pause(): void {
    if (!this.enabled) return
    this.paused = true
    this.health = 0
  }

  /** Resumes checking; the server is presumed up until a check fails. */
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

  /** Records the finding of a check that has ended. Returns whether the status differs from the last one. */
  record({ status, code, info }: Finding, now: Micros): boolean {
    const changed = status !== this.status
    this.status = status
    this.code = code ?? 0
    this.info = (info ?? '').slice(0, INFO_LENGTH)
    if (status.result !== 'UNKNOWN') this.result = status.result
    if (status === STATUS.HANA) this.duration = -1
    else if (this.startedAt !== undefined) {
      this.duration = Math.floor((now - this.startedAt) / MILLISECOND)
      this.startedAt = undefined
    }
    return changed
  }

  /** Lowers the health after a failure; below `rise` it is 0. Returns false when nothing is left to lose. */
  lowerHealth(): boolean {
    if (this.health === 0 || (this.isAgent && !this.status.hasCode)) return false
    this.health--
    if (this.health < this.rise) this.health = 0
    return true
  }

  /** Raises the health after a success; at `rise` it becomes the maximum. Returns false if it was the maximum already. */
  raiseHealth(): boolean {
    if (this.fullyUp) return false
    this.health++
    if (this.up) this.health = this.rise + this.fall - 1
    return true
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

  /** The last result as events have it. */
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
}

/** Writes `"` and unprintable bytes as `<22>` (`chunk_asciiencode`). */
const encodeInfo = (text: string): string =>
  text.replace(/[^\x20-\x7e]|"/g, (c) => `<${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}>`)
