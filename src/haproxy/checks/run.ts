/**
 * Runs a check: a task begins each check when it is due, enforces the timeouts and schedules the next one (`process_chk_conn` in
 * src/check.c, `process_chk_proc` in src/extcheck.c).
 */
import { originOf } from '../connections/origin.js'
import type { ConnectRule } from '../../config/checks/rules.js'
import type { Micros } from '../../engine/clock.js'
import { Wake, type Task } from '../../engine/task.js'
import type { ConnectionEvents } from '../../net/network.js'
import type { TlsClient } from '../../net/tls.js'
import type { Proxy, ProxyContext } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import type { Check } from './check.js'
import { checkedAddress, followsServer } from './checked-address.js'
import {
  externalCommand,
  externalFinding,
  type CommandEnd,
  type CommandRunner,
  type RunningCommand,
} from './external.js'
import { checkInterval, spread } from './interval.js'
import { applyResult, setCheckStatus } from './result.js'
import { Deadline } from '../dialogue/deadline.js'
import type { Finding } from '../../config/checks/finding.js'
import type { Program } from '../../config/checks/program.js'
import { STATUS } from '../../config/checks/status.js'
import { CheckSession, type SessionOwner } from '../dialogue/session.js'
import type { Target } from '../dialogue/connection.js'

/** A command that is running, and how it ended once it has. */
interface ExternalCheck {
  readonly running: RunningCommand
  end?: CommandEnd
}

export class CheckRunner implements SessionOwner {
  readonly process: ProxyContext
  readonly proxy: Proxy
  readonly events: ConnectionEvents
  #session: CheckSession | undefined
  readonly #tls = new Map<ConnectRule, TlsClient>()
  /** the finding of a command that has been run, and when it is due */
  #outcome: { readonly finding: Finding; readonly at: Micros } | undefined
  #command: ExternalCheck | undefined
  /** a finding has been recorded and is not applied to the server yet */
  #recorded = false
  #next: Micros
  readonly deadline: Deadline

  /**
   * @param work the dialogue with the server, or what runs the command of an external check
   * @param first when the first check is due
   */
  constructor(
    readonly server: Server,
    readonly check: Check,
    private work: Program | CommandRunner,
    first: Micros,
  ) {
    this.proxy = server.proxy
    this.process = this.proxy.process
    this.#next = first
    this.deadline = new Deadline(this.proxy, check.inter)
    const wake = () => check.task?.wake(Wake.IO)
    this.events = { connected: wake, secured: wake, readable: wake, writable: wake, failed: wake }
    check.task = this.process.threads.spawn({
      name: `${check.isAgent ? 'agent ' : ''}check ${server.path}`,
      run: (task) => this.#step(task),
      ...(typeof work === 'function' && { thread: 1 }),
    })
    check.task.wakeAt(first)
  }

  /** Sets the program of the next checks. */
  setProgram(program: Program): void {
    this.work = program
  }

