/** A fiber: one of the things that run side by side in a test, a client, a server, or the test itself. varnishtest has a thread for each. */
import type { Micros } from '../engine/clock.js'
import { Signal, type Script, type Wait } from './script.js'

/** What runs the steps of a fiber. */
export interface FiberTask {
  /** Runs a step soon. */
  wake(): void
  /** Runs a step at a time. */
  wakeAt(at: Micros): void
  cancelTimer(): void
  end(): void
}

/** Where fibers run. */
export interface FiberHost {
  /** time since the start of the test */
  readonly now: Micros
  /** Creates a task that calls `step` when it is woken. */
  task(name: string, step: () => void): FiberTask
}

export class Fiber {
  /** notified once it has ended */
  readonly ended = new Signal()
  isEnded = false
  /** what it waits for */
  wait: Wait | undefined
  readonly #task: FiberTask
  #unsubscribe: (() => void) | undefined

  /**
   * @param name of the client, server …: `c1`
   * @param failed called with what the script throws
   */
  constructor(
    readonly name: string,
    readonly host: FiberHost,
    readonly script: Script,
    readonly failed: (error: unknown) => void,
  ) {
    this.#task = host.task(name, () => this.#step())
    this.#task.wake()
  }

  /** Ends it wherever it is. */
  cancel(): void {
    if (this.isEnded) return
    this.#end()
    this.script.return()
  }

  /** A script that waits until this fiber has ended. */
  join(): Wait {
    return { what: `the end of ${this.name}`, on: this.ended, ready: () => this.isEnded }
  }

  #step(): void {
    let answer = true
    while (!this.isEnded) {
      if (this.wait) {
        answer = this.wait.ready()
        if (!answer && !(this.wait.until !== undefined && this.wait.until <= this.host.now)) return
        this.#resume()
      }
      this.#continue(answer)
    }
  }

  #continue(answer: boolean): void {
    try {
      const { done, value } = this.script.next(answer)
      if (done) this.#end()
      else this.#park(value)
    } catch (error) {
      this.#end()
      this.failed(error)
    }
  }

  #park(wait: Wait): void {
    this.wait = wait
    this.#unsubscribe = wait.on?.subscribe(() => this.#task.wake())
    if (wait.until !== undefined) this.#task.wakeAt(wait.until)
  }

  #resume(): void {
    this.wait = undefined
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
    this.#task.cancelTimer()
  }

  #end(): void {
    if (this.isEnded) return
    this.#resume()
    this.isEnded = true
    this.#task.end()
    this.ended.notify()
  }
}
