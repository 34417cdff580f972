/**
 * A thread's run queue, in HAProxy's order: by wake-up counter, offset by niceness (`__task_wakeup` in src/task.c).
 */
/** Positions by which one unit of niceness offsets a task (HAProxy's default `tune.runqueue-depth`). */
const DEPTH = 200

/** How many places of removed tasks are kept at the beginning. */
const KEPT_PLACES = 64

/** An entry of a run queue. */
export interface QueueEntry {
  readonly nice: number
  /** sort key in the queue; 0 if not queued */
  key: number
}

/** A queue of runnable tasks, sorted by key. */
export class RunQueue<Entry extends QueueEntry> {
  /** false while every thread that could run its tasks is busy */
  open = true
  /** removed tasks leave empty places up to the head, so that their objects are not kept */
  #tasks: (Entry | undefined)[] = []
  #head = 0

  get size(): number {
    return this.#tasks.length - this.#head
  }

  first(): Entry | undefined {
    return this.#tasks[this.#head]
  }

  /** The task at position `index`, counted from 0. */
  at(index: number): Entry | undefined {
    return this.#tasks[this.#head + index]
  }

  /** Inserts a task. @param turn the global wake-up counter, at least 1 */
  add(task: Entry, turn: number): void {
    const key = turn + task.nice * DEPTH
    // 0 is reserved for "not queued"
    task.key = key === 0 ? 0.5 : key
    const tasks = this.#tasks
    let index = tasks.length
    while (index > this.#head && tasks[index - 1]!.key > task.key) index--
    if (index === tasks.length) tasks.push(task)
    else tasks.splice(index, 0, task)
  }

  remove(task: Entry): void {
    task.key = 0
    if (this.#tasks[this.#head] === task) {
      this.#tasks[this.#head++] = undefined
      if (this.#head > KEPT_PLACES && this.#head * 2 > this.#tasks.length) {
        this.#tasks = this.#tasks.slice(this.#head)
        this.#head = 0
      }
      return
    }
    const index = this.#tasks.indexOf(task, this.#head)
    if (index >= 0) this.#tasks.splice(index, 1)
  }
}
