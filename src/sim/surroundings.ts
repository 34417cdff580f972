/**
 * The usual surroundings of a process: something that answers at the address of every server of its configuration, and
 * a mail server at the address of every mailer.
 */
import type { Configuration } from '../config/model/configuration.js'
import type { ProxyConfig } from '../config/model/proxy.js'
import type { ServerConfig } from '../config/model/server.js'
import { addressKey, isIp, type Address } from '../net/address.js'
import type { TlsServer } from '../net/sim/index.js'
import type { ConnectRule } from '../config/checks/rules.js'
import type { HttpServer, ServerOptions, SmtpOptions, SmtpServer, TcpServer } from './actors/index.js'
import { answerChecks } from './manners.js'
import type { Simulation } from './simulation.js'

export type BackendServer = HttpServer | TcpServer

export interface Surroundings {
  /** what answers for a server, by `backend/server`; servers with one address share one */
  readonly servers: ReadonlyMap<string, BackendServer>
  /** mail servers by the names of the mailers; mailers of several sections may share a name */
  readonly mailServers: ReadonlyMap<string, readonly SmtpServer[]>
}

/**
 * Makes them. Addresses at which nobody can listen, such as inherited descriptors, are left out.
 * @param mailOptions of all mail servers
 */
export const makeSurroundings = (
  simulation: Simulation,
  configuration: Configuration,
  mailOptions: SmtpOptions = {},
): Surroundings => {
  const byAddress = new Map<string, BackendServer>()
  const servers = new Map<string, BackendServer>()
  const names = askedNames(configuration)
  for (const proxy of configuration.proxies)
    for (const server of proxy.servers) {
      const path = `${proxy.name}/${server.name}`
      const address = checkedAt(server.address, server.check.addr, server.check.port)
      for (const each of distinct([server.address, address])) {
        if (!reachable(each)) continue
        const key = addressKey(each)
        const actor =
          byAddress.get(key) ?? makeServer(simulation, proxy, each, { name: path, tls: tlsOf(proxy, server, names) })
        byAddress.set(key, actor)
        servers.set(path, actor)
      }
    }
  const taken = new Map<string, unknown>(byAddress)
  for (const proxy of configuration.proxies)
    for (const server of proxy.servers) if (server.agent.enabled) makeAgent(simulation, server, taken)
  return { servers, mailServers: makeMailServers(simulation, configuration, mailOptions) }
}

const makeServer = (
  simulation: Simulation,
  proxy: ProxyConfig,
  address: Address,
  options: ServerOptions,
): BackendServer => {
  const { kind } = proxy.healthCheck
  return kind === 'http' || (kind === 'connect' && proxy.mode === 'http')
    ? simulation.http(address, options)
    : answerChecks(simulation.tcp(address, options), proxy.healthCheck)
}

/** Every name that a server is asked for, or verified by. */
const askedNames = ({ proxies }: Configuration): string[] => {
  const rules = proxies.flatMap((proxy) => connectRules(proxy).map(({ sni }) => sni))
  const servers = proxies.flatMap((proxy) => proxy.servers.flatMap(({ tls }) => [tls.checkSni, tls.client.verifyHost]))
  return [...new Set([...rules, ...servers])].filter((name) => name !== undefined)
}

const connectRules = ({ healthCheck }: ProxyConfig): ConnectRule[] =>
  'rules' in healthCheck ? healthCheck.rules.filter((rule) => rule.action === 'connect') : []

/** How it speaks TLS to checks that do; undefined where none does. */
const tlsOf = (proxy: ProxyConfig, { ssl, check }: ServerConfig, names: readonly string[]): TlsServer | undefined => {
  const byServer = check.ssl ?? (ssl && check.addr === undefined && check.port === undefined)
  const rules = connectRules(proxy)
  const wanted = rules.length === 0 ? [byServer] : rules.map((rule) => rule.ssl || (rule.asServer && byServer))
  return wanted.includes(true) ? { names, plainToo: wanted.includes(false) } : undefined
}

/** An agent says that its server is up. It stands where nobody else does. */
const makeAgent = (
  simulation: Simulation,
  { address, agent, check }: ServerConfig,
  taken: Map<string, unknown>,
): void => {
  const at = checkedAt(address, agent.addr ?? check.addr, agent.port ?? check.port)
  if (!agent.enabled || !reachable(at) || taken.has(addressKey(at))) return
  taken.set(addressKey(at), undefined)
  simulation.tcp(at).greet((connection) => {
    connection.say('up\n')
    connection.finish()
  })
}

const makeMailServers = (
  simulation: Simulation,
  configuration: Configuration,
  options: SmtpOptions,
): Map<string, SmtpServer[]> => {
  const byAddress = new Map<string, SmtpServer>()
  const byName = new Map<string, SmtpServer[]>()
  for (const section of configuration.mailers)
    for (const { name, address } of section.mailers) {
      if (!reachable(address)) continue
      const key = addressKey(address)
      const actor = byAddress.get(key) ?? simulation.smtp(address, { ...options, name })
      byAddress.set(key, actor)
      byName.set(name, [...(byName.get(name) ?? []), actor])
    }
  return byName
}

const reachable = (address: Address): boolean => (isIp(address) ? address.port !== 0 : 'path' in address)

/** Where checks go, when that is elsewhere than the traffic. */
const checkedAt = (own: Address, addr: Address | undefined, port: number | undefined): Address => {
  const address = addr ?? own
  if (!isIp(address)) return address
  const fallback = addr !== undefined && isIp(addr) && addr.port !== 0 ? addr.port : isIp(own) ? own.port : 0
  return { ...address, port: port ?? fallback }
}

const distinct = (addresses: readonly Address[]): Address[] => [
  ...new Map(addresses.map((address) => [addressKey(address), address])).values(),
]
