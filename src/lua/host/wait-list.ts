/** Lists of coroutines that wait for the same thing (`notification_new` and `notification_wake` in src/hlua.c). */
import { Wake, type Task } from '../../engine/task.js'

/** A coroutine as seen by the lists it waits in. */
export interface Waiter {
  readonly task: Task
  /** Called when it has been removed from `list` to be woken. */
  removedFrom(list: WaitList): void
}

/** Coroutines in the order in which they started to wait. */
export class WaitList {
  readonly #waiting = new Set<Waiter>()

  /** @param queue the Queue that the list belongs to, which only scripts push to; undefined: woken from outside of Lua */
  constructor(readonly queue?: object) {}

  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  /** Appends a coroutine. */
  add(waiter: Waiter): void {
    this.#waiting.add(waiter)
  }

  /** Removes a coroutine without waking it. */
  remove(waiter: Waiter): void {
    this.#waiting.delete(waiter)
  }

  /** Removes and wakes all coroutines. One that has to wait longer adds itself again. */
  wake(): void {
    if (this.#waiting.size === 0) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const waiter of waiting) {
      waiter.removedFrom(this)
      waiter.task.wake(Wake.MESSAGE)
    }
  }
}
