/**
 * What a change of a server's state does to its traffic: `on-marked-down`, `on-marked-up` and the queues
 * (`_srv_update_status_op` and `_srv_update_status_adm` in src/server.c). This precedes the report of the change, which
 * counts the connections that were requeued.
 */
import type { ServerObserver } from './observers.js'
import type { Server } from './server.js'
import { ServerAdmin, ServerState } from './status.js'
import type { ServerChange } from './transition.js'

const { MAINT, DRAIN } = ServerAdmin

export const trafficChanges: ServerObserver = {
  apply: (server, change) => {
    if (goesDown(change)) {
      if (server.config.onMarkedDown !== undefined) server.traffic.shutdownSessions()
      return server.traffic.redistribute()
    }
    if (drains(change)) return server.traffic.redistribute()
    if (!comesUp(change)) return 0
    if (server.config.onMarkedUp !== undefined && !server.backup && server.effectiveWeight > 0)
      shutdownBackups(server.proxy, 'up')
    return server.traffic.takePending()
  },
}

const goesDown = ({ before, after }: ServerChange): boolean =>
  before.state !== ServerState.STOPPED && after.state === ServerState.STOPPED

/** The server stops taking new connections and keeps those it has. */
const drains = (change: ServerChange): boolean => {
  const { before, after } = change
  if (change.kind === 'operational')
    return before.state !== ServerState.STOPPING && after.state === ServerState.STOPPING
  return (after.admin & MAINT) === 0 && (before.admin & DRAIN) === 0 && (after.admin & DRAIN) !== 0
}

/** The server enters service, or leaves maintenance in any state. */
const comesUp = (change: ServerChange): boolean => {
  const { before, after } = change
  if (change.kind === 'administrative') return (before.admin & MAINT) !== 0 && (after.admin & MAINT) === 0
  return before.state !== after.state && (after.state === ServerState.RUNNING || after.state === ServerState.STARTING)
}

/** Ends the streams of all backup servers: a better server is up, or the operator asks for it (`srv_shutdown_backup_streams`). */
export const shutdownBackups = ({ servers }: Pick<Server['proxy'], 'servers'>, why: 'up' | 'killed'): void => {
  for (const server of servers) if (server.backup) server.traffic.shutdownSessions(why)
}
