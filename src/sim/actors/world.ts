/** The interface through which actors access the simulation. */
import type { Scheduler } from '../../engine/index.js'
import type { Host } from '../../net/sim/index.js'
import { toMicros, type Duration } from '../duration.js'

/** The environment of an actor. */
export interface ActorContext {
  readonly scheduler: Scheduler
  /** the host the actor runs on */
  readonly host: Host
  /** called after every step while a method waits; an exception ends the wait */
  readonly interrupt?: () => void
}

/**
 * Advances time until `condition`, evaluated after every step, holds; returns whether it did within `limit`. Throws an Error if called
 * from within the simulation.
 */
export const runUntil = (
  { scheduler, interrupt }: ActorContext,
  condition: () => boolean,
  limit: Duration,
): boolean => {
  if (condition()) return true
  if (scheduler.running)
    throw new Error('a method that waits was called from within the simulation, where time cannot be advanced')
  return scheduler.runWhile(scheduler.clock.now + toMicros(limit), () => {
    interrupt?.()
    return !condition()
  })
}
