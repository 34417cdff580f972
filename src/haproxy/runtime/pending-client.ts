/** A client of the runtime API that waits because `stats maxconn` is reached. What it sends is read once it is served. */
import type { Connection, ConnectionEvents } from '../../net/network.js'
import type { RuntimeClient } from './client.js'

export class PendingClient implements ConnectionEvents {
  #client: RuntimeClient | undefined

  /** @param gone called if the connection fails before it is served */
  constructor(
    readonly connection: Connection,
    readonly serve: () => RuntimeClient,
    readonly gone: () => void,
  ) {}

  /** Serves the client from now on. */
  start(): void {
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