  get #now(): Micros {
    return this.process.clock.now
  }

  #step(task: Task): void {
    if (this.#recorded) this.#conclude(task)
    else if (this.#session !== undefined) this.#proceed(task)
    else if (this.#outcome !== undefined) this.#awaitOutcome(task, this.#outcome)
    else if (this.#command !== undefined) this.#awaitEnd(task, this.#command)
    else this.#idle(task)
  }

  /** No check is in progress: begins one if it is due. The next one moves closer when the interval has become shorter. */
  #idle(task: Task): void {
    if (this.#now < this.#next) {
      this.#next = Math.min(this.#next, this.#now + checkInterval(this.server, this.check))
      task.wakeAt(this.#next)
      return
    }
    if (!this.check.enabled || this.check.paused || this.proxy.stopped) this.#reschedule(task)
    else this.#begin(task)
  }

  #begin(task: Task): void {
    this.process.counters.activity.checksStarted++
    this.check.begin(this.#now)
    if (typeof this.work === 'function') return this.#run(task, this.work)
    this.#session = new CheckSession(this.work, this)
    this.#proceed(task)
  }

  /** Runs the command of an external check. */
  #run(task: Task, execute: CommandRunner): void {
    this.deadline.connecting()
    const limit = this.deadline.remaining
    let command: ExternalCheck | undefined
    const outcome = execute(externalCommand(this.server, limit), (end) => this.#ended(end, command))
    if ('terminate' in outcome) {
      this.#command = command = { running: outcome }
      return task.wakeAt(this.deadline.at)
    }
    this.#reportExecError(outcome)
    const isLate = outcome.duration >= limit
    const finding = isLate ? { status: STATUS.PROCTOUT, code: this.check.code } : externalFinding(outcome)
    this.#outcome = { finding, at: this.#now + (isLate ? limit : outcome.duration) }
    task.wakeAt(this.#outcome.at)
  }

  /** A command has ended. One that ends late has timed out before, and another may be running. */
  #ended(end: CommandEnd, command: ExternalCheck | undefined): void {
    this.#reportExecError(end)
    if (command === undefined || command !== this.#command) return
    command.end = end
    this.check.task?.wake(Wake.IO)
  }

  /** Reports as HAProxy's child process does. */
  #reportExecError({ problem }: CommandEnd): void {
    if (problem === undefined) return
    this.process.logger.message('alert', `Failed to exec process for external health check: ${problem}. Aborting.`)
  }

  #awaitEnd(task: Task, { running, end }: ExternalCheck): void {
    if (end === undefined && !this.deadline.hasPassed) return task.wakeAt(this.deadline.at)
    this.#command = undefined
    if (end === undefined) {
      this.process.logger.message('warning', `kill ${running.pid}`)
      running.terminate()
    }
    this.#report(end ? externalFinding(end) : { status: STATUS.PROCTOUT, code: this.check.code })
    this.#conclude(task)
  }

  #awaitOutcome(task: Task, { finding, at }: { readonly finding: Finding; readonly at: Micros }): void {
    if (this.#now < at) return task.wakeAt(at)
    this.#outcome = undefined
    this.#report(finding)
    this.#conclude(task)
  }

  /**
   * HAProxy records the result in one step and applies it to the server in the next, so that a handler of the check's event may run
   * between the two. On a timeout it does both in one step.
   */
  #proceed(task: Task): void {
    const finding = this.#session!.advance()
    if (finding !== undefined) {
      this.#report(finding)
      task.wake(Wake.IO)
    } else if (this.deadline.hasPassed) {
      this.#report(this.#session!.expired())
      this.#conclude(task)
    } else task.wakeAt(this.deadline.at)
  }

  target(rule: ConnectRule, port: number | undefined): Target {
    const { check, server } = this
    const { config } = server
    // checks of servers that were added at run time need their own check-ssl and check-send-proxy (init_srv_check)
    const inherits = followsServer(check.target) && !server.dynamic
    const sendsProxy =
      rule.sendProxy ||
      (rule.useServerOptions && !check.isAgent && (config.check.sendProxy || (inherits && !!config.sendProxy)))
    const speaksTls =
      rule.ssl || (rule.useServerOptions && !check.isAgent && (config.check.ssl ?? (inherits && config.ssl)))
    const viaSocks4 = rule.viaSocks4 || (rule.useServerOptions && !check.isAgent && config.check.viaSocks4)
    return {
      address: checkedAddress(server.address, check.target, rule, port),
      origin: originOf(config, this.proxy.config, this.process.configuration.global.serverBuffers),
      proxyProtocol: sendsProxy
        ? { version: config.sendProxy ?? 1, options: config.proxyOptions, tlvs: config.proxyTlvs }
        : undefined,
      socks4: viaSocks4 ? config.socks4 : undefined,
      tls: speaksTls ? this.#tlsOf(rule) : undefined,
    }
  }

  /** The TLS options of the server, with SNI and ALPN of the rule, or those of checks by default. */
  #tlsOf(rule: ConnectRule): TlsClient {
    let tls = this.#tls.get(rule)
    if (!tls) {
      const { client, checkSni, checkAlpn } = this.server.config.tls
      const own = rule.useServerOptions && !this.check.isAgent
      tls = {
        ...client,
        serverName: rule.sni ?? (own ? checkSni : undefined),
        alpn: rule.alpn ?? (own ? checkAlpn : undefined),
      }
      this.#tls.set(rule, tls)
    }
    return tls
  }

  #report(finding: Finding): void {
    const session = this.#session
    this.#session = undefined
    session?.close()
    if (session?.program.isHttp) countHttpCheck(this.proxy, session)
    setCheckStatus(this.server, this.check, finding)
    if (finding.again !== undefined) setCheckStatus(this.server, this.check, finding.again)
    this.#recorded = true
  }

  #conclude(task: Task): void {
    this.#recorded = false
    applyResult(this.server, this.check)
    this.#next = this.#now + spread(this.proxy, checkInterval(this.server, this.check))
    this.check.forceFast = false
    this.#reschedule(task)
  }

  #reschedule(task: Task): void {
    if (this.proxy.stopped) return task.cancelTimer()
    const step = this.check.inter
    if (this.#next <= this.#now) this.#next += step * (Math.floor((this.#now - this.#next) / step) + 1)
    task.wakeAt(this.#next)
  }
}

/** The connections of HTTP checks are those of a multiplexer of the backend, with one stream each. */
const countHttpCheck = (proxy: Proxy, { connections, bytesIn, bytesOut }: CheckSession): void => {
  if (connections === 0) return
  proxy.countModule('backend', 'h1_total_connections', connections)
  proxy.countModule('backend', 'h1_total_streams', connections)
  proxy.countModule('backend', 'h1_bytes_in', bytesIn)
  proxy.countModule('backend', 'h1_bytes_out', bytesOut)
}
