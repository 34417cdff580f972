/** `balance roundrobin`: servers in turn, by their weights. */
import type { Balancer } from './balancer.js'
import type { Proxy } from '../proxy/proxy.js'
import { firstBackup } from '../samples/server-state.js'
import type { Server } from '../server/server.js'

export class RoundRobin implements Balancer {
  #last = -1

  constructor(readonly proxy: Proxy) {}

  next(avoided: Server | undefined): Server | undefined {
    const usable = this.#usable()
    const others = usable.length > 1 ? usable.filter((server) => server !== avoided) : usable
    if (others.length === 0) return undefined
    this.#last = (this.#last + 1) % others.length
    return others[this.#last]
  }

  #usable(): readonly Server[] {
    const { proxy } = this
    if (proxy.activeServers > 0) return proxy.servers.filter((server) => server.counted && !server.backup)
    const backups = proxy.servers.filter((server) => server.counted && server.backup)
    const first = firstBackup(proxy)
    return proxy.config.options.has('allbackups') || !first ? backups : [first]
  }
}
