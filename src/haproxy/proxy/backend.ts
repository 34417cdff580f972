/** The number of usable servers of a backend, and what follows when the last one goes down or the first one comes up. */
import { LOG_EMERG } from '../logs/logger.js'
import type { ServerObserver } from '../server/observers.js'
import type { Server } from '../server/server.js'
import type { Proxy } from './proxy.js'

/** Updates the backend's numbers of usable servers after a change of one server (`recount_servers`). */
export const countUsable = (server: Server): void => {
  const usable = server.willBeUsable
  if (usable === server.counted) return
  server.counted = usable
  const change = usable ? 1 : -1
  if (server.backup) server.proxy.backupServers += change
  else server.proxy.activeServers += change
}

/** Takes a backend down with its last server, and up again with the first one. */
export const backendChanges: ServerObserver = {
  stateChanged: ({ proxy }, { before, after }) => {
    if (before.usableServers > 0 && after.usableServers === 0) backendDown(proxy)
    else if (before.usableServers === 0 && after.usableServers > 0) backendUp(proxy)
  },
}

/** `set_backend_down` in src/backend.c */
const backendDown = (proxy: Proxy): void => {
  proxy.lastChange = proxy.process.clock.now
  proxy.countingBackend.downTransitions++
  if (proxy.process.starting) return
  const { logger } = proxy.process
  logger.message('alert', `${proxy.kindText} '${proxy.name}' has no server available!`)
  logger.send(proxy, LOG_EMERG, `${proxy.kindText} ${proxy.name} has no server available!`)
}

const backendUp = (proxy: Proxy): void => {
  proxy.downTime += proxy.process.clock.now - proxy.lastChange
  proxy.lastChange = proxy.process.clock.now
}
