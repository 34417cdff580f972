/** States of servers as fetches and converters see them (src/backend.c). */
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { ServerAdmin, ServerState } from '../server/status.js'

/** The one backup server that is used if no active one is usable (`lbprm.fbck`). */
export const firstBackup = ({ activeServers, config, servers }: Proxy): Server | undefined =>
  activeServers > 0 || config.options.has('allbackups')
    ? undefined
    : servers.find((server) => server.backup && server.counted)

/** `be_usable_srv` */
export const usableServers = (backend: Proxy): number => {
  if (backend.config.disabled) return 0
  return backend.activeServers || (firstBackup(backend) ? 1 : backend.backupServers)
}

/** Whether a server is not stopped. */
export const isRunning = ({ state }: Server): boolean => state !== ServerState.STOPPED

/** A server without a check is up unless it is in maintenance. */
export const isUp = (server: Server): boolean =>
  (server.admin & ServerAdmin.MAINT) === 0 && (!server.check || isRunning(server))
