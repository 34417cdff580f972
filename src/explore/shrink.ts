/**
 * Shrinking: minimises a schedule that fails while it keeps failing in the same way. First, the schedule is rewritten as delays of
 * overtaken tasks. Then deviations are removed (delta debugging; Zeller, Hildebrandt: "Simplifying and Isolating Failure-Inducing Input",
 * TSE 2002), and delays shortened.
 */
import type { Deviation, Schedule } from '../engine/index.js'
import type { RunResult } from './run.js'

/** Runs a schedule; returns undefined if its deviations do not apply. */
export type Attempt = (schedule: Schedule) => RunResult | undefined

/** Whether a run has the same result as the one being shrunk. */
export type SameResult = (run: RunResult) => boolean

export interface Shrunk {
  readonly schedule: Schedule
  /** number of schedules tried */
  readonly attempts: number
}

/**
 * Minimises a schedule.
 *
 * @param limit the maximum number of attempts
 */
export const shrink = (schedule: Schedule, attempt: Attempt, isSame: SameResult, limit = 500): Shrunk => {
  let attempts = 0
  const fails = (candidate: Schedule): boolean => {
    if (attempts >= limit) return false
    attempts++
    const run = attempt(candidate)
    return run !== undefined && isSame(run)
  }
  const fewer = removeDeviations(schedule, fails)
  return { schedule: shortenHolds(fewer, fails), attempts }
}

/** Removes chunks of deviations, large ones first, down to single ones. */
const removeDeviations = (schedule: Schedule, fails: (candidate: Schedule) => boolean): Schedule => {
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

/** Shortens delays as far as possible, to the microsecond. */
const shortenHolds = (schedule: Schedule, fails: (candidate: Schedule) => boolean): Schedule => {
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
    let sufficient = deviation.time
    while (sufficient - tooShort > 1) {
      const middle = Math.floor((tooShort + sufficient) / 2)
      if (fails(withTime(middle))) sufficient = middle
      else tooShort = middle
    }
    current = withTime(sufficient)
  }
  return current
}

/**
 * Rewrites a schedule with one delay for each overtaken task, starting at the first decision that passed it over. The result may behave
 * differently; the caller verifies it.
 */
export const asHolds = (
  { schedule, profile }: Pick<RunResult, 'schedule' | 'profile'>,
  name: (task: string) => number,
): Schedule => {
  const deviates = new Set(schedule.map((each) => each.decision))
  const holds: (Deviation & { kind: 'hold' })[] = []
  const held = new Map<string, { decision: number; at: number }>()
  const release = (task: string, at: number): void => {
    const start = held.get(task)
    if (start === undefined) return
    held.delete(task)
    // events of the same instant come before the end of a delay
    const time = at === start.at ? 0 : at - start.at + 1
    holds.push({ kind: 'hold', decision: start.decision, time, task: name(task) })
  }
  profile.forEach((moment, decision) => {
    if (moment.due !== undefined) return
    const { at, expected, chosen } = moment
    if (chosen !== undefined) release(chosen, at)
    if (deviates.has(decision) && chosen !== expected && !held.has(expected)) held.set(expected, { decision, at })
  })
  for (const task of [...held.keys()]) release(task, profile.at(-1)!.at)
  const swaps = schedule.filter((each) => each.kind === 'due')
  return [...holds, ...swaps].sort((a, b) => a.decision - b.decision)
}
