/**
 * How the commands of a test wait. Commands are generators that yield what they wait for; a {@link Fiber} runs one, as a task of a
 * simulation or of Node's event loop. The same commands so run in virtual and in real time.
 */
import type { Micros } from '../engine/clock.js'

/** Something that can change, and that fibers wait for. */
export class Signal {
  readonly #waiting = new Set<() => void>()

  /** Wakes all that wait. */
  notify(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  /** Calls `wake` on each change, until the returned function is called. */
  subscribe(wake: () => void): () => void {
    this.#waiting.add(wake)
    return () => void this.#waiting.delete(wake)
  }
}

/** What a fiber waits for. */
export interface Wait {
  /** for people: `bytes from 127.0.0.1:8080` */
  readonly what: string
  /** what must change; none: only time */
  readonly on?: Signal
  readonly ready: () => boolean
  /** when it no longer waits */
  readonly until?: Micros | undefined
}

/** A running command: yields what it waits for, and gets whether that is ready, or false if the time is over. */
export type Script<Result = void> = Generator<Wait, Result, boolean>

/** The script of what need not wait: it has its result at once. */
// eslint-disable-next-line require-yield -- it is a generator only because scripts are
export function* immediately<Result = void>(act: () => Result): Script<Result> {
  return act()
}

/** Waits; returns false if the time is over. */
export function* waitFor(wait: Wait): Script<boolean> {
  return wait.ready() || (yield wait)
}
