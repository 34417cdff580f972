/**
 * Carrying out a check: one task for each, which begins a talk when the time has come, watches the time limits, and plans
 * the next check (`process_chk_conn` in src/check.c, `process_chk_proc` in src/extcheck.c).
 */
import type { ConnectRule } from '../../config/checks/rules.js'
import type { Micros } from '../../engine/clock.js'
import { Wake, type Task } from '../../engine/task.js'
import type { ConnectionEvents } from '../../net/network.js'
import type { TlsClient } from '../../net/tls.js'
import type { ProcessContext } from '../context.js'
import type { Proxy } from '../proxy/proxy.js'
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
import type { Finding } from '../dialogue/finding.js'
import type { Program } from '../dialogue/program.js'
import { STATUS } from '../dialogue/status.js'
import { Talk, type TalkOwner } from '../dialogue/session.js'
import type { Target } from '../dialogue/connection.js'

/** A command that runs, and how it ended when it has. */
interface Commanded {
  readonly running: RunningCommand
  end?: CommandEnd
}

export class CheckRunner implements TalkOwner {
  readonly process: ProcessContext
  readonly proxy: Proxy
  readonly events: ConnectionEvents
  #talk: Talk | undefined
  readonly #tls = new Map<ConnectRule, TlsClient>()
  /** what a command that was run will have found, and when */
  #coming: { readonly finding: Finding; readonly at: Micros } | undefined
  #command: Commanded | undefined
  /** a check has its finding, and the server's state is still to follow */
  #reported = false
  #next: Micros
  #deadline: Micros = 0

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
    if (this.#reported) this.#conclude(task)
    else if (this.#talk !== undefined) this.#proceed(task)
    else if (this.#coming !== undefined) this.#await(task, this.#coming)
    else if (this.#command !== undefined) this.#attend(task, this.#command)
    else this.#idle(task)
  }

  /** No check is under way: begins one when it is time, or moves the time nearer when the interval has become shorter. */
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
    this.check.begin(this.#now)
    if (typeof this.work === 'function') return this.#run(task, this.work)
    this.#talk = new Talk(this.work, this)
    this.#proceed(task)
  }

  /** Runs the command; it comes to its end when its time has passed. */
  #run(task: Task, execute: CommandRunner): void {
    this.connecting()
    const limit = this.#deadline - this.#now
    let command: Commanded | undefined
    const outcome = execute(externalCommand(this.server, limit), (end) => this.#ended(end, command))
    if ('terminate' in outcome) {
      this.#command = command = { running: outcome }
      return task.wakeAt(this.#deadline)
    }
    this.#sayProblem(outcome)
    const isLate = outcome.duration >= limit
    const finding = isLate ? { status: STATUS.PROCTOUT, code: this.check.code } : externalFinding(outcome)
    this.#coming = { finding, at: this.#now + (isLate ? limit : outcome.duration) }
    task.wakeAt(this.#coming.at)
  }

  /** One that comes too late has been judged already, and another may be under way. */
  #ended(end: CommandEnd, command: Commanded | undefined): void {
    this.#sayProblem(end)
    if (command === undefined || command !== this.#command) return
    command.end = end
    this.check.task?.wake(Wake.IO)
  }

  /** What HAProxy's child says. */
  #sayProblem({ problem }: CommandEnd): void {
    if (problem === undefined) return
    this.process.logger.say('alert', `Failed to exec process for external health check: ${problem}. Aborting.`)
  }

  #attend(task: Task, { running, end }: Commanded): void {
    if (end === undefined && this.#now < this.#deadline) return task.wakeAt(this.#deadline)
    this.#command = undefined
    if (end === undefined) {
      this.process.logger.say('warning', `kill ${running.pid}`)
      running.terminate()
    }
    this.#report(end ? externalFinding(end) : { status: STATUS.PROCTOUT, code: this.check.code })
    this.#conclude(task)
  }

  #await(task: Task, { finding, at }: { readonly finding: Finding; readonly at: Micros }): void {
    if (this.#now < at) return task.wakeAt(at)
    this.#coming = undefined
    this.#report(finding)
    this.#conclude(task)
  }

  /**
   * HAProxy takes in what came over the connection in one step and lets the server's state follow in the next: whoever
   * handles the event of the check may run between them. When time runs out, both are one step.
   */
  #proceed(task: Task): void {
    const finding = this.#talk!.advance()
    if (finding !== undefined) {
      this.#report(finding)
      task.wake(Wake.IO)
    } else if (this.#now >= this.#deadline) {
      this.#report(this.#talk!.expired())
      this.#conclude(task)
    } else task.wakeAt(this.#deadline)
  }

  // what the talk asks for and tells

  target(rule: ConnectRule, port: number | undefined): Target {
    const { check, server } = this
    const { config } = server
    const ownTarget = followsServer(check.target)
    const sendsProxy =
      rule.sendProxy ||
      (rule.useServerOptions && !check.isAgent && (config.check.sendProxy || (ownTarget && !!config.sendProxy)))
    const speaksTls =
      rule.ssl || (rule.useServerOptions && !check.isAgent && (config.check.ssl ?? (ownTarget && config.ssl)))
    const viaSocks4 = rule.viaSocks4 || (rule.useServerOptions && !check.isAgent && config.check.viaSocks4)
    return {
      address: checkedAddress(server.address, check.target, rule, port),
      proxyProtocol: sendsProxy ? (config.sendProxy ?? 1) : undefined,
      socks4: viaSocks4 ? config.socks4 : undefined,
      tls: speaksTls ? this.#tlsOf(rule) : undefined,
    }
  }

  /** What the server line says of TLS, with the name and protocols of the rule, or else of checks. */
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

  connecting(): void {
    const { timeouts } = this.proxy.config
    this.#deadline = this.#now + this.check.inter
    if (timeouts.check !== undefined && timeouts.connect !== undefined)
      this.#deadline = Math.min(this.#deadline, this.#now + timeouts.connect)
  }

  connected(): void {
    const limit = this.proxy.config.timeouts.check
    if (limit !== undefined) this.#deadline = this.#now + limit
  }

  #report(finding: Finding): void {
    const talk = this.#talk
    this.#talk = undefined
    talk?.close()
    if (talk?.program.isHttp) this.proxy.countHttpCheck(talk)
    setCheckStatus(this.server, this.check, finding)
    if (finding.again !== undefined) setCheckStatus(this.server, this.check, finding.again)
    this.#reported = true
  }

  #conclude(task: Task): void {
    this.#reported = false
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
