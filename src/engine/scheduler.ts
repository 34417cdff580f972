/**
 * The scheduler: the single event loop that runs everything. It owns the threads with their run queues and the timer heap
 * (task timers, network deliveries, planned actions), and loops: fire expired timers; then let the strategy pick one
 * runnable task and run one step of it; with nothing runnable, advance time to the next timer.
 *
 * A step completes instantly, but its declared cost ({@link Scheduler.occupy}) keeps its thread busy: tasks of that
 * thread wait until the cost has elapsed.
 *
 * A task that runs {@link SPIN_LIMIT} times at one instant is parked until time advances, so that a script that only
 * yields cannot stop the clock.
 */
import { MILLISECOND, type Micros, type VirtualClock } from './clock.js'
import { Timer, TimerHeap } from './heap.js'
import { Ready } from './ready.js'
import type { RunQueue } from './run-queue.js'
import { fifo } from './strategy/fifo.js'
import { STALL, type ReadySet, type Strategy } from './strategy/strategy.js'
import type { Task } from './task.js'
import { ThreadGroup } from './thread-group.js'
import { TICK_DUE, TICK_STALL, TICK_STEP, type Trace } from './trace.js'

/** Maximum number of steps of one task at one instant. */
export const SPIN_LIMIT = 1000

/** Settings of a {@link Scheduler}. */
export interface SchedulerOptions {
  readonly clock: VirtualClock
  readonly trace: Trace
  readonly strategy?: Strategy
  /** maximum stall that a strategy may request, in microseconds (default: 10 ms) */
  readonly maxStall?: Micros
}

/** The event loop; see the comment of this file. */
export class Scheduler {
  readonly clock: VirtualClock
  readonly trace: Trace
  readonly strategy: Strategy
  readonly maxStall: Micros
  /** all pending timers */
  readonly timers = new TimerHeap()
  /** called before every step */
  onStep: ((task: Task, thread: number) => void) | undefined
  /** called after every choice of the strategy, before it takes effect; not called if there was only one option */
  onChoice: ((ready: ReadySet, chosen: Task | typeof STALL) => void) | undefined
  readonly #groups: ThreadGroup[] = []
  readonly #ready: Ready
  /** run queues that are open */
  #queues: RunQueue<Task>[] = []
  #parked: Task[] = []
  #runnable = 0
  #turn = 0
  #taskIds = 0
  #current: { task: Task; thread: number } | undefined
  #running = false
  /** declared cost of the current step */
  #cost: Micros = 0

  constructor(options: SchedulerOptions) {
    this.clock = options.clock
    this.trace = options.trace
    this.strategy = options.strategy ?? fifo
    this.maxStall = options.maxStall ?? 10 * MILLISECOND
    this.#ready = new Ready(this, () => this.#queues)
  }

  /** Whether the loop is running, i.e. the caller was called from it. */
  get running(): boolean {
    return this.#running
  }

  /** Creates the threads of a process. @param count at least 1 */
  threads(name: string, count: number): ThreadGroup {
    const group = new ThreadGroup(this, name, count)
    this.#groups.push(group)
    this.#queues.push(...group.queues)
    return group
  }

  /** Removes the threads of a process and kills its tasks. */
  removeThreads(group: ThreadGroup): void {
    const index = this.#groups.indexOf(group)
    if (index < 0) return
    this.#groups.splice(index, 1)
    group.releaseAll()
    for (const task of group.tasks) task.kill()
    this.#parked = this.#parked.filter((task) => task.group !== group)
    this.#listQueues()
  }

