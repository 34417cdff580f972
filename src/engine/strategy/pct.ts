/**
 * Probabilistic Concurrency Testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs", ASPLOS 2010). Every task has a random priority, and the runnable task with the highest one
 * runs. At `depth - 1` randomly chosen decisions (the change points), the task that would run drops to one of the lowest
 * priorities. A bug that takes `depth` ordering constraints is found by a run with probability at least 1/(n·k^(depth-1)),
 * with n tasks and k decisions.
 *
 * The clock has a priority, too: while it is higher than that of every runnable task, time advances (within the
 * scheduler's bound), so that tasks starve as on a busy machine.
 */
import type { Random } from '../random.js'
import type { Task } from '../task.js'
import { STALL, type Strategy } from './strategy.js'

/** Settings of {@link pct}. */
export interface PctOptions {
  /** number of ordering constraints of the bug (the paper's d), at least 1 */
  readonly depth: number
  /** estimated number of decisions of a run (the paper's k), from which the change points are drawn */
  readonly decisions: number
  /** whether time may advance while tasks are runnable (default: yes) */
  readonly stalls?: boolean
  /** whether to reorder timers with the same deadline, such as deliveries (default: yes) */
  readonly deliveries?: boolean
}

/** Makes a PCT strategy that draws from `random`. */
export const pct = (random: Random, { depth, decisions, stalls = true, deliveries = true }: PctOptions): Strategy => {
  const priorities = new Map<Task, number>()
  // Priorities 1 … depth-1 are reserved for change points; the first one gets the highest of them.
  const changes = new Map<number, number>()
  for (let i = 1; i < depth; i++) changes.set(random.integer(0, Math.max(0, decisions - 1)), depth - i)
  let clock = depth + random.float()
  let decision = 0

  const priorityOf = (task: Task): number => {
    let priority = priorities.get(task)
    if (priority === undefined) {
      priority = depth + random.float()
      priorities.set(task, priority)
    }
    return priority
  }

  return {
    name: 'pct',
    ...(deliveries && { due: (count: number) => random.integer(0, count - 1) }),
    next(ready) {
      let best = ready.at(0)
      for (let i = 1; i < ready.size; i++) {
        const task = ready.at(i)
        if (priorityOf(task) > priorityOf(best)) best = task
      }
      let isClock = stalls && ready.canStall && clock > priorityOf(best)
      const lowered = changes.get(decision++)
      if (lowered !== undefined) {
        if (isClock) clock = lowered
        else priorities.set(best, lowered)
        isClock = false
      }
      return isClock ? STALL : best
    },
  }
}
