/**
 * Time. Inside hapsim a time is an integer number of microseconds: on the clock since the run began, on the calendar
 * since 1970-01-01T00:00:00Z.
 */

/** Microseconds; always an integer. */
export type Micros = number

export const MILLISECOND: Micros = 1_000
export const SECOND: Micros = 1_000_000

/** Where all time comes from. The simulation's is a {@link VirtualClock}; the live mode brings a real one. */
export interface Clock {
  /** Microseconds since the run began. Never goes back. */
  readonly now: Micros
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly wall: Micros
}

/** 2024-01-01T00:00:00Z, the date on which a simulation begins unless told otherwise. */
export const DEFAULT_EPOCH: Micros = 1_704_067_200 * SECOND

/** A clock that stands still until it is moved. */
export class VirtualClock implements Clock {
  now: Micros = 0

  /** @param epoch the calendar time at which the run begins, in microseconds since 1970 */
  constructor(readonly epoch: Micros = DEFAULT_EPOCH) {}

  get wall(): Micros {
    return this.epoch + this.now
  }

  /** Moves to `at`. Throws a RangeError when that is not an integer or lies in the past. */
  advanceTo(at: Micros): void {
    if (!Number.isSafeInteger(at) || at < this.now)
      throw new RangeError(`the clock cannot go from ${this.now} to ${at}`)
    this.now = at
  }
}
