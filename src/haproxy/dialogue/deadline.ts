/**
 * The time limits of a dialogue: one from the request for a connection, another once it is made (`tcpcheck_eval_connect` and
 * `process_chk_conn`; the built-in mailer has the same).
 */
import type { Clock, Micros } from '../../engine/clock.js'
import type { Proxy } from '../proxy/proxy.js'

export class Deadline {
  /** when the dialogue fails */
  at: Micros = 0

  /** @param interval the limit from the request for a connection on, unless `timeout connect` is shorter and `timeout check` is set */
  constructor(
    readonly proxy: Proxy,
    readonly interval: Micros,
  ) {}

  /** A connection is being made. */
  connecting(): void {
    const { check, connect } = this.proxy.config.timeouts
    this.at = this.#clock.now + this.interval
    if (check !== undefined && connect !== undefined) this.at = Math.min(this.at, this.#clock.now + connect)
  }

  /** The connection is made: `timeout check` limits the rest, where it is set. */
  connected(): void {
    const { check } = this.proxy.config.timeouts
    if (check !== undefined) this.at = this.#clock.now + check
  }

  get hasPassed(): boolean {
    return this.#clock.now >= this.at
  }

  /** The remaining time, in microseconds. */
  get remaining(): Micros {
    return this.at - this.#clock.now
  }

  get #clock(): Clock {
    return this.proxy.process.clock
  }
}
