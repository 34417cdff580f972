/**
 * Runs a scheduler on Node's event loop: processes what is due, then sleeps until the next timer or socket event. As in HAProxy's polling
 * loop, a timer expires only after the sockets have been polled: if the process is late, what arrived in time is not a timeout.
 */
import { MILLISECOND, type Micros, type Scheduler } from '../engine/index.js'
import type { RealClock } from './clock.js'

/** The scheduler returns to the event loop after this long, if it has run this many steps. Meanwhile its clock does not move. */
const MAX_TURN = 5 * MILLISECOND
const MIN_STEPS = 8

/** The maximum of `setTimeout`. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

export class Driver {
  readonly #onError: (error: Error) => void
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  #stopped = false
  /** timers that are due at this time expire after the next poll */
  #polledAt: Micros = 0
  /** called after each turn */
  onTurn: (() => void) | undefined

  /** @param failed called with an internal error, which stops the driver */
  constructor(
    readonly scheduler: Scheduler,
    readonly clock: RealClock,
    failed: (error: Error) => void,
  ) {
    this.#onError = failed
  }

  /**
   * Runs `action` now, outside of any step, and then everything it makes runnable. Timers that have expired meanwhile wait for the events of
   * other sockets, and the clock with them.
   */
  enter(action: () => void): void {
    if (this.#stopped) return
    this.#refresh(0)
    this.scheduler.at(this.clock.now, action)
    this.#runTurn(0)
  }

  /** Starts running the scheduler in the background. */
  start(): void {
    this.#schedule()
  }

  stop(): void {
    this.#stopped = true
    this.#disarm()
  }

  /** Updates the clock, unless a timer would expire that is due after `polledAt`. */
  #refresh(polledAt: Micros): void {
    const due = this.scheduler.timers.peek()
    // a turn advances the clock by one
    this.clock.refresh(due === undefined ? Infinity : Math.max(polledAt, due.at - 2))
  }

  /** The sockets have been polled: runs what is due. */
  #polled(): void {
    this.#runTurn(this.#polledAt)
    this.#polledAt = this.clock.real
  }

  /** @param polledAt timers that are due later do not expire */
  #runTurn(polledAt: Micros): void {
    this.#disarm()
    const { scheduler, clock } = this
    const end = clock.real + MAX_TURN
    this.#refresh(polledAt)
    try {
      // one past now, so that tasks waiting for time to pass become due
      let steps = 0
      scheduler.runWhile(clock.now + 1, () => ++steps < MIN_STEPS || clock.real < end)
      this.onTurn?.()
    } catch (error) {
      this.stop()
      this.#onError(error as Error)
    }
    this.#schedule()
  }

  #schedule(): void {
    if (this.#stopped || this.#immediate !== undefined || this.#timer !== undefined) return
    const due = this.scheduler.timers.peek()
    const left = this.scheduler.runnable > 0 ? 0 : due === undefined ? Infinity : due.at - this.clock.real
    // Node calls immediates after it has polled the sockets, and timers before
    if (left < MILLISECOND) this.#immediate = setImmediate(() => this.#polled())
    else this.#timer = setTimeout(() => this.#wake(), Math.min(Math.ceil(left / MILLISECOND), MAX_TIMEOUT_MS))
  }

  #wake(): void {
    this.#timer = undefined
    this.#polledAt = this.clock.real
    this.#immediate = setImmediate(() => this.#polled())
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    this.#timer = undefined
    this.#immediate = undefined
  }
}
