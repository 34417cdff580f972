/**
 * Carrying out a check: one task for each, which opens a connection when the time has come, leads the dialogue of the
 * check's kind, watches the time limits, and plans the next check (`process_chk_conn` in src/check.c, `tcpcheck_main` in
 * src/tcpcheck.c).
 */
import type { Micros } from '../../engine/clock.js'
import { Wake, type Task } from '../../engine/task.js'
import type { Address } from '../../net/address.js'
import { ERROR_TEXT, type Connection, type ConnectionEvents, type NetworkErrorCode } from '../../net/network.js'
import type { Proxy } from '../proxy.js'
import type { Check, Finding } from './check.js'
import { STATUS } from './status.js'

/** What is said with a server in one check, once the connection is made. One is made for each check. */
export interface Dialogue {
  /** The connection is made, or more has come in. Returns what was found, undefined while more is to come. */
  advance(connection: Connection): Finding | undefined
  /** bytes received and sent so far */
  readonly bytesIn: number
  readonly bytesOut: number
}

/** How a kind of check talks; undefined for one that only connects. */
export type DialogueMaker = (() => Dialogue) | undefined

const RETURNED: Readonly<Partial<Record<NetworkErrorCode, string>>> = {
  ECONNRESET: 'ECONNRESET returned by OS',
  ETIMEDOUT: 'ETIMEDOUT returned by OS',
  EPIPE: 'EPIPE returned by OS',
}

export class CheckRunner {
  readonly #proxy: Proxy
  readonly #events: ConnectionEvents
  #connection: Connection | undefined
  #connected = false
  /** a check has its finding, and the server's state is still to follow */
  #reported = false
  #dialogue: Dialogue | undefined
  #next: Micros
  #deadline: Micros = 0

  /** @param first when the first check is due */
  constructor(
    readonly check: Check,
    readonly talk: DialogueMaker,
    first: Micros,
  ) {
    this.#proxy = check.server.proxy
    this.#next = first
    const wake = () => check.task?.wake(Wake.IO)
    this.#events = { connected: wake, readable: wake, writable: wake, failed: wake }
    check.task = this.#proxy.process.threads.spawn({
      name: `check ${check.server.path}`,
      run: (task) => this.#step(task),
    })
    check.task.wakeAt(first)
  }

  get #now(): Micros {
    return this.#proxy.process.clock.now
  }

  #step(task: Task): void {
    if (this.#reported) this.#conclude(task)
    else if (this.#connection === undefined) this.#idle(task)
    else this.#proceed(task)
  }

  /** No check is under way: begins one when it is time, or moves the time nearer when the interval has become shorter. */
  #idle(task: Task): void {
    if (this.#now < this.#next) {
      this.#next = Math.min(this.#next, this.#now + this.check.interval)
      task.wakeAt(this.#next)
      return
    }
    if (!this.check.enabled || this.check.paused || this.#proxy.stopped) this.#reschedule(task)
    else this.#begin(task)
  }

  #begin(task: Task): void {
    const { check } = this
    check.begin(this.#now)
    const { timeouts } = this.#proxy.config
    this.#deadline = this.#now + check.server.config.check.inter
    if (timeouts.check !== undefined && timeouts.connect !== undefined)
      this.#deadline = Math.min(this.#deadline, this.#now + timeouts.connect)
    this.#connected = false
    this.#dialogue = this.talk?.()
    this.#connection = this.#proxy.process.network.connect(checkedAddress(check), this.#events)
    task.wakeAt(this.#deadline)
  }

  /**
   * HAProxy takes in what came over the connection in one step and lets the server's state follow in the next: whoever
   * handles the event of the check may run between them. When time runs out, both are one step.
   */
  #proceed(task: Task): void {
    const finding = this.#look()
    if (finding !== undefined) {
      this.#report(finding)
      task.wake(Wake.IO)
    } else if (this.#now >= this.#deadline) {
      this.#report({ status: this.#connected ? STATUS.L7TOUT : STATUS.L4TOUT })
      this.#conclude(task)
    } else task.wakeAt(this.#deadline)
  }

  /** What can be said by now. */
  #look(): Finding | undefined {
    const connection = this.#connection!
    if (!this.#connected && connection.state === 'open') {
      this.#connected = true
      const limit = this.#proxy.config.timeouts.check
      if (limit !== undefined) this.#deadline = this.#now + limit
    }
    if (this.#connected) {
      const finding = this.#dialogue === undefined ? { status: STATUS.L4OK } : this.#dialogue.advance(connection)
      if (finding !== undefined) return finding
    }
    return connection.error === undefined ? undefined : this.#broken(connection.error)
  }

  #broken(error: NetworkErrorCode): Finding {
    if (!this.#connected) return { status: STATUS.L4CON, info: ERROR_TEXT[error] }
    const returned = RETURNED[error]
    return { status: STATUS.SOCKERR, info: returned ? `${returned} (${ERROR_TEXT[error]})` : ERROR_TEXT[error] }
  }

  #report(finding: Finding): void {
    const connection = this.#connection!
    this.#connection = undefined
    if (this.#dialogue) this.#proxy.countHttpCheck(this.#dialogue)
    this.#dialogue = undefined
    connection.reset()
    this.check.report(finding)
    this.#reported = true
  }

  #conclude(task: Task): void {
    this.#reported = false
    this.check.notify()
    this.#next = this.#now + spread(this.#proxy, this.check.interval)
    this.check.forceFast = false
    this.#reschedule(task)
  }

  #reschedule(task: Task): void {
    if (this.#proxy.stopped) return task.cancelTimer()
    const step = this.check.server.config.check.inter
    if (this.#next <= this.#now) this.#next += step * (Math.floor((this.#now - this.#next) / step) + 1)
    task.wakeAt(this.#next)
  }
}

/** `interval`, more or less by the percentage of `spread-checks`. */
export const spread = (proxy: Proxy, interval: Micros): Micros => {
  const percent = proxy.process.configuration.global.spreadChecks
  if (percent === 0) return interval
  const range = Math.floor((interval * percent) / 100)
  return interval + range - Math.floor(2 * range * proxy.process.checkRandom.float())
}

/** Where a check connects to: the server, unless `addr` or `port` say otherwise. */
const checkedAddress = (check: Check): Address => {
  const { addr, port } = check.server.config.check
  const address = addr ?? check.server.address
  if (!('port' in address)) return address
  const own = 'port' in check.server.address ? check.server.address.port : 0
  return { ...address, port: port ?? (addr && 'port' in addr && addr.port !== 0 ? addr.port : own) }
}
