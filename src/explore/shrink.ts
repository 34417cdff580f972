/**
 * Shrinking: a schedule that fails is made smaller while it fails in the same way. First it is told in fewer words, as
 * holds: a task that others have overtaken was held back. Then deviations are left out, as long as that works (the
 * minimising of Zeller, Hildebrandt: "Simplifying and Isolating Failure-Inducing Input", TSE 2002), and times made shorter.
 */
import type { Deviation, Schedule } from '../engine/index.js'
import type { Run } from './run.js'

/** Runs a schedule; its own deviations may not fit. */
export type Attempt = (schedule: Schedule) => Run | undefined

/** Whether a run is as bad as the one that is shrunk. */
export type IsSame = (run: Run) => boolean

export interface Shrunk {
  readonly schedule: Schedule
  /** how many schedules were tried */
  readonly attempts: number
}

export const shrink = (schedule: Schedule, attempt: Attempt, isSame: IsSame, limit = 500): Shrunk => {
  let attempts = 0
  const fails = (candidate: Schedule): boolean => {
    if (attempts >= limit) return false
    attempts++
    const run = attempt(candidate)
    return run !== undefined && isSame(run)
  }
  const fewer = leaveOut(schedule, fails)
  return { schedule: shorten(fewer, fails), attempts }
}

/** Leaves out chunks of deviations, large ones first, down to single ones. */
const leaveOut = (schedule: Schedule, fails: (candidate: Schedule) => boolean): Schedule => {
  let current = schedule
  for (let size = Math.ceil(current.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < current.length;) {
      const candidate = [...current.slice(0, start), ...current.slice(start + size)]
      if (candidate.length < current.length && fails(candidate)) current = candidate
      else start += size
    }
  }
  return current
}

/** Makes the times of holds as short as they can be, to the microsecond. */
const shorten = (schedule: Schedule, fails: (candidate: Schedule) => boolean): Schedule => {
  let current = schedule
  for (let i = 0; i < current.length; i++) {
    const deviation = current[i]!
    if (deviation.kind !== 'hold' || deviation.time === 0) continue
    const withTime = (time: number): Schedule => current.map((each, j) => (j === i ? { ...deviation, time } : each))
    if (fails(withTime(0))) {
      current = withTime(0)
      continue
    }
    let tooShort = 0
    let enough = deviation.time
    while (enough - tooShort > 1) {
      const middle = Math.floor((tooShort + enough) / 2)
      if (fails(withTime(middle))) enough = middle
      else tooShort = middle
    }
    current = withTime(enough)
  }
  return current
}

/**
 * The same run in fewer words: for each task that others have overtaken, one hold, from the decision on at which its turn
 * was passed over for the first time. It need not do quite the same: the caller tries it.
 */
export const asHolds = (
  { schedule, profile }: Pick<Run, 'schedule' | 'profile'>,
  name: (task: string) => number,
): Schedule => {
  const deviates = new Set(schedule.map((each) => each.decision))
  const holds: (Deviation & { kind: 'hold' })[] = []
  const held = new Map<string, { decision: number; at: number }>()
  const release = (task: string, at: number): void => {
    const start = held.get(task)
    if (start === undefined) return
    held.delete(task)
    // what others do at the instant of its end comes before it
    const time = at === start.at ? 0 : at - start.at + 1
    holds.push({ kind: 'hold', decision: start.decision, time, task: name(task) })
  }
  profile.forEach((moment, decision) => {
    if (moment.due !== undefined) return
    const { at, usual, chosen } = moment
    if (chosen !== undefined) release(chosen, at)
    if (deviates.has(decision) && chosen !== usual && !held.has(usual)) held.set(usual, { decision, at })
  })
  for (const task of [...held.keys()]) release(task, profile.at(-1)!.at)
  const swaps = schedule.filter((each) => each.kind === 'due')
  return [...holds, ...swaps].sort((a, b) => a.decision - b.decision)
}
