/**
 * Changes of servers' addresses. Whoever asks for one gets an answer at once, but it comes into force in a task of its
 * own, after all threads have come to rest (`server_atomic_sync` in src/server.c).
 */
import { Wake, type Task } from '../../engine/task.js'
import { isIp, type IpAddress } from '../../net/address.js'
import { LOG_NOTICE } from '../logs/logger.js'
import type { HaproxyProcess } from '../process.js'
import { clearAdminFlag } from './state.js'
import { ServerAdmin, type Server } from './server.js'

interface Change {
  readonly server: Server
  /** undefined: it has none any more */
  readonly address: IpAddress | undefined
  readonly mapPorts: boolean
  /** where there is no address; undefined: it stays */
  readonly port: number | undefined
  /** an answer of a name server says so */
  readonly resolved: boolean
}

export class AddressChanges {
  #changes: Change[] = []
  #task: Task | undefined

  constructor(readonly process: HaproxyProcess) {}

  /**
   * Plans a change.
   * @param address undefined: it has none any more
   * @param resolved an answer of a name server says so
   * @param port that of a server without an address; undefined: it stays
   */
  add(server: Server, address: IpAddress | undefined, mapPorts: boolean, resolved = false, port?: number): void {
    this.#changes.push({ server, address, mapPorts, resolved, port })
    this.#task ??= this.process.threads.spawn({ name: 'server addresses', thread: 1, run: () => this.#apply() })
    this.#task.wake(Wake.MESSAGE)
  }

  #apply(): void {
    for (const { server, address, mapPorts, resolved, port: wanted } of this.#changes.splice(0)) {
      const port = wanted ?? (isIp(server.address) ? server.address.port : 0)
      server.address = address ?? { family: 'ipv4', ip: '0.0.0.0', port }
      server.hasAddress = address !== undefined
      server.mapPorts = mapPorts
      server.admin |= server.nextAdmin & ServerAdmin.FQDN_CHANGED
      if (address !== undefined && server.nextAdmin & ServerAdmin.RMAINT) leaveMaintenance(server, resolved)
    }
  }
}

/** It was in maintenance because it had no address. */
const leaveMaintenance = (server: Server, resolved: boolean): void => {
  clearAdminFlag(server, ServerAdmin.RMAINT)
  if (!resolved) return
  const text = `Server ${server.path} administratively READY thanks to valid DNS answer.`
  server.proxy.process.logger.warn(server.proxy, LOG_NOTICE, text)
}
