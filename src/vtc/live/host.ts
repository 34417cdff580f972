/** Fibers that Node's event loop runs. */
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import type { FiberTask } from '../fiber.js'
import type { Script, Wait } from '../script.js'
import { Signal } from '../script.js'

/** The longest time of one of Node's timers, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1

export class LiveHost {
  readonly #start = performance.now()
  #isClosed = false

  get now(): Micros {
    return Math.round((performance.now() - this.#start) * MILLISECOND)
  }

  task(_name: string, step: () => void): FiberTask {
    let isQueued = false
    let isEnded = false
    let timer: NodeJS.Timeout | undefined
    const run = (): void => {
      isQueued = false
      if (!isEnded && !this.#isClosed) step()
    }
    const wake = (): void => {
      if (isQueued || isEnded) return
      isQueued = true
      setImmediate(run)
    }
    const cancelTimer = (): void => {
      clearTimeout(timer)
      timer = undefined
    }
    return {
      wake,
      wakeAt: (at) => {
        cancelTimer()
        // a timer may expire a little early
        const left = Math.max(0, Math.ceil((at - this.now) / MILLISECOND))
        timer = setTimeout(() => (this.now >= at ? wake() : setTimeout(wake, 1)), Math.min(left, LONGEST_TIMER))
      },
      cancelTimer,
      end: () => {
        isEnded = true
        cancelTimer()
      },
    }
  }

  close(): void {
    this.#isClosed = true
  }
}

/** Waits for a promise, which must not be rejected. */
export function* awaited<Result>(what: string, promise: Promise<Result>): Script<Result> {
  const settled = new Signal()
  let result: { readonly value: Result } | undefined
  void promise.then((value) => {
    result = { value }
    settled.notify()
  })
  const wait: Wait = { what, on: settled, ready: () => result !== undefined }
  yield wait
  return result!.value
}
