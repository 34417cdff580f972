/**
 * Accepts the clients of listening sockets, a limited number at once. Further clients wait as in the backlog of a socket, with what
 * they have sent, until another one has left (`listener_accept` and `dequeue_all_listeners` in src/listener.c).
 */
import type { Address } from '../../net/address.js'
import type { Connection, ConnectionEvents, ListeningSocket, Network, NetworkErrorCode } from '../../net/network.js'

/** Serves an accepted client. */
export type Serve = (connection: Connection) => ConnectionEvents

export class Acceptor {
  readonly #sockets: ListeningSocket[] = []
  readonly #waiting = new Set<WaitingClient>()
  #served = 0

  /** @param limit how many clients are served at once */
  constructor(
    readonly network: Network,
    readonly limit: number,
  ) {}

  /** Listens at an address. Throws a `NetworkError`. */
  listen(address: Address, serve: Serve): void {
    this.#sockets.push(this.network.listen(address, (connection) => this.#accept(connection, serve)))
  }

  /** A client that was served has left: the next one is served. */
  release(): void {
    this.#served--
    const [next] = this.#waiting
    if (next === undefined) return
    this.#waiting.delete(next)
    next.start()
  }

  /** Closes the sockets and resets waiting clients; those that are served stay. */
  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.close()
    for (const client of this.#waiting) client.connection.reset()
    this.#waiting.clear()
  }

  #accept(connection: Connection, serve: Serve): ConnectionEvents {
    if (this.#served < this.limit) return this.#serve(connection, serve)
    const client = new WaitingClient(
      connection,
      () => this.#serve(connection, serve),
      () => this.#waiting.delete(client),
    )
    this.#waiting.add(client)
    return client
  }

  #serve(connection: Connection, serve: Serve): ConnectionEvents {
    this.#served++
    return serve(connection)
  }
}

class WaitingClient implements ConnectionEvents {
  #served: ConnectionEvents | undefined

  /** @param failedEarly called if the connection fails before the client is served */
  constructor(
    readonly connection: Connection,
    readonly serve: () => ConnectionEvents,
    readonly failedEarly: () => void,
  ) {}

  /** Serves the client from now on. */
  start(): void {
    this.#served = this.serve()
    this.#served.readable?.(this.connection)
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
