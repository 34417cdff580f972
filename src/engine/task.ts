/**
 * A task: a cooperatively scheduled function that runs one step per wake-up, like HAProxy's tasks
 * (include/haproxy/task-t.h). It is woken explicitly or by its timer. Wake-ups while it is already queued are merged.
 */
import type { Micros } from './clock.js'
import { Timer } from './heap.js'

/** Wake-up reasons, combined as bits (HAProxy's TASK_WOKEN_…). */
export const Wake = { INIT: 1, TIMER: 2, IO: 4, SIGNAL: 8, MESSAGE: 16, RESOURCE: 32, OTHER: 64 } as const

/** Settings of a new task. */
export interface TaskOptions {
  /** display name: `check be1/srv1`, `Lua task mailers.lua:366` */
  readonly name: string
  /** the thread it is bound to, counted from 1; any thread by default */
  readonly thread?: number | undefined
  /** -1024 (highest priority) … 1024 (lowest), as in `core.set_nice` */
  readonly nice?: number
  /** runs one step */
  readonly run: (task: Task) => void
}

/** The operations a task needs from its thread group. */
export interface TaskGroup {
  /** name of the process */
  readonly name: string
  /** Adds a task to its run queue, unless it is queued already. */
  enqueue(task: Task): void
  /** Removes a task from its run queue. */
  dequeue(task: Task): void
  /** The thread on which a task runs its next step, counted from 1. */
  threadFor(task: Task): number
  /** Keeps `thread` busy until `end`. */
  occupy(thread: number, end: Micros): void
  /** Sets a task's timer; a time in the past expires immediately. */
  setTimer(timer: Timer, at: Micros): void
  removeTimer(timer: Timer): void
  /** Removes a killed task. */
  forget(task: Task): void
}

/** A task of a thread group; made by `ThreadGroup.spawn`. */
export class Task {
  readonly name: string
  /** the thread it is bound to; 0: any thread */
  thread: number
  nice: number
  /** During a step: why it was woken, bits of {@link Wake}. */
  reasons = 0
  /** @internal wake-up reasons since the start of the last step */
  pendingReasons = 0
  /** @internal sort key in its run queue; 0 if not queued */
  key = 0
  /** @internal when it was added to its run queue */
  readySince: Micros = 0
  /** @internal */ dead = false
  /** @internal wake-ups at the instant `spinInstant`, to detect busy loops */
  spinCount = 0
  /** @internal */ spinInstant: Micros = -1
  readonly #timer: Timer
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
    this.#timer = new Timer(() => this.wake(Wake.TIMER))
  }

  /** Whether it is in a run queue. */
  get runnable(): boolean {
    return this.key !== 0
  }

  /** When its timer expires; undefined if none is set. */
  get expires(): Micros | undefined {
    return this.#timer.pending ? this.#timer.at : undefined
  }

  /** Makes it runnable. */
  wake(reason: number): void {
    if (this.dead) return
    this.pendingReasons |= reason
    this.group.enqueue(this)
  }

  /** Sets its timer, replacing a previous one. A time in the past expires on the next turn of the scheduler. */
  wakeAt(at: Micros): void {
    if (this.dead) return
    this.group.setTimer(this.#timer, at)
  }

  /** Binds it to `thread`. Only valid within its own step, before it is woken again. */
  bind(thread: number): void {
    if (!this.runnable) this.thread = thread
  }

  /** Cancels its timer. */
  cancelTimer(): void {
    this.group.removeTimer(this.#timer)
  }

  /** Ends the task: it never runs again. */
  kill(): void {
    if (this.dead) return
    this.dead = true
    this.cancelTimer()
    this.group.dequeue(this)
    this.group.forget(this)
  }
}
