/** How many connections a server may have at present (`srv_dynamic_maxconn`, src/queue.c). */
import { SECOND } from '../../engine/clock.js'
import type { Server } from './server.js'
import { ServerState } from './status.js'

/** Between `minconn` and `maxconn`, by how full the backend is; less during slowstart. */
export const dynamicMaxconn = (server: Server): number => {
  const { maxconn, minconn, proxy, config } = server
  const fullconn = proxy.process.limits.fullconn(proxy.config)
  const isStatic = proxy.backendSessions >= fullconn || minconn === maxconn
  const limit = isStatic ? maxconn : Math.max(minconn, Math.floor((proxy.backendSessions * maxconn) / fullconn))
  const elapsed = Math.floor((proxy.process.clock.now - server.lastChange) / SECOND)
  const slowstart = config.slowstart / SECOND
  if (server.state !== ServerState.STARTING || elapsed >= slowstart) return limit
  return Math.max(1, Math.floor((limit * Math.floor((100 * elapsed) / slowstart)) / 100))
}
