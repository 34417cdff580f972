/** What the changes of its servers mean for a backend: how many are usable, when none is left, when one is back. */
import { LOG_EMERG } from '../logs/logger.js'
import type { Proxy } from './proxy.js'
import type { Server } from '../server/server.js'

/** Keeps the backend's numbers of usable servers up to date after a change of one server (`recount_servers`). */
export const countUsable = (server: Server): void => {
  const usable = server.willBeUsable
  if (usable === server.counted) return
  server.counted = usable
  const change = usable ? 1 : -1
  if (server.backup) server.proxy.backupServers += change
  else server.proxy.activeServers += change
}

/** Its last server has gone (`set_backend_down` in src/backend.c). */
export const backendDown = (proxy: Proxy): void => {
  proxy.lastChange = proxy.process.clock.now
  proxy.downTransitions++
  if (proxy.process.starting) return
  const { logger } = proxy.process
  logger.say('alert', `${proxy.kindText} '${proxy.name}' has no server available!`)
  logger.send(proxy, LOG_EMERG, `${proxy.kindText} ${proxy.name} has no server available!`)
}

/** The first server is back. */
export const backendUp = (proxy: Proxy): void => {
  proxy.downTime += proxy.process.clock.now - proxy.lastChange
  proxy.lastChange = proxy.process.clock.now
}
