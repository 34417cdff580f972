/**
 * A schedule: how a run deviates from `fifo`. It is a list of deviations, each tied to a decision, that is, to one of the
 * moments at which the scheduler asks its strategy what is next, counted from 0. `task` is the fingerprint of the name of
 * the task that was meant, so that a program that has become another is noticed.
 */
import type { Micros } from '../clock.js'
import { RunningHash } from '../hash.js'

export type Deviation =
  /** at that decision, the task at place `index` of the fifo order runs, and not the first */
  | { readonly kind: 'pick'; readonly decision: number; readonly index: number; readonly task?: number }
  /** at that decision, time passes up to what is due next, although something is runnable */
  | { readonly kind: 'stall'; readonly decision: number }
  /**
   * At that decision the task that would run is held back: with `time` 0 until nothing else is runnable at this instant,
   * otherwise until so many microseconds have passed. Everything else goes on as usual.
   */
  | { readonly kind: 'hold'; readonly decision: number; readonly time: Micros; readonly task?: number }

  /** at that decision, of several things that are due at one instant, the one at place `index` comes first */
  | { readonly kind: 'due'; readonly decision: number; readonly index: number }

export type Schedule = readonly Deviation[]

/** 16 bits of a task's name. */
export const fingerprint = (name: string): number => new RunningHash().string(name).low & 0xffff
