/**
 * Drives a scheduler by Node's event loop: what is due is done, then the loop sleeps until the next timer or until a
 * socket has something to tell.
 */
import { MILLISECOND, type Scheduler } from '../engine/index.js'
import type { RealClock } from './clock.js'

/** The scheduler lets the event loop have its turn at the latest after this. */
const TURN = 5 * MILLISECOND

/** `setTimeout` takes no more. */
const LONGEST_MS = 2 ** 31 - 1

export class Driver {
  readonly #failed: (error: Error) => void
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  #stopped = false
  /** told after each turn */
  onTurn: (() => void) | undefined

  /** @param failed told of a fault of our own in what it drives, which ends it */
  constructor(
    readonly scheduler: Scheduler,
    readonly clock: RealClock,
    failed: (error: Error) => void,
  ) {
    this.#failed = failed
  }

  /** Does `action` now, outside of any step, and whatever follows from it. */
  enter(action: () => void): void {
    if (this.#stopped) return
    this.clock.refresh()
    this.scheduler.at(this.clock.now, action)
    this.#turn()
  }

  /** Goes on by itself from here. */
  start(): void {
    this.#wait()
  }

  stop(): void {
    this.#stopped = true
    this.#disarm()
  }

  #turn(): void {
    this.#disarm()
    const { scheduler, clock } = this
    const end = clock.real + TURN
    clock.refresh()
    try {
      // beyond now, so that tasks that waited for time to pass see it pass
      scheduler.runWhile(clock.now + 1, () => {
        clock.refresh()
        return clock.now < end
      })
      this.onTurn?.()
    } catch (error) {
      this.stop()
      this.#failed(error as Error)
    }
    this.#wait()
  }

  #wait(): void {
    if (this.#stopped || this.#immediate !== undefined || this.#timer !== undefined) return
    const due = this.scheduler.timers.peek()
    const left = this.scheduler.runnable > 0 ? 0 : due === undefined ? Infinity : due.at - this.clock.real
    if (left < MILLISECOND) this.#immediate = setImmediate(() => this.#turn())
    else this.#timer = setTimeout(() => this.#turn(), Math.min(Math.ceil(left / MILLISECOND), LONGEST_MS))
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    this.#timer = undefined
    this.#immediate = undefined
  }
}
