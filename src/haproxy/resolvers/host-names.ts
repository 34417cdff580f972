/**
 * Names as the network of the process knows them, without queries: for `do-resolve` of the HTTP client in a process that has no name servers,
 * as in a simulation without a section `resolvers default`.
 */
import { parseIp, type IpFamily } from '../../net/ip.js'
import type { Network } from '../../net/network.js'
import type { NameQuery } from './section.js'

export class HostNames {
  constructor(readonly network: Pick<Network, 'resolve'>) {}

  resolve(hostname: string, prefer: IpFamily): NameQuery {
    const known = this.network.resolve(hostname).flatMap((ip) => parseIp(ip) ?? [])
    const address = known.find(({ family }) => family === prefer) ?? known[0]
    return { isOver: () => true, address: () => address, release: () => {} }
  }
}
