/** A connection to the runtime API that is not served yet (`stats maxconn`). What it has sent waits for it. */
import type { Connection, ConnectionEvents } from '../../net/network.js'
import type { RuntimeClient } from './client.js'

export class Visitor implements ConnectionEvents {
  #client: RuntimeClient | undefined

  /** @param gone called where the connection fails before it is served */
  constructor(
    readonly connection: Connection,
    readonly serve: () => RuntimeClient,
    readonly gone: () => void,
  ) {}

  /** Its turn has come. */
  come(): void {
    this.#client = this.serve()
    this.#client.readable()
  }

  readable(): void {
    this.#client?.readable()
  }

  writable(): void {
    this.#client?.writable()
  }

  failed(): void {
    if (this.#client) this.#client.failed()
    else this.gone()
  }
}
