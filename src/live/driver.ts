/** Runs a scheduler on Node's event loop: processes what is due, then sleeps until the next timer or socket event. */
import { MILLISECOND, type Scheduler } from '../engine/index.js'
import type { RealClock } from './clock.js'

/** The scheduler returns to the event loop after at most this long. */
const MAX_TURN = 5 * MILLISECOND

/** The maximum of `setTimeout`. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

export class Driver {
  readonly #onError: (error: Error) => void
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  #stopped = false
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

  /** Runs `action` now, outside of any step, and then everything it makes runnable. */
  enter(action: () => void): void {
    if (this.#stopped) return
    this.clock.refresh()
    this.scheduler.at(this.clock.now, action)
    this.#runTurn()
  }

  /** Starts running the scheduler in the background. */
  start(): void {
    this.#schedule()
  }

  stop(): void {
    this.#stopped = true
    this.#disarm()
  }

  #runTurn(): void {
    this.#disarm()
    const { scheduler, clock } = this
    const end = clock.real + MAX_TURN
    clock.refresh()
    try {
      // one past now, so that tasks waiting for time to pass become due
      scheduler.runWhile(clock.now + 1, () => {
        clock.refresh()
        return clock.now < end
      })
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
    if (left < MILLISECOND) this.#immediate = setImmediate(() => this.#runTurn())
    else this.#timer = setTimeout(() => this.#runTurn(), Math.min(Math.ceil(left / MILLISECOND), MAX_TIMEOUT_MS))
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    this.#timer = undefined
    this.#immediate = undefined
  }
}
