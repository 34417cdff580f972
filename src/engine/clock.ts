/**
 * Clocks. All times inside hapsim are integer microseconds: monotonic time since the start of the run, wall time since
 * 1970-01-01T00:00:00Z.
 */

/** Microseconds; always an integer. */
export type Micros = number

export const MILLISECOND: Micros = 1_000
export const SECOND: Micros = 1_000_000

/** The only source of time. Simulations use a {@link VirtualClock}; live mode uses a real one. */
export interface Clock {
  /** Monotonic microseconds since the start of the run. */
  readonly now: Micros
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly wall: Micros
}

/** 2024-01-01T00:00:00Z, the default start date of a simulation. */
export const DEFAULT_EPOCH: Micros = 1_704_067_200 * SECOND

/** A clock that only advances when {@link VirtualClock.advanceTo} is called. */
export class VirtualClock implements Clock {
  now: Micros = 0

  /** @param epoch wall time at the start of the run, in microseconds since 1970 */
  constructor(readonly epoch: Micros = DEFAULT_EPOCH) {}

  get wall(): Micros {
    return this.epoch + this.now
  }

  /** Advances the clock to `at`. Throws a RangeError if `at` is not an integer or is in the past. */
  advanceTo(at: Micros): void {
    if (!Number.isSafeInteger(at) || at < this.now)
      throw new RangeError(`cannot set the clock from ${this.now} to ${at}`)
    this.now = at
  }
}
