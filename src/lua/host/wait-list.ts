/** Coroutines that wait for something, in the order in which they came (`notification_new` and `notification_wake`). */
import { Wake } from '../../engine/task.js'
import type { Coroutine } from './coroutine.js'

export class WaitList {
  readonly #waiting = new Set<Coroutine>()

  /** @param queue the Queue that it belongs to, which only scripts push to; undefined: something outside of Lua wakes it */
  constructor(readonly queue?: object) {}

  add(coroutine: Coroutine): void {
    this.#waiting.add(coroutine)
  }

  remove(coroutine: Coroutine): void {
    this.#waiting.delete(coroutine)
  }

  /** Wakes everyone; whoever still has to wait comes again. */
  wake(): void {
    if (this.#waiting.size === 0) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const coroutine of waiting) {
      coroutine.left(this)
      coroutine.task.wake(Wake.MESSAGE)
    }
  }
}
