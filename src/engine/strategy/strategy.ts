/**
 * A strategy decides what runs next. After each step the scheduler passes it everything that is runnable. Its choices
 * are the only source of variation between two runs with the same input and seed.
 */
import type { Task } from '../task.js'

/** The choice to advance time although tasks are runnable, as a slow or preempted thread would. */
export const STALL = Symbol('stall')

/** The runnable tasks in fifo order. Never empty when passed to a strategy. */
export interface ReadySet {
  readonly size: number
  /** The task that `fifo` would run. */
  first(): Task
  /** The task at position `index` of that order. Throws a RangeError if out of range. */
  at(index: number): Task
  /** Whether {@link STALL} may be chosen: a timer expires within the scheduler's bound. */
  readonly canStall: boolean
}

/** A scheduling policy. */
export interface Strategy {
  /** name on the command line */
  readonly name: string
  /** Chooses what runs next: a task of `ready`, or {@link STALL} if `ready.canStall`. */
  next(ready: ReadySet): Task | typeof STALL
  /**
   * Chooses which of `count` timers with the same deadline fires first, as an index in the order in which they were set.
   * Without this method it is always the first.
   */
  due?(count: number): number
}
