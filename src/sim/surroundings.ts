/**
 * The default actors around a process: a server at the address of every server of its configuration, and a mail server at the
 * address of every mailer. If an address cannot be used, {@link Surroundings.absent} has the reason.
 */
import { checkedAddress, followsServer, type CheckAddress } from '../haproxy/checks/checked-address.js'
import type { ConnectRule } from '../config/checks/rules.js'
import type { Configuration } from '../config/model/configuration.js'
import type { ProxyConfig } from '../config/model/proxy.js'
import type { ServerConfig } from '../config/model/server.js'
import { addressKey, isIp, isUnspecified, type Address } from '../net/address.js'
import { effectiveDestination, type TlsServer } from '../net/sim/index.js'
import { SmtpServer, type Client, type HttpServer, type SmtpOptions, type TcpServer } from './actors/index.js'
import { respondToChecks } from './check-responses.js'
import type { Simulation } from './simulation.js'

/** An actor for a server of the configuration. */
export type BackendServer = HttpServer | TcpServer | SmtpServer

/** The default actors. */
export interface Surroundings {
  /** actors at the addresses of a server's traffic and checks, by `backend/server`; servers with the same address share one */
  readonly servers: ReadonlyMap<string, readonly BackendServer[]>
  /** mail servers by mailer name; mailers of several sections may share a name */
  readonly mailServers: ReadonlyMap<string, readonly SmtpServer[]>
  /** why there is no actor for a server (`backend/server`) or a mailer */
  readonly absent: ReadonlyMap<string, string>
  /** Creates a client whose requests are traced in full. @param address default: HAProxy's host */
  readonly client: (address?: string) => Client
}

/** Options of {@link makeSurroundings}. */
export interface SurroundingsOptions {
  /** existing actors, which keep their addresses; mail servers among them take the place of mailers of the same name */
  readonly given?: readonly BackendServer[]
  /** options of all mail servers */
  readonly mail?: SmtpOptions
}

/** Creates the default actors. If a server and a mailer have the same address, a mail server is used for both. */
export const makeSurroundings = (
  simulation: Simulation,
  configuration: Configuration,
  { given = [], mail = {} }: SurroundingsOptions = {},
): Surroundings => {
  const actors = new ActorMap(simulation, configuration, given)
  const absent = new Map<string, string>()
  const mailServers = makeMailServers(actors, configuration, mail, absent)
  for (const server of given)
    if (server instanceof SmtpServer && !mailServers.has(server.name)) mailServers.set(server.name, [server])
  const servers = makeServers(actors, configuration, absent)
  for (const { servers } of configuration.proxies)
    for (const server of servers) if (server.agent.enabled) makeAgent(actors, server)
  return { servers, mailServers, absent, client: (address) => simulation.client(address, { detailed: true }) }
}

/** The actors by address. */
class ActorMap {
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

  /** The actor at `address`: an existing one, or one created by `make`; a string is the reason why there cannot be one. */
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

  /** Whether a listener on `socket` receives connections to `address`. */
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
  actors: ActorMap,
  configuration: Configuration,
  mail: SmtpOptions,
  absent: Map<string, string>,
): Map<string, SmtpServer[]> => {
  const byName = new Map<string, SmtpServer[]>()
  for (const section of configuration.mailers)
    for (const { name, address } of section.mailers) {
      const found = actors.at(address, (at) => actors.simulation.smtp(at, { ...mail, name }))
      if (found instanceof SmtpServer) byName.set(name, [...(byName.get(name) ?? []), found])
      else absent.set(name, typeof found === 'string' ? found : 'another server was created at its address')
    }
  return byName
}

const makeServers = (
  actors: ActorMap,
  configuration: Configuration,
  absent: Map<string, string>,
): Map<string, readonly BackendServer[]> => {
  const byPath = new Map<string, readonly BackendServer[]>()
  const names = tlsNames(configuration)
  for (const proxy of configuration.proxies)
    for (const server of proxy.servers) {
      const path = `${proxy.name}/${server.name}`
      const options = { name: path, tls: tlsOf(proxy, server, names) }
      const found = addressesOf(proxy, server).map((address) =>
        actors.at(address, (at) => makeServer(actors.simulation, proxy, at, options)),
      )
      const there = found.filter((each) => typeof each !== 'string')
      if (there.length > 0) byPath.set(path, [...new Set(there)])
      else absent.set(path, found.find((each) => typeof each === 'string') ?? 'it has no address yet')
    }
  return byPath
}

/** Addresses of its traffic and checks; none if its name is not resolved. */
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
    : respondToChecks(simulation.tcp(address, options), proxy.healthCheck)
}

/** All names used as SNI or for verification. */
const tlsNames = ({ proxies }: Configuration): string[] => {
  const rules = proxies.flatMap((proxy) => connectRules(proxy).map(({ sni }) => sni))
  const servers = proxies.flatMap((proxy) => proxy.servers.flatMap(({ tls }) => [tls.checkSni, tls.client.verifyHost]))
  return [...new Set([...rules, ...servers])].filter((name) => name !== undefined)
}

const connectRules = ({ healthCheck }: ProxyConfig): ConnectRule[] =>
  'rules' in healthCheck ? healthCheck.rules.filter((rule) => rule.action === 'connect') : []

/** TLS settings for the checks of a server; undefined if none uses TLS. */
const tlsOf = (proxy: ProxyConfig, { ssl, check }: ServerConfig, names: readonly string[]): TlsServer | undefined => {
  const byServer = check.ssl ?? (ssl && followsServer(check))
  const rules = connectRules(proxy)
  const wanted = rules.length === 0 ? [byServer] : rules.map((rule) => rule.ssl || (rule.useServerOptions && byServer))
  return wanted.includes(true) ? { names, plainToo: wanted.includes(false) } : undefined
}

/** Creates an agent that reports its server up, unless the address is taken. */
const makeAgent = (actors: ActorMap, { address, agent, check, resolved }: ServerConfig): void => {
  if (!resolved) return
  const target: CheckAddress = { addr: agent.addr ?? check.addr, port: agent.port ?? check.port }
  actors.at(checkedAddress(address, target, undefined, undefined), (at) =>
    actors.simulation.tcp(at).greet((connection) => {
      connection.send('up\n')
      connection.finish()
    }),
  )
}
