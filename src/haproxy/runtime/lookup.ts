/** Finds the server that a command names, or returns HAProxy's error (`cli_find_server` in src/server.c). */
import type { ProxyDirectory } from '../proxy/directory.js'
import type { Server } from '../server/server.js'

export const PERMISSION_DENIED = 'Permission denied\n'

/** The server called `backend/server`, or the error. */
export const findServer = (directory: ProxyDirectory, path: string | undefined): Server | string => {
  const found = findServerEvenDisabled(directory, path)
  return typeof found !== 'string' && (found.proxy.config.disabled || found.proxy.stopped)
    ? 'Proxy is disabled.\n'
    : found
}

/** The same, also in a proxy that is disabled. */
export const findServerEvenDisabled = (directory: ProxyDirectory, path = ''): Server | string => {
  const slash = path.indexOf('/')
  if (slash < 0 || slash === path.length - 1) return "Require 'backend/server'.\n"
  const backend = directory.backendNamed(path.slice(0, slash))
  if (!backend) return 'No such backend.\n'
  return backend.server(path.slice(slash + 1)) ?? 'No such server.\n'
}
