/**
 * A task: something that runs now and then, a step at a time, as HAProxy's tasks do (include/haproxy/task-t.h). It is
 * woken for a reason or by its one timer; woken again while it waits in the run queue, it still runs once, for all the
 * reasons together.
 */
import type { Micros } from './clock.js'
import { Timed } from './heap.js'

/** Why a task runs; a set of bits. The names are HAProxy's (TASK_WOKEN_…). */
export const Wake = { INIT: 1, TIMER: 2, IO: 4, SIGNAL: 8, MESSAGE: 16, RESOURCE: 32, OTHER: 64 } as const

export interface TaskOptions {
  /** what a person calls it: `check be1/srv1`, `Lua task mailers.lua:366` */
  readonly name: string
  /** the thread that it belongs to, counted from 1; any thread when left out */
  readonly thread?: number | undefined
  /** -1024 (first) … 1024 (last), as `core.set_nice` */
  readonly nice?: number
  /** one step */
  readonly run: (task: Task) => void
}

/** What a task needs of the threads that it belongs to. */
export interface TaskGroup {
  /** the name of their process */
  readonly name: string
  /** Puts a task into its run queue, unless it waits there already. */
  enqueue(task: Task): void
  /** Takes a task out of its run queue. */
  dequeue(task: Task): void
  /** The thread on which a task takes its next step, counted from 1. */
  threadFor(task: Task): number
  /** Keeps `thread` busy until `end`. */
  occupy(thread: number, end: Micros): void
  /** Sets a task's timer; a time that has passed is due at once. */
  setTimer(timer: Timed, at: Micros): void
  removeTimer(timer: Timed): void
  /** Drops a task that has ended. */
  forget(task: Task): void
}

export class Task {
  readonly name: string
  /** the thread that it belongs to; 0 is any, until {@link bind} */
  thread: number
  nice: number
  /** During a step: the reasons for it, bits of {@link Wake}. */
  reasons = 0
  /** @internal reasons that came since the last step began */
  pendingReasons = 0
  /** @internal place in the order of its run queue; 0 when not in one */
  key = 0
  /** @internal since when it waits in its run queue */
  readySince: Micros = 0
  /** @internal */ dead = false
  /** @internal steps taken at the instant `spinInstant`, to notice a task that never lets time pass */
  spinCount = 0
  /** @internal */ spinInstant: Micros = -1
  readonly #timer: Timed
  /** @internal */ readonly run: (task: Task) => void

  /** @internal made by `ThreadGroup.spawn` */
  constructor(
    readonly id: number,
    readonly group: TaskGroup,
    options: TaskOptions,
  ) {
    this.name = options.name
    this.thread = options.thread ?? 0
    this.nice = options.nice ?? 0
    this.run = options.run
    this.#timer = new Timed(() => this.wake(Wake.TIMER))
  }

  /** Whether it waits in a run queue. */
  get runnable(): boolean {
    return this.key !== 0
  }

  /** When its timer is due; undefined when none is set. */
  get expires(): Micros | undefined {
    return this.#timer.pending ? this.#timer.at : undefined
  }

  /** Makes it runnable. */
  wake(reason: number): void {
    if (this.dead) return
    this.pendingReasons |= reason
    this.group.enqueue(this)
  }

  /** Sets its timer, which replaces an earlier one. A time that has passed wakes it when the scheduler next looks at timers. */
  wakeAt(at: Micros): void {
    if (this.dead) return
    this.group.setTimer(this.#timer, at)
  }

  /** Has a task that any thread could run belong to `thread` from now on. Within its own step only. */
  bind(thread: number): void {
    if (!this.runnable) this.thread = thread
  }

  /** Takes the timer back. */
  cancelTimer(): void {
    this.group.removeTimer(this.#timer)
  }

  /** Ends it: it does not run again. */
  kill(): void {
    if (this.dead) return
    this.dead = true
    this.cancelTimer()
    this.group.dequeue(this)
    this.group.forget(this)
  }
}
