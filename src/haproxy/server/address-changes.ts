/**
 * Changes of servers' addresses. A change is published at once, and comes into force when a task has run for which all threads wait
 * (`server_atomic_sync` in src/server.c).
 */
import { Wake, type Task } from '../../engine/task.js'
import { isIp, type IpAddress } from '../../net/address.js'
import { publish } from '../events/server-events.js'
import { LOG_NOTICE } from '../logs/logger.js'
import type { ProcessContext } from '../context.js'
import { clearAdminFlag } from './state.js'
import type { AddressUpdates, Server } from './server.js'
import { ServerAdmin } from './status.js'

interface Change {
  readonly server: Server
  /** undefined: the address is removed */
  readonly address: IpAddress | undefined
  readonly mapPorts: boolean
  /** the port if there is no address; undefined: it stays */
  readonly port: number | undefined
  /** the reason is a DNS response */
  readonly resolved: boolean
}

export class AddressChanges implements AddressUpdates {
  #changes: Change[] = []
  #task: Task | undefined

  constructor(readonly process: ProcessContext) {}

  add(server: Server, address: IpAddress | undefined, mapPorts: boolean, resolved = false, port?: number): void {
    this.#changes.push({ server, address, mapPorts, resolved, port })
    this.#task ??= this.process.threads.spawn({ name: 'server addresses', thread: 1, run: () => this.#apply() })
    this.#task.wake(Wake.MESSAGE)
    publish(server, 'SERVER_INETADDR')
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

/** Ends the maintenance of a server that had no address. */
const leaveMaintenance = (server: Server, resolved: boolean): void => {
  clearAdminFlag(server, ServerAdmin.RMAINT)
  if (!resolved) return
  const text = `Server ${server.path} administratively READY thanks to valid DNS answer.`
  server.proxy.process.logger.report(server.proxy, LOG_NOTICE, text)
}
