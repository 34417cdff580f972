/** The host's clocks: monotonic time since the start of the process, and wall-clock time. */
import { MILLISECOND, VirtualClock, type Micros } from '../engine/index.js'

/** A larger difference between both clocks means that the wall clock was set. */
const MAX_DRIFT = 20 * MILLISECOND

export class RealClock extends VirtualClock {
  readonly #startedAt = performance.now()
  #epoch = Date.now() * MILLISECOND

  constructor() {
    super(Date.now() * MILLISECOND)
  }

  override get wall(): Micros {
    const host = Date.now() * MILLISECOND
    const real = this.real
    if (Math.abs(host - this.#epoch - real) > MAX_DRIFT) this.#epoch = host - real
    return this.#epoch + this.now
  }

  /** The host's monotonic time, which {@link now} follows. */
  get real(): Micros {
    return Math.floor((performance.now() - this.#startedAt) * 1000)
  }

  /** Updates {@link now} to the host's time. @param limit what it does not pass */
  refresh(limit: Micros = Infinity): void {
    const real = Math.min(this.real, limit)
    if (real > this.now) this.now = real
  }
}
