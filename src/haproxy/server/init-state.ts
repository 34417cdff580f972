/**
 * `init-state`: the initial health and state of a server, when the process starts and whenever the server leaves maintenance
 * (`srv_init_state` in include/haproxy/server-t.h). It applies without checks, too: a server that begins down then stays down.
 */
import type { InitState } from '../../config/model/server.js'
import type { Server } from './server.js'
import { ServerAdmin, ServerState } from './status.js'

/** Health by state, from the thresholds of the health check. */
const HEALTH: Readonly<Record<Exclude<InitState, 'none'>, (rise: number, fall: number) => number>> = {
  'fully-up': (rise, fall) => rise + fall - 1,
  up: (rise) => rise,
  down: (rise) => rise - 1,
  'fully-down': () => 0,
}

/** Whether `init-state` sets the state of `server`, regardless of its checks. */
export const hasInitState = ({ config }: Server): boolean => config.initState !== 'none'

/** Sets the health and the next state of `server`, unless the configuration disables it. */
export const applyInitState = (server: Server): void => {
  const { initState, check } = server.config
  if (initState === 'none' || server.nextAdmin & ServerAdmin.CMAINT) return
  server.health = HEALTH[initState](check.rise, check.fall)
  server.nextState = server.health >= check.rise ? ServerState.RUNNING : ServerState.STOPPED
}
