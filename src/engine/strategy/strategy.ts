/**
 * A strategy: the one who decides what runs next. After each step the scheduler shows it everything that is runnable;
 * its answers are the schedule of the run, the whole of what can vary between two runs of one world.
 */
import type { Task } from '../task.js'

/** The answer "let time pass although something is runnable": how a slow thread looks from outside. */
export const STALL = Symbol('stall')

/** The runnable tasks, in the order in which HAProxy would usually run them. Never empty when a strategy sees it. */
export interface ReadySet {
  readonly size: number
  /** The task that `fifo` would run. */
  first(): Task
  /** The task at place `index` of that order. Throws a RangeError beyond `size`. */
  at(index: number): Task
  /** Whether {@link STALL} is a possible answer: something is due within the bound. */
  readonly canStall: boolean
}

export interface Strategy {
  /** its name on the command line */
  readonly name: string
  /** What is next: a task of `ready`, or {@link STALL} where `ready.canStall`. */
  next(ready: ReadySet): Task | typeof STALL
  /**
   * Which of `count` things that are due at one instant (deliveries, timers) happens first: its place in the order in which
   * they were set. Left out: always the first.
   */
  due?(count: number): number
}
