/**
 * Accepts the clients of listening sockets, a limited number at once. Further clients wait as in the backlog of a socket, with what
 * they have sent, until another one has left (`listener_accept` and `dequeue_all_listeners` in src/listener.c).
 */
import type { Address } from '../../net/address.js'
import type { Connection, ConnectionEvents, ListeningSocket, Network } from '../../net/network.js'
import { WaitingClient } from './waiting-client.js'

/** Serves an accepted client; returns what its connection reports to. */
export type Serve = (connection: Connection) => ConnectionEvents

export class Acceptor {
  readonly #sockets: ListeningSocket[] = []
  /** the clients that wait, in order, and how they are served */
  readonly #waiting = new Map<WaitingClient, Serve>()
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
    const [client, serve] = next
    this.#waiting.delete(client)
    client.start(this.#serve(client.connection, serve))
  }

  /** Closes the sockets and resets waiting clients; those that are served stay. */
  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.close()
    for (const { connection } of this.#waiting.keys()) connection.reset()
    this.#waiting.clear()
  }

  #accept(connection: Connection, serve: Serve): ConnectionEvents {
    if (this.#served < this.limit) return this.#serve(connection, serve)
    const client: WaitingClient = new WaitingClient(connection, () => this.#waiting.delete(client))
    this.#waiting.set(client, serve)
    return client
  }

  #serve(connection: Connection, serve: Serve): ConnectionEvents {
    this.#served++
    return serve(connection)
  }
}
