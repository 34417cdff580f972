/** The threads of one process: their run queues, their tasks, and which of them are busy. */
import type { Clock, Micros } from './clock.js'
import type { Timer, TimerHeap } from './heap.js'
import { RunQueue } from './run-queue.js'
import { Task, type TaskGroup, type TaskOptions } from './task.js'
import { TICK_SPAWN, type Trace } from './trace.js'

/** The operations a thread group needs from the scheduler. */
export interface GroupScheduler {
  readonly clock: Clock
  readonly trace: Trace
  readonly timers: TimerHeap
  nextTaskId(): number
  enqueue(queue: RunQueue<Task>, task: Task): void
  dequeue(queue: RunQueue<Task>, task: Task): void
  at(at: Micros, action: () => void): Timer
  /** Stops the tasks of `queue` from running until {@link reopen}. */
  close(queue: RunQueue<Task>): void
  reopen(queue: RunQueue<Task>): void
}

/** The threads of a process; made by `Scheduler.threads`. */
export class ThreadGroup implements TaskGroup {
  /** run queues by thread number; queue 0 holds the tasks that are not bound to a thread */
  readonly queues: readonly RunQueue<Task>[]
  /** live tasks in the order of their creation */
  readonly tasks = new Set<Task>()
  #nextForAny = 0
  /** by thread: the timer that ends its busy period */
  readonly #busy: (Timer | undefined)[] = []
  #busyCount = 0

  /** @internal made by `Scheduler.threads` */
  constructor(
    readonly scheduler: GroupScheduler,
    readonly name: string,
    readonly count: number,
  ) {
    this.queues = Array.from({ length: count + 1 }, () => new RunQueue<Task>())
  }

  /** Creates a task. It first runs when it is woken or its timer expires. Throws a RangeError for an unknown thread. */
  spawn(options: TaskOptions): Task {
    const thread = options.thread ?? 0
    if (!Number.isInteger(thread) || thread < 0 || thread > this.count)
      throw new RangeError(`${this.name} has threads 1 to ${this.count}, not ${thread}`)
    const task = new Task(this.scheduler.nextTaskId(), this, options)
    this.tasks.add(task)
    this.scheduler.trace.mark(TICK_SPAWN, task.name)
    return task
  }

  /** @internal */
  enqueue(task: Task): void {
    if (task.key === 0) this.scheduler.enqueue(this.queues[task.thread]!, task)
  }

  /** @internal */
  dequeue(task: Task): void {
    if (task.key !== 0) this.scheduler.dequeue(this.queues[task.thread]!, task)
  }

  /** @internal */
  setTimer(timer: Timer, at: Micros): void {
    this.scheduler.timers.set(timer, Math.max(at, this.scheduler.clock.now))
  }

  /** @internal */
  removeTimer(timer: Timer): void {
    this.scheduler.timers.remove(timer)
  }

  /** @internal */
  forget(task: Task): void {
    this.tasks.delete(task)
  }

  /** @internal the thread on which a task runs its step; unbound tasks go to idle threads round robin */
  threadFor(task: Task): number {
    if (task.thread !== 0) return task.thread
    do this.#nextForAny = (this.#nextForAny % this.count) + 1
    while (this.#busyCount > 0 && this.#busy[this.#nextForAny] !== undefined)
    return this.#nextForAny
  }

  /** Whether `thread` is busy with the cost of a step. */
  isBusy(thread: number): boolean {
    return this.#busy[thread] !== undefined
  }

  /** @internal keeps `thread` busy until `end` */
  occupy(thread: number, end: Micros): void {
    this.#busy[thread] = this.scheduler.at(end, () => this.#release(thread))
    this.#busyCount++
    this.scheduler.close(this.queues[thread]!)
    if (this.#busyCount === this.count) this.scheduler.close(this.queues[0]!)
  }

  #release(thread: number): void {
    this.#busy[thread] = undefined
    this.#busyCount--
    this.scheduler.reopen(this.queues[thread]!)
    if (this.#busyCount === this.count - 1) this.scheduler.reopen(this.queues[0]!)
  }

  /** @internal ends the busy periods of all threads */
  releaseAll(): void {
    for (const entry of this.#busy) if (entry) this.scheduler.timers.remove(entry)
    this.#busy.length = 0
    this.#busyCount = 0
  }
}
