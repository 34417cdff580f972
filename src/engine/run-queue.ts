/**
 * A run queue: the runnable tasks of a thread, ordered as HAProxy orders them, by the turn at which each was woken, moved
 * by its niceness (`__task_wakeup` in src/task.c).
 */
/** One step of niceness moves a task by this many turns (HAProxy's default `tune.runqueue-depth`). */
const DEPTH = 200

/** What a run queue keeps. */
export interface Queued {
  readonly nice: number
  /** place in the order of the queue; 0 when not in one */
  key: number
}

export class RunQueue<Entry extends Queued> {
  /** whether its tasks can run: no while all threads that could run them are busy */
  open = true
  #tasks: Entry[] = []
  #head = 0

  get size(): number {
    return this.#tasks.length - this.#head
  }

  first(): Entry | undefined {
    return this.#tasks[this.#head]
  }

  /** The task at place `index`, 0 being the first. */
  at(index: number): Entry | undefined {
    return this.#tasks[this.#head + index]
  }

  /** @param turn the count of wake-ups so far, at least 1 */
  add(task: Entry, turn: number): void {
    const key = turn + task.nice * DEPTH
    // 0 means "in no queue"
    task.key = key === 0 ? 0.5 : key
    const tasks = this.#tasks
    let place = tasks.length
    while (place > this.#head && tasks[place - 1]!.key > task.key) place--
    if (place === tasks.length) tasks.push(task)
    else tasks.splice(place, 0, task)
  }

  remove(task: Entry): void {
    task.key = 0
    if (this.#tasks[this.#head] === task) {
      this.#head++
      if (this.#head > 1024 && this.#head * 2 > this.#tasks.length) {
        this.#tasks = this.#tasks.slice(this.#head)
        this.#head = 0
      }
      return
    }
    const place = this.#tasks.indexOf(task, this.#head)
    if (place >= 0) this.#tasks.splice(place, 1)
  }
}
