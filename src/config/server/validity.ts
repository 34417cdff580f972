/** Validation of servers after parsing (src/cfgparse.c, src/server.c, src/check.c). */
import type { Diagnostics } from '../syntax/diagnostics.js'
import { isIp, isUnspecified, type Address, type IpAddress } from '../../net/address.js'
import { RuleSet, type PortGap } from '../checks/ruleset.js'
import { hasBackend, proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import { type ServerDraft } from './draft.js'
import type { HealthCheckConfig } from '../model/proxy.js'
import { isUnfitForCheck } from '../multiplexers.js'
import type { ParseContext } from '../parse-context.js'

/** Valid tracking relations so far, and an index of servers by name. */
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

/** Checks for duplicate names and resolves `track`. */
export const checkServers = (
  context: ParseContext,
  proxy: ProxyDraft,
  tracking: Tracking,
  diagnostics: Diagnostics,
): void => {
  checkNames(proxy, diagnostics)
  // servers of a disabled proxy do not track
  if (proxy.settings.disabled) return
  for (const server of proxy.servers) {
    if (server.track === undefined) continue
    const { file, line } = server.place
    const target = findTracked(context, proxy, server, tracking)
    if (typeof target !== 'string') tracking.followed.set(server, target)
    else diagnostics.add('alert', `[${file}:${line}] : 'server ${proxy.name}/${server.name}' : ${target}`, server.place)
  }
}

const checkNames = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  if (proxy.servers.length < 2) return
  const seen = new Map<string, ServerDraft>()
  for (const server of proxy.servers) {
    const first = seen.get(server.name)
    if (!first) {
      seen.set(server.name, server)
      continue
    }
    const { file, line } = server.place
    diagnostics.add(
      'alert',
      `parsing [${file}:${line}] : ${proxyTypeName(proxy)} '${proxy.name}', another server named '${server.name}' was ` +
        `already defined at line ${first.place.line}, please use distinct names.`,
      server.place,
    )
  }
}

/** Resolves `track [<proxy>/]<server>`; returns the server or an error message (srv_apply_track). */
const findTracked = (
  context: ParseContext,
  proxy: ProxyDraft,
  server: ServerDraft,
  tracking: Tracking,
): ServerDraft | string => {
  const track = server.track!
  const slash = track.lastIndexOf('/')
  const owner = slash < 0 ? proxy : context.backend(track.slice(0, slash))
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

/** Servers use streams, those of log backends IP addresses (_srv_check_proxy_mode). */
export const checkTransports = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { mode } = proxy.settings
  for (const { address, datagram, place } of proxy.servers) {
    const where = `[${place.file}:${place.line}] : `
    if (mode === 'log' && !isIp(address))
      diagnostics.add('alert', `${where}log server address family not supported for log backend server.`, place)
    if (mode !== 'log' && datagram)
      diagnostics.add('alert', `${where}unsupported transport for server address in '${mode}' backend.`, place)
  }
}

/** Servers of a log backend all use datagrams or all use streams (postcheck_log_backend in src/log.c). */
export const checkSameTransport = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const [first, ...others] = proxy.servers
  const mixed = others.find((server) => server.datagram !== first!.datagram)
  if (mixed)
    diagnostics.add(
      'alert',
      `log backend '${proxy.name}': failed to initialize: cannot mix server types within a log backend, '${mixed.name}' ` +
        "srv's network type differs from previous server.",
      mixed.place,
    )
}

/** A checked server needs a port: its own, that of its check, or that of its connect rules (init_srv_check). */
export const checkServerPorts = (proxies: readonly ProxyDraft[], diagnostics: Diagnostics): void => {
  // HAProxy completes a rule set after the first proxy that uses it; plain connect checks share one
  let connectChecksComplete = false
  const complete = new Set<RuleSet>()
  for (const proxy of proxies) {
    if (!hasBackend(proxy) || proxy.settings.disabled) continue
    const { healthCheck } = proxy.settings
    if (healthCheck.kind === 'external') continue
    const rules = healthCheck instanceof RuleSet ? healthCheck : undefined
    const isUnfit = ({ check, checkMux }: ServerDraft): boolean =>
      check.enabled && isUnfitForCheck(checkMux, checkTypeOf(healthCheck))
    for (const server of proxy.servers.filter(isUnfit)) alertUnfitMux(proxy, server, diagnostics)
    const lacking = proxy.servers.filter((server) => lacksCheckPort(server) && !isUnfit(server))
    if (lacking.length > 0) {
      const isEmpty = healthCheck.kind === 'connect' && !connectChecksComplete
      const gap = rules ? rules.portGap(complete.has(rules)) : isEmpty ? 'no rules' : 'first'
      if (gap !== undefined) for (const server of lacking) alertMissingPort(proxy, server, gap, diagnostics)
    }
    if (rules) complete.add(rules)
    connectChecksComplete ||= healthCheck.kind === 'connect'
  }
}

const checkTypeOf = (check: HealthCheckConfig): 'http' | 'spop' | 'other' => {
  if (check.kind === 'built-in') return check.type.option === 'spop-check' ? 'spop' : 'other'
  return check.kind === 'http' ? 'http' : 'other'
}

const alertUnfitMux = (proxy: ProxyDraft, { name, place }: ServerDraft, diagnostics: Diagnostics): void =>
  diagnostics.add(
    'alert',
    `config: ${proxyTypeName(proxy)} '${proxy.name}': server '${name}' uses an incompatible MUX protocol for the selected check type`,
    place,
  )

/** Whether it is an IP address other than 0.0.0.0 and ::, which also stand for unresolved names (is_inet_addr). */
const isInet = (address: Address | undefined): address is IpAddress =>
  address !== undefined && isIp(address) && !isUnspecified(address)

/** SRV records provide the port later. */
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

const alertMissingPort = (proxy: ProxyDraft, server: ServerDraft, gap: PortGap, diagnostics: Diagnostics): void => {
  const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
  diagnostics.add(
    'alert',
    `config: ${owner}: server '${server.name}' has neither service port nor check port${PORT_GAPS[gap]}.`,
    server.place,
  )
}
