/** What is judged of servers once everything was read (src/cfgparse.c, src/server.c, src/check.c). */
import type { Diagnostics } from '../syntax/diagnostics.js'
import { isIp, isUnspecified, type Address, type IpAddress } from '../../net/address.js'
import { RuleSet, type PortGap } from '../checks/ruleset.js'
import { hasBackend, proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import { type ServerDraft } from './draft.js'
import type { Reading } from '../reading.js'

/** Which server follows the state of which, as far as that was found sound, and servers by name for the search. */
export class Tracking {
  readonly followed = new Map<ServerDraft, ServerDraft>()
  private readonly byName = new Map<ProxyDraft, Map<string, ServerDraft>>()

  find(proxy: ProxyDraft, name: string): ServerDraft | undefined {
    let servers = this.byName.get(proxy)
    if (!servers) {
      servers = new Map([...proxy.servers].reverse().map((server) => [server.name, server]))
      this.byName.set(proxy, servers)
    }
    return servers.get(name)
  }
}

/** Names given twice, and tracking. */
export const checkServers = (reading: Reading, proxy: ProxyDraft, tracking: Tracking, said: Diagnostics): void => {
  checkNames(proxy, said)
  // servers of a disabled proxy follow nobody
  if (proxy.settings.disabled) return
  for (const server of proxy.servers) {
    if (server.track === undefined) continue
    const { file, line } = server.place
    const target = findTracked(reading, proxy, server, tracking)
    if (typeof target !== 'string') tracking.followed.set(server, target)
    else said.add('alert', `[${file}:${line}] : 'server ${proxy.name}/${server.name}' : ${target}`, server.place)
  }
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
      `parsing [${file}:${line}] : ${proxyTypeName(proxy)} '${proxy.name}', another server named '${server.name}' was ` +
        `already defined at line ${first.place.line}, please use distinct names.`,
      server.place,
    )
  }
}

/** The server that `track [<proxy>/]<server>` names, or what is wrong with it (srv_apply_track). */
const findTracked = (
  reading: Reading,
  proxy: ProxyDraft,
  server: ServerDraft,
  tracking: Tracking,
): ServerDraft | string => {
  const track = server.track!
  const slash = track.lastIndexOf('/')
  const owner = slash < 0 ? proxy : reading.backend(track.slice(0, slash))
  if (!owner) return `unable to find required proxy '${track.slice(0, slash)}' for tracking.`
  const name = track.slice(slash + 1)
  const target = tracking.find(owner, name)
  if (!target) return `unable to find required server '${name}' for tracking.`
  const path = `${owner.name}/${name}`
  if (!target.check.enabled && !target.agent.enabled && target.track === undefined)
    return `unable to use ${path} for tracking as it does not have any check nor agent enabled.`
  let step = target === server ? server : tracking.followed.get(target)
  while (step && step !== server) step = tracking.followed.get(step)
  if (!step) return target
  return `unable to track ${path} as it belongs to a tracking chain looping back to ${owner.name}/${step.name}.`
}

/** Log servers take datagrams or streams, all of a backend the same; others take streams (_srv_check_proxy_mode). */
export const checkTransports = (proxy: ProxyDraft, said: Diagnostics): void => {
  const { mode } = proxy.settings
  for (const { address, datagram, place } of proxy.servers) {
    const where = `[${place.file}:${place.line}] : `
    if (mode === 'log' && !isIp(address))
      said.add('alert', `${where}log server address family not supported for log backend server.`, place)
    if (mode !== 'log' && datagram)
      said.add('alert', `${where}unsupported transport for server address in '${mode}' backend.`, place)
  }
  const [first, ...others] = proxy.servers
  const odd = mode === 'log' ? others.find((server) => server.datagram !== first!.datagram) : undefined
  if (odd)
    said.add(
      'alert',
      `log backend '${proxy.name}': failed to initialize: cannot mix server types within a log backend, '${odd.name}' ` +
        "srv's network type differs from previous server.",
      odd.place,
    )
}

/** A checked server needs a port of its own, of its check's or of its rules' (init_srv_check). */
export const checkServerPorts = (proxies: readonly ProxyDraft[], said: Diagnostics): void => {
  // HAProxy completes a set of rules once it is done with the first proxy that has it; plain checks share one
  let arePlainComplete = false
  const complete = new Set<RuleSet>()
  for (const proxy of proxies) {
    if (!hasBackend(proxy) || proxy.settings.disabled) continue
    const { healthCheck } = proxy.settings
    if (healthCheck.kind === 'external') continue
    const rules = healthCheck instanceof RuleSet ? healthCheck : undefined
    const lacking = proxy.servers.filter(lacksCheckPort)
    if (lacking.length > 0) {
      const isEmpty = healthCheck.kind === 'connect' && !arePlainComplete
      const gap = rules ? rules.portGap(complete.has(rules)) : isEmpty ? 'no rules' : 'first'
      if (gap !== undefined) for (const server of lacking) alertMissingPort(proxy, server, gap, said)
    }
    if (rules) complete.add(rules)
    arePlainComplete ||= healthCheck.kind === 'connect'
  }
}

/** Addresses of all zeroes, and of names before their resolution, are none (is_inet_addr). */
const isInet = (address: Address | undefined): address is IpAddress =>
  address !== undefined && isIp(address) && !isUnspecified(address)

/** SRV records say the port later. */
const lacksCheckPort = ({ check, address, hostname, srvRecord }: ServerDraft): boolean => {
  if (!check.enabled || check.port !== undefined || srvRecord !== undefined) return false
  if (check.addr !== undefined && isIp(check.addr) && check.addr.port !== 0) return false
  if (isIp(address) && address.port !== 0) return false
  if (isInet(check.addr)) return true
  return (check.addr === undefined || isIp(check.addr)) && hostname === undefined && isInet(address)
}

const PORT_GAPS: Readonly<Record<PortGap, string>> = {
  'no rules': '',
  first: " nor tcp_check rule 'connect' with port information",
  later: ", and a tcp_check rule 'connect' with no port information",
}

const alertMissingPort = (proxy: ProxyDraft, server: ServerDraft, gap: PortGap, said: Diagnostics): void => {
  const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
  said.add(
    'alert',
    `config: ${owner}: server '${server.name}' has neither service port nor check port${PORT_GAPS[gap]}.`,
    server.place,
  )
}

export const warnAboutServerCookies = (proxy: ProxyDraft, said: Diagnostics): void => {
  if (proxy.settings.mode === 'http') return
  for (const { cookie, name, place } of proxy.servers)
    if (cookie !== undefined)
      said.add(
        'warning',
        `${proxyTypeName(proxy)} '${proxy.name}' : ignoring cookie for server '${name}' as HTTP mode is disabled.`,
        place,
      )
}

/** Each server that has a section `resolvers` needs one that there is; `default` there always is (resolvers_finalize_config). */
export const checkResolvers = ({ proxies, resolvers }: Reading, said: Diagnostics): void => {
  for (const { name, nameservers, place } of resolvers)
    if (nameservers.length === 0 && name !== 'default')
      said.add('warning', `resolvers '${name}' [${place.file}:${place.line}] has no nameservers configured!`, place)
  const known = new Set(['default', ...resolvers.map(({ name }) => name)])
  for (const proxy of proxies) {
    if (proxy.settings.disabled) continue
    for (const { name, resolution, place } of proxy.servers) {
      const wanted = resolution.resolvers
      if (wanted === undefined || known.has(wanted)) continue
      const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
      said.add('alert', `${owner}, server '${name}': unable to find required resolvers '${wanted}'`, place)
    }
  }
}
