/** Servers that follow the state of another one: `track` (`srv_apply_track` in src/server.c). */
import type { Logger } from '../logs/logger.js'
import type { ProxyDirectory } from '../proxy/directory.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from './server.js'
import { ServerAdmin, ServerState } from './status.js'

/** Links every server that tracks another one. Returns false when one cannot be linked; the reason is logged. */
export const linkTracking = (directory: ProxyDirectory, logger: Logger): boolean => {
  let good = true
  for (const proxy of directory.proxies)
    for (const server of proxy.servers) {
      if (server.config.track === undefined || proxy.config.disabled) continue
      const error = link(server, server.config.track, directory)
      if (error === undefined) continue
      logger.message('alert', `config : ${error}`)
      good = false
    }
  return good
}

/** Lets trackers of servers in maintenance start in maintenance; other states are not inherited at the start. */
export const inheritStates = (proxies: readonly Proxy[]): void => {
  for (const proxy of proxies)
    for (const server of proxy.servers)
      if (server.track === undefined) for (const each of server.trackers) inherit(each)
}

/** Makes `server` track the one that `text` (`[backend/]server`) names. Returns why that is refused (`srv_apply_track`). */
export const link = (server: Server, text: string, directory: ProxyDirectory): string | undefined => {
  const slash = text.lastIndexOf('/')
  const proxyName = slash < 0 ? undefined : text.slice(0, slash)
  const name = text.slice(slash + 1)
  const proxy = proxyName === undefined ? server.proxy : directory.backendNamed(proxyName)
  if (proxy === undefined) return `unable to find required proxy '${proxyName}' for tracking.`
  const target = proxy.server(name)
  if (target === undefined) return `unable to find required server '${name}' for tracking.`
  if (target.dynamic) return `unable to use ${target.path} for tracking as it is a dynamic server.`
  if (!target.config.check.enabled && !target.config.agent.enabled && target.config.track === undefined)
    return `unable to use ${target.path} for tracking as it does not have any check nor agent enabled.`
  let loop: Server | undefined = target
  while (loop !== undefined && loop !== server) loop = loop.track
  if (loop === server)
    return `unable to track ${target.path} as it belongs to a tracking chain looping back to ${proxy.name}/${server === target ? target.name : server.name}.`
  server.track = target
  target.trackers.unshift(server)
  target.nonPurgeable = true
  return undefined
}

const inherit = (server: Server): void => {
  const tracked = server.track!
  if (tracked.nextAdmin & ServerAdmin.MAINT) {
    server.admin = server.nextAdmin |= ServerAdmin.IMAINT
    server.state = server.nextState = ServerState.STOPPED
    server.health = 0
  }
  for (const each of server.trackers) inherit(each)
}
