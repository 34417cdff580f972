/** The interface through which actors access the simulation. */
import type { Scheduler } from '../../engine/index.js'
import type { Host } from '../../net/sim/index.js'

/** The environment of an actor. */
export interface ActorContext {
  readonly scheduler: Scheduler
  /** the host the actor runs on */
  readonly host: Host
}
