/** What is judged of servers once everything was read (src/cfgparse.c, src/server.c, src/check.c). */
import type { Diagnostics } from './diagnostics.js'
import { typeOf, type ProxyDraft, type ServerDraft } from './drafts.js'
import type { Reading } from './reading.js'

/** Names given twice, and tracking. */
export const checkServers = (reading: Reading, proxy: ProxyDraft, said: Diagnostics): void => {
  checkNames(proxy, said)
  for (const server of proxy.servers) if (server.track !== undefined) checkTracking(reading, proxy, server, said)
}

const checkNames = (proxy: ProxyDraft, said: Diagnostics): void => {
  if (proxy.servers.length < 2) return
  const seen = new Map<string, ServerDraft>()
  for (const server of proxy.servers) {
    const first = seen.get(server.name)
    if (!first) {
      seen.set(server.name, server)
      continue
    }
    const { file, line } = server.place
    said.add(
      'alert',
      `parsing [${file}:${line}] : ${typeOf(proxy)} '${proxy.name}', another server named '${server.name}' was ` +
        `already defined at line ${first.place.line}, please use distinct names.`,
      server.place,
    )
  }
}

/** `track [<proxy>/]<server>` must end at a checked server (srv_check_tracking). */
const checkTracking = (reading: Reading, proxy: ProxyDraft, server: ServerDraft, said: Diagnostics): void => {
  const { file, line } = server.place
  const alert = (message: string): void => {
    said.add('alert', `[${file}:${line}] : 'server ${proxy.name}/${server.name}' : ${message}`, server.place)
  }
  const target = findTracked(reading, proxy, server.track!)
  if (typeof target === 'string') return alert(target)
  const name = `${target.proxy.name}/${target.server.name}`
  const path = new Set<ServerDraft>([server])
  let step = target
  while (step.server.track !== undefined && !path.has(step.server)) {
    path.add(step.server)
    const next = findTracked(reading, step.proxy, step.server.track)
    if (typeof next === 'string') break
    step = next
  }
  if (step.server === server || (path.has(step.server) && step.server.track !== undefined))
    return alert(
      `unable to track ${name} as it belongs to a tracking chain looping back to ${step.proxy.name}/${step.server.name}.`,
    )
  if (!step.server.check.enabled)
    alert(`unable to use ${name} for tracking as it does not have any check nor agent enabled.`)
}

interface Tracked {
  readonly proxy: ProxyDraft
  readonly server: ServerDraft
}

const findTracked = (reading: Reading, proxy: ProxyDraft, track: string): Tracked | string => {
  const slash = track.indexOf('/')
  const proxyName = slash < 0 ? undefined : track.slice(0, slash)
  const serverName = track.slice(slash + 1)
  const target = proxyName === undefined ? proxy : reading.backend(proxyName)
  if (!target) return `unable to find required proxy '${proxyName}' for tracking.`
  const server = target.servers.find((each) => each.name === serverName)
  return server ? { proxy: target, server } : `unable to find required server '${serverName}' for tracking.`
}

/** A checked server needs a port of its own or of its check's. */
export const checkServerPorts = (proxy: ProxyDraft, said: Diagnostics): void => {
  for (const { check, address, name, place } of proxy.servers) {
    if (!check.enabled || check.port !== undefined || !('ip' in address) || address.port !== 0) continue
    if (check.addr && 'ip' in check.addr && check.addr.port !== 0) continue
    const owner = `${typeOf(proxy)} '${proxy.name}'`
    said.add('alert', `config: ${owner}: server '${name}' has neither service port nor check port.`, place)
  }
}

export const warnOfServerCookies = (proxy: ProxyDraft, said: Diagnostics): void => {
  if (proxy.settings.mode === 'http') return
  for (const { cookie, name, place } of proxy.servers)
    if (cookie !== undefined)
      said.add(
        'warning',
        `${typeOf(proxy)} '${proxy.name}' : ignoring cookie for server '${name}' as HTTP mode is disabled.`,
        place,
      )
}

/** Names of servers that nobody resolves keep the process from starting (srv_iterate_initaddr). */
export const resolveServers = (proxy: ProxyDraft, said: Diagnostics): void => {
  for (const { hostname, resolved, name, place } of proxy.servers)
    if (hostname !== undefined && !resolved)
      said.add(
        'alert',
        `[${place.file}:${place.line}] : 'server ${proxy.name}/${name}' : could not resolve address '${hostname}'.`,
        place,
      )
}
