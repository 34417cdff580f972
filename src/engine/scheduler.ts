/**
 * The scheduler: the one loop in which a whole world runs. It holds the threads with their run queues and the heap of all
 * that is due later (the timers of tasks, deliveries of the network, planned actions), and repeats: what is due happens;
 * then the strategy picks one runnable task, which takes one step; with nothing runnable, time jumps to what is due next.
 *
 * A step is done at once, but what it says it has cost ({@link Scheduler.occupy}) keeps its thread busy: until that has
 * passed, what belongs to the thread waits.
 *
 * A task that runs {@link SPIN_LIMIT} times within one instant waits until time has passed: a script that only ever
 * yields cannot stop the clock.
 */
import { MILLISECOND, type Micros, type VirtualClock } from './clock.js'
import { Timed, TimedHeap } from './heap.js'
import { Ready } from './ready.js'
import type { RunQueue } from './run-queue.js'
import { fifo } from './strategy/fifo.js'
import { STALL, type ReadySet, type Strategy } from './strategy/strategy.js'
import type { Task } from './task.js'
import { ThreadGroup } from './thread-group.js'
import { TICK_DUE, TICK_STALL, TICK_STEP, type Trace } from './trace.js'

/** How often one task may run within one instant. */
export const SPIN_LIMIT = 1000

export interface SchedulerOptions {
  readonly clock: VirtualClock
  readonly trace: Trace
  readonly strategy?: Strategy
  /** the longest stall that a strategy may ask for, in microseconds (default: 10 ms) */
  readonly maxStall?: Micros
}

export class Scheduler {
  readonly clock: VirtualClock
  readonly trace: Trace
  readonly strategy: Strategy
  readonly maxStall: Micros
  /** all that is due later, whoever set it */
  readonly timers = new TimedHeap()
  /** told of every step before it is taken: which task, on which thread */
  onStep: ((task: Task, thread: number) => void) | undefined
  /** told of every choice of the strategy, before it is carried out; where there is only one thing to do, nobody chooses */
  onChoice: ((ready: ReadySet, chosen: Task | typeof STALL) => void) | undefined
  readonly #groups: ThreadGroup[] = []
  readonly #ready: Ready
  /** those that are open */
  #queues: RunQueue<Task>[] = []
  #parked: Task[] = []
  #runnable = 0
  #turn = 0
  #taskIds = 0
  #current: { task: Task; thread: number } | undefined
  #running = false
  /** what the step under way has cost */
  #cost: Micros = 0

  constructor(options: SchedulerOptions) {
    this.clock = options.clock
    this.trace = options.trace
    this.strategy = options.strategy ?? fifo
    this.maxStall = options.maxStall ?? 10 * MILLISECOND
    this.#ready = new Ready(this, () => this.#queues)
  }

  /** Whether it runs just now: whoever asks is called from within it. */
  get running(): boolean {
    return this.#running
  }

  /** Adds the threads of a process. @param count at least 1 */
  threads(name: string, count: number): ThreadGroup {
    const group = new ThreadGroup(this, name, count)
    this.#groups.push(group)
    this.#queues.push(...group.queues)
    return group
  }

  /** Takes a process's threads out, with whatever waits in their queues. */
  removeThreads(group: ThreadGroup): void {
    const place = this.#groups.indexOf(group)
    if (place < 0) return
    this.#groups.splice(place, 1)
    group.releaseAll()
    for (const task of group.tasks) task.kill()
    this.#parked = this.#parked.filter((task) => task.group !== group)
    this.#listQueues()
  }

  #listQueues(): void {
    this.#queues = this.#groups.flatMap((each) => each.queues.filter((queue) => queue.open))
  }

  /** How many tasks are runnable: those that wait for a busy thread are not. */
  get runnable(): number {
    return this.#runnable
  }

  /** Whether any task waits for its turn or for a busy thread. */
  get hasWork(): boolean {
    return this.#groups.some((group) => group.queues.some((queue) => queue.size > 0))
  }

  /**
   * Says within a step what it costs: its thread is busy for so long once the step is done. Said several times, it adds up.
   *
   * @param duration whole microseconds
   */
  occupy(duration: Micros): void {
    if (this.#current !== undefined) this.#cost += duration
  }

  /** The task whose step this is, and the thread that it runs on; undefined between steps. */
  get current(): { readonly task: Task; readonly thread: number } | undefined {
    return this.#current
  }

  /** Does `action` at `at`, once, outside of any task: a delivery, a planned action. Returns how to take it back. */
  at(at: Micros, action: () => void): Timed {
    const entry = new Timed(action)
    this.timers.set(entry, Math.max(at, this.clock.now))
    return entry
  }

  /** Runs the world until the clock shows `until` and nothing more happens at that instant. */
  runUntil(until: Micros): void {
    this.runWhile(until, () => true)
  }

  /**
   * Runs the world until `goOn` says no or the clock shows `until`; `goOn` is asked after each step and each due entry.
   * Returns whether `goOn` ended it. Throws when called from within a step.
   */
  runWhile(until: Micros, goOn: () => boolean): boolean {
    if (this.#running) throw new Error('time cannot be advanced from within a step')
    this.#running = true
    try {
      for (;;) {
        const due = this.timers.peek()
        if (due !== undefined && due.at <= this.clock.now) this.#happen(due)
        else if (this.#runnable > 0) this.#step(until)
        else if (due === undefined || due.at > until) {
          if (this.clock.now < until) this.#advance(until)
          return false
        } else {
          this.#advance(due.at)
          continue
        }
        if (!goOn()) return true
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

  #happen(first: Timed): void {
    const due = this.strategy.due !== undefined && this.timers.isTied ? this.#chooseDue() : first
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

  /** One of several that are due now, by the strategy's choice. */
  #chooseDue(): Timed {
    const tied = this.timers.takeFirsts()
    for (const entry of tied) this.timers.putBack(entry)
    return tied[this.strategy.due!(tied.length)]!
  }

  #choose(): Task | typeof STALL {
    const choice = this.strategy.next(this.#ready)
    this.onChoice?.(this.#ready, choice)
    return choice
  }

  /** Lets time pass up to what is due next. */
  #stall(until: Micros): void {
    if (!this.#ready.canStall) throw new Error(`strategy ${this.strategy.name} stalled where that is not possible`)
    this.trace.tick(TICK_STALL, 0)
    this.#advance(Math.min(this.timers.peek()!.at, until))
  }

  /** @internal whether time may pass although something is runnable: no task waits longer than the bound because of it */
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

  /** @internal has the tasks of `queue` wait */
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