  #listQueues(): void {
    this.#queues = this.#groups.flatMap((each) => each.queues.filter((queue) => queue.open))
  }

  /** Number of runnable tasks, not counting those whose thread is busy. */
  get runnable(): number {
    return this.#runnable
  }

  /** Whether any task is queued, including for a busy thread. */
  get hasWork(): boolean {
    return this.#groups.some((group) => group.queues.some((queue) => queue.size > 0))
  }

  /**
   * Adds to the cost of the current step: its thread stays busy for that long after the step. No-op between steps.
   *
   * @param duration whole microseconds
   */
  occupy(duration: Micros): void {
    if (this.#current !== undefined) this.#cost += duration
  }

  /** The task and thread of the current step; undefined between steps. */
  get current(): { readonly task: Task; readonly thread: number } | undefined {
    return this.#current
  }

  /** Schedules a one-shot `action` at `at`, outside of any task. Returns its timer, to cancel it with. */
  at(at: Micros, action: () => void): Timer {
    const entry = new Timer(action)
    this.timers.set(entry, Math.max(at, this.clock.now))
    return entry
  }

  /** Runs until the clock reaches `until` and nothing is left to do at that instant. */
  runUntil(until: Micros): void {
    this.runWhile(until, () => true)
  }

  /**
   * Runs until `keepRunning`, called after each step and each timer, returns false, or the clock reaches `until`. Returns
   * whether `keepRunning` ended it. Throws if called from within a step.
   */
  runWhile(until: Micros, keepRunning: () => boolean): boolean {
    if (this.#running) throw new Error('time cannot be advanced from within a step')
    this.#running = true
    try {
      for (;;) {
        const due = this.timers.peek()
        if (due !== undefined && due.at <= this.clock.now) this.#fireDue(due)
        else if (this.#runnable > 0) this.#step(until)
        else if (due === undefined || due.at > until) {
          if (this.clock.now < until) this.#advance(until)
          return false
        } else {
          this.#advance(due.at)
          continue
        }
        if (!keepRunning()) return true
      }
    } finally {
      this.#running = false
    }
  }

  #advance(to: Micros): void {
    this.clock.advanceTo(to)
    if (this.#parked.length === 0) return
    const parked = this.#parked
    this.#parked = []
    for (const task of parked) if (!task.dead) task.group.enqueue(task)
  }

  #fireDue(first: Timer): void {
    const due = this.strategy.due !== undefined && this.timers.hasTie ? this.#chooseDue() : first
    this.timers.remove(due)
    this.trace.tick(TICK_DUE, due.sequence)
    due.fire()
  }

  #step(until: Micros): void {
    const choice = this.#runnable === 1 && !this.#ready.canStall ? this.#ready.first() : this.#choose()
    if (choice === STALL) return this.#stall(until)
    const group = choice.group
    group.dequeue(choice)
    choice.reasons = choice.pendingReasons
    choice.pendingReasons = 0
    const thread = group.threadFor(choice)
    this.trace.tick(TICK_STEP, choice.id)
    this.onStep?.(choice, thread)
    this.#current = { task: choice, thread }
    try {
      choice.run(choice)
    } finally {
      this.#current = undefined
      const cost = this.#cost
      this.#cost = 0
      if (cost > 0 && this.#groups.some((each) => each === group)) group.occupy(thread, this.clock.now + cost)
    }
  }

  /** Has the strategy choose among timers with the same deadline. */
  #chooseDue(): Timer {
    const tied = this.timers.takeTied()
    for (const entry of tied) this.timers.putBack(entry)
    return tied[this.strategy.due!(tied.length)]!
  }

  #choose(): Task | typeof STALL {
    const choice = this.strategy.next(this.#ready)
    this.onChoice?.(this.#ready, choice)
    return choice
  }

  /** Advances time to the next timer although tasks are runnable. */
  #stall(until: Micros): void {
    if (!this.#ready.canStall) throw new Error(`strategy ${this.strategy.name} stalled where that is not possible`)
    this.trace.tick(TICK_STALL, 0)
    this.#advance(Math.min(this.timers.peek()!.at, until))
  }

  /** @internal whether a stall is possible: no runnable task would wait longer than `maxStall` because of it */
  get stallPossible(): boolean {
    const due = this.timers.peek()
    return (
      due !== undefined &&
      due.at <= this.clock.now + this.maxStall &&
      due.at <= this.#ready.first().readySince + this.maxStall
    )
  }

  /** @internal */
  nextTaskId(): number {
    return ++this.#taskIds
  }

  /** @internal */
  enqueue(queue: RunQueue<Task>, task: Task): void {
    if (task.spinInstant !== this.clock.now) {
      task.spinInstant = this.clock.now
      task.spinCount = 0
    }
    if (++task.spinCount > SPIN_LIMIT) {
      if (task.spinCount === SPIN_LIMIT + 1) this.#parked.push(task)
      return
    }
    task.readySince = this.clock.now
    queue.add(task, ++this.#turn)
    if (queue.open) this.#runnable++
  }

  /** @internal */
  dequeue(queue: RunQueue<Task>, task: Task): void {
    queue.remove(task)
    if (queue.open) this.#runnable--
  }

  /** @internal stops the tasks of `queue` from running, as their thread is busy */
  close(queue: RunQueue<Task>): void {
    queue.open = false
    this.#runnable -= queue.size
    this.#listQueues()
  }

  /** @internal */
  reopen(queue: RunQueue<Task>): void {
    queue.open = true
    this.#runnable += queue.size
    this.#listQueues()
  }
}
