/**
 * Changes of servers' addresses. Whoever asks for one gets an answer at once, but it comes into force in a task of its
 * own, after all threads have come to rest (`server_atomic_sync` in src/server.c).
 */
import { Wake, type Task } from '../engine/task.js'
import type { IpAddress } from '../net/address.js'
import type { HaproxyProcess } from './process.js'
import type { Server } from './server.js'

interface Change {
  readonly server: Server
  readonly address: IpAddress
  readonly mapPorts: boolean
}

export class AddressChanges {
  #changes: Change[] = []
  #task: Task | undefined

  constructor(readonly process: HaproxyProcess) {}

  /** Plans a change. */
  add(server: Server, address: IpAddress, mapPorts: boolean): void {
    this.#changes.push({ server, address, mapPorts })
    this.#task ??= this.process.threads.spawn({ name: 'server addresses', thread: 1, run: () => this.#apply() })
    this.#task.wake(Wake.MESSAGE)
  }

  #apply(): void {
    for (const { server, address, mapPorts } of this.#changes.splice(0)) {
      server.address = address
      server.mapPorts = mapPorts
    }
  }
}
