/** A client that waits until a limit allows to serve it, as in the backlog of a socket. */
import type { Connection, ConnectionEvents, NetworkErrorCode } from '../../net/network.js'

export class WaitingClient implements ConnectionEvents {
  #served: ConnectionEvents | undefined

  /** @param failedEarly called if the connection fails before the client is served */
  constructor(
    readonly connection: Connection,
    readonly failedEarly: () => void,
  ) {}

  /** It is served from now on, with what it has sent. */
  start(served: ConnectionEvents): void {
    this.#served = served
    served.readable?.(this.connection)
  }

  readable(connection: Connection): void {
    this.#served?.readable?.(connection)
  }

  writable(connection: Connection): void {
    this.#served?.writable?.(connection)
  }

  failed(connection: Connection, error: NetworkErrorCode): void {
    if (this.#served) this.#served.failed?.(connection, error)
    else this.failedEarly()
  }
}
