/**
 * The usual surroundings of a process: something that answers at the address of every server of its configuration, and
 * a mail server at the address of every mailer.
 */
import type { Configuration, ProxyConfig } from '../config/model.js'
import { addressKey, isIp, type Address } from '../net/address.js'
import type { HttpServer, SmtpServer, TcpServer } from './actors/index.js'
import type { Simulation } from './simulation.js'

export type BackendServer = HttpServer | TcpServer

export interface Surroundings {
  /** what answers for a server, by `backend/server`; servers with one address share one */
  readonly servers: ReadonlyMap<string, BackendServer>
  /** mail servers by the names of the mailers; mailers of several sections may share a name */
  readonly mailServers: ReadonlyMap<string, readonly SmtpServer[]>
}

/** Makes them. Addresses at which nobody can listen, such as inherited descriptors, are left out. */
export const makeSurroundings = (simulation: Simulation, configuration: Configuration): Surroundings => {
  const byAddress = new Map<string, BackendServer>()
  const servers = new Map<string, BackendServer>()
  for (const proxy of configuration.proxies)
    for (const server of proxy.servers) {
      const path = `${proxy.name}/${server.name}`
      const address = checkedAt(server.address, server.check.addr, server.check.port)
      for (const each of distinct([server.address, address])) {
        if (!reachable(each)) continue
        const key = addressKey(each)
        const actor = byAddress.get(key) ?? makeServer(simulation, proxy, each, path)
        byAddress.set(key, actor)
        servers.set(path, actor)
      }
    }
  return { servers, mailServers: makeMailServers(simulation, configuration) }
}

const makeServer = (simulation: Simulation, proxy: ProxyConfig, address: Address, name: string): BackendServer =>
  proxy.mode === 'http' || proxy.healthCheck.kind === 'http'
    ? simulation.http(address, { name })
    : simulation.tcp(address, { name })

const makeMailServers = (simulation: Simulation, configuration: Configuration): Map<string, SmtpServer[]> => {
  const byAddress = new Map<string, SmtpServer>()
  const byName = new Map<string, SmtpServer[]>()
  for (const section of configuration.mailers)
    for (const { name, address } of section.mailers) {
      if (!reachable(address)) continue
      const key = addressKey(address)
      const actor = byAddress.get(key) ?? simulation.smtp(address, { name })
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
