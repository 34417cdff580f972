/** Servers that follow the state of another one: `track` (`srv_apply_track` in src/server.c). */
import type { HaproxyProcess } from '../process.js'
import { ServerAdmin, ServerState, type Server } from './server.js'

/** Links every server that tracks another one. Returns false, having said why, when one cannot. */
export const linkTracking = (process: HaproxyProcess): boolean => {
  let good = true
  for (const proxy of process.proxies)
    for (const server of proxy.servers) {
      if (server.config.track === undefined || proxy.config.disabled) continue
      const error = link(server, server.config.track)
      if (error === undefined) continue
      process.logger.say('alert', `config : ${error}`)
      good = false
    }
  return good
}

/** Lets trackers of servers in maintenance start in maintenance; other states are not inherited at the start. */
export const inheritStates = (process: HaproxyProcess): void => {
  for (const proxy of process.proxies)
    for (const server of proxy.servers)
      if (server.track === undefined) for (const each of server.trackers) inherit(each)
}

/**
 * Has `server` follow the one that `text` (`[backend/]server`) names. Returns what speaks against it (`srv_apply_track`).
 */
export const link = (server: Server, text: string): string | undefined => {
  const slash = text.lastIndexOf('/')
  const proxyName = slash < 0 ? undefined : text.slice(0, slash)
  const name = text.slice(slash + 1)
  const proxy = proxyName === undefined ? server.proxy : server.proxy.process.backendNamed(proxyName)
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
  target.wasTracked = true
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
