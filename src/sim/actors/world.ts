/** What an actor needs of the world that it stands in. */
import type { Scheduler } from '../../engine/index.js'
import type { Host } from '../../net/sim/index.js'

export interface World {
  readonly scheduler: Scheduler
  /** the host that the actor runs on */
  readonly host: Host
}
