/** The time outside: monotonic since the process began, and the calendar as the host has it. */
import { MILLISECOND, VirtualClock, type Micros } from '../engine/index.js'

/** Beyond this the host's calendar was set, and is followed. */
const DRIFT = 20 * MILLISECOND

export class RealClock extends VirtualClock {
  readonly #began = performance.now()
  #epoch = Date.now() * MILLISECOND

  constructor() {
    super(Date.now() * MILLISECOND)
  }

  override get wall(): Micros {
    const host = Date.now() * MILLISECOND
    const real = this.real
    if (Math.abs(host - this.#epoch - real) > DRIFT) this.#epoch = host - real
    return this.#epoch + this.now
  }

  /** The time outside, which {@link now} follows. */
  get real(): Micros {
    return Math.floor((performance.now() - this.#began) * 1000)
  }

  /** Catches up with the time outside. */
  refresh(): void {
    const real = this.real
    if (real > this.now) this.now = real
  }
}
