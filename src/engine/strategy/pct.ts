/**
 * Probabilistic Concurrency Testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs", ASPLOS 2010). Every task has a random priority, and the runnable task of the highest one
 * runs. At `depth - 1` decisions, chosen beforehand by chance, whoever would have run falls to the lowest priorities. A bug
 * that takes `depth` ordering constraints is found by a run with probability 1/(n·k^(depth-1)) at least, with n tasks and k
 * decisions.
 *
 * The clock is one of the prioritised: while its priority is above that of all that is runnable, time passes (within the
 * scheduler's bound), so that tasks starve as on a busy machine.
 */
import type { Random } from '../random.js'
import type { Task } from '../task.js'
import { STALL, type Strategy } from './strategy.js'

export interface PctOptions {
  /** how many ordering constraints the bug takes, at least 1 */
  readonly depth: number
  /** about how many decisions a run makes: what the change points are chosen from */
  readonly decisions: number
  /** whether the clock takes part */
  readonly stalls?: boolean
  /** whether things that are due at one instant change places (default: yes) */
  readonly deliveries?: boolean
}

export const pct = (random: Random, { depth, decisions, stalls = true, deliveries = true }: PctOptions): Strategy => {
  const priorities = new Map<Task, number>()
  // The lowest priorities are kept for those who fall: depth-1 first, 1 last.
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
      const fall = changes.get(decision++)
      if (fall !== undefined) {
        if (isClock) clock = fall
        else priorities.set(best, fall)
        isClock = false
      }
      return isClock ? STALL : best
    },
  }
}
