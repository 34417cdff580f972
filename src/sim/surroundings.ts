/**
 * The usual surroundings of a process: something that answers at the address of every server of its configuration, and
 * a mail server at the address of every mailer. Every configuration that HAProxy starts with has some: where nobody can listen, or
 * the process does so itself, nobody is put, and {@link Surroundings.absent} says why.
 */
import { checkedAddress, followsServer, type CheckAddress } from '../haproxy/checks/checked-address.js'
import type { ConnectRule } from '../config/checks/rules.js'
import type { Configuration } from '../config/model/configuration.js'
import type { ProxyConfig } from '../config/model/proxy.js'
import type { ServerConfig } from '../config/model/server.js'
import { addressKey, isIp, isUnspecified, type Address } from '../net/address.js'
import { effectiveDestination, type TlsServer } from '../net/sim/index.js'
import { SmtpServer, type HttpServer, type SmtpOptions, type TcpServer } from './actors/index.js'
import { answerChecks } from './manners.js'
import type { Simulation } from './simulation.js'

export type BackendServer = HttpServer | TcpServer | SmtpServer

export interface Surroundings {
  /** what answers for a server where it is checked and where its traffic goes, by `backend/server`; servers with one address share one */
  readonly servers: ReadonlyMap<string, readonly BackendServer[]>
  /** mail servers by the names of the mailers; mailers of several sections may share a name */
  readonly mailServers: ReadonlyMap<string, readonly SmtpServer[]>
  /** why nobody answers for a server (`backend/server`) or a mailer */
  readonly absent: ReadonlyMap<string, string>
}

export interface SurroundingsOptions {
  /** servers that were put somewhere before: they keep their addresses, and mail servers among them answer for a mailer of their name */
  readonly given?: readonly BackendServer[]
  /** of all mail servers */
  readonly mail?: SmtpOptions
}

/** Makes them. Where a server and a mailer have one address, a mail server answers for both. */
export const makeSurroundings = (
  simulation: Simulation,
  configuration: Configuration,
  { given = [], mail = {} }: SurroundingsOptions = {},
): Surroundings => {
  const site = new Site(simulation, configuration, given)
  const absent = new Map<string, string>()
  const mailServers = makeMailServers(site, configuration, mail, absent)
  for (const server of given)
    if (server instanceof SmtpServer && !mailServers.has(server.name)) mailServers.set(server.name, [server])
  const servers = makeServers(site, configuration, absent)
  for (const { servers } of configuration.proxies)
    for (const server of servers) if (server.agent.enabled) makeAgent(site, server)
  return { servers, mailServers, absent }
}

/** Who is at which address. */
class Site {
  readonly #taken = new Map<string, BackendServer>()
  readonly #sockets: readonly Address[]

  constructor(
    readonly simulation: Simulation,
    configuration: Configuration,
    given: readonly BackendServer[],
  ) {
    this.#sockets = configuration.global.statsSockets.map(({ bind }) => bind.address)
    for (const server of given) this.#taken.set(addressKey(effectiveDestination(server.address)), server)
  }

  /** Who is at `address`: somebody from before, else whom `make` puts there; a text says why there can be nobody. */
  at(address: Address, make: (address: Address) => BackendServer): BackendServer | string {
    const to = effectiveDestination(address)
    const key = addressKey(to)
    const found = this.#taken.get(key) ?? this.#obstacle(to) ?? make(to)
    if (typeof found !== 'string') this.#taken.set(key, found)
    return found
  }

  #obstacle(address: Address): string | undefined {
    if ('fd' in address) return 'its address is an inherited descriptor'
    if (isIp(address) && address.port === 0) return 'it has no port'
    return this.#sockets.some((socket) => this.#covers(socket, address))
      ? "it is the process's own 'stats socket'"
      : undefined
  }

  /** Whether who listens at `socket` gets what is sent to `address`. */
  #covers(socket: Address, address: Address): boolean {
    if (addressKey(effectiveDestination(socket)) === addressKey(address)) return true
    return (
      isIp(socket) &&
      isIp(address) &&
      isUnspecified(socket) &&
      socket.port === address.port &&
      this.simulation.home.owns(address.ip)
    )
  }
}

const makeMailServers = (
  site: Site,
  configuration: Configuration,
  mail: SmtpOptions,
  absent: Map<string, string>,
): Map<string, SmtpServer[]> => {
  const byName = new Map<string, SmtpServer[]>()
  for (const section of configuration.mailers)
    for (const { name, address } of section.mailers) {
      const found = site.at(address, (at) => site.simulation.smtp(at, { ...mail, name }))
      if (found instanceof SmtpServer) byName.set(name, [...(byName.get(name) ?? []), found])
      else absent.set(name, typeof found === 'string' ? found : 'another server was put at its address')
    }
  return byName
}

const makeServers = (
  site: Site,
  configuration: Configuration,
  absent: Map<string, string>,
): Map<string, readonly BackendServer[]> => {
  const byPath = new Map<string, readonly BackendServer[]>()
  const names = askedNames(configuration)
  for (const proxy of configuration.proxies)
    for (const server of proxy.servers) {
      const path = `${proxy.name}/${server.name}`
      const options = { name: path, tls: tlsOf(proxy, server, names) }
      const found = addressesOf(proxy, server).map((address) =>
        site.at(address, (at) => makeServer(site.simulation, proxy, at, options)),
      )
      const there = found.filter((each) => typeof each !== 'string')
      if (there.length > 0) byPath.set(path, [...new Set(there)])
      else absent.set(path, found.find((each) => typeof each === 'string') ?? 'it has no address yet')
    }
  return byPath
}

/** Where its traffic and its checks go; nowhere while its name is not resolved. */
const addressesOf = (proxy: ProxyConfig, { address, check, resolved }: ServerConfig): readonly Address[] => {
  if (!resolved) return []
  const rules = connectRules(proxy)
  const checked =
    rules.length === 0
      ? [checkedAddress(address, check, undefined, undefined)]
      : rules.map((rule) => checkedAddress(address, check, rule, rule.port === 0 ? undefined : rule.port))
  return [address, ...checked]
}

const makeServer = (
  simulation: Simulation,
  proxy: ProxyConfig,
  address: Address,
  options: { readonly name: string; readonly tls: TlsServer | undefined },
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
  const byServer = check.ssl ?? (ssl && followsServer(check))
  const rules = connectRules(proxy)
  const wanted = rules.length === 0 ? [byServer] : rules.map((rule) => rule.ssl || (rule.useServerOptions && byServer))
  return wanted.includes(true) ? { names, plainToo: wanted.includes(false) } : undefined
}

/** An agent says that its server is up. Where somebody is already, there is none. */
const makeAgent = (site: Site, { address, agent, check, resolved }: ServerConfig): void => {
  if (!resolved) return
  const target: CheckAddress = { addr: agent.addr ?? check.addr, port: agent.port ?? check.port }
  site.at(checkedAddress(address, target, undefined, undefined), (at) =>
    site.simulation.tcp(at).greet((connection) => {
      connection.say('up\n')
      connection.finish()
    }),
  )
}
