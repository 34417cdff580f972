/**
 * A schedule: a run's deviations from `fifo`. Each deviation refers to a decision, i.e. a call of the strategy, counted from
 * 0. `task` is the fingerprint of the expected task's name, to detect that the program has changed.
 */
import type { Micros } from '../clock.js'
import { RunningHash } from '../hash.js'

/** One deviation from `fifo`. */
export type Deviation =
  /** run the task at position `index` of the fifo order instead of the first */
  | { readonly kind: 'pick'; readonly decision: number; readonly index: number; readonly task?: number }
  /** advance time to the next timer, although tasks are runnable */
  | { readonly kind: 'stall'; readonly decision: number }
  /**
   * Hold the task that would run: with `time` 0 until nothing else is runnable at this instant, otherwise for `time`
   * microseconds. Other tasks are not affected.
   */
  | { readonly kind: 'hold'; readonly decision: number; readonly time: Micros; readonly task?: number }
  /** of several timers with the same deadline, fire the one at position `index` first */
  | { readonly kind: 'due'; readonly decision: number; readonly index: number }

/** Deviations in the order of their decisions. */
export type Schedule = readonly Deviation[]

/** A 16-bit hash of a task's name. */
export const fingerprint = (name: string): number => new RunningHash().string(name).low & 0xffff
