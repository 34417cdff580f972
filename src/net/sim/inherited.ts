/** A listening socket that is open before the process that accepts its connections has started, and after it has ended. */
import type { Address } from '../address.js'
import type { Connection, ConnectionEvents, ListeningSocket } from '../network.js'

type Accept = (connection: Connection) => ConnectionEvents

/** A connection that waits to be accepted. */
class Waiting implements ConnectionEvents {
  /** set once it is accepted */
  events: ConnectionEvents | undefined

  constructor(readonly connection: Connection) {}

  /** Accepts it, and reports what was received meanwhile. */
  accept(accept: Accept): void {
    const { connection } = this
    if (connection.state !== 'open') return
    this.events = accept(connection)
    if (connection.available > 0 || connection.ended) this.events.readable?.(connection)
  }

  readonly readable: NonNullable<ConnectionEvents['readable']> = (connection) => this.events?.readable?.(connection)
  readonly writable: NonNullable<ConnectionEvents['writable']> = (connection) => this.events?.writable?.(connection)
  readonly secured: NonNullable<ConnectionEvents['secured']> = (connection) => this.events?.secured?.(connection)
  readonly failed: NonNullable<ConnectionEvents['failed']> = (connection, error) =>
    this.events?.failed?.(connection, error)
}

export class InheritedSocket {
  /** of the processes that listen, in turn */
  readonly #accepts: Accept[] = []
  #waiting: Waiting[] = []

  /** @param later calls a function outside of any task */
  constructor(readonly later: (action: () => void) => void) {}

  /** A connection arrives. */
  take(connection: Connection): ConnectionEvents {
    const accept = this.#accepts.shift()
    if (accept) {
      this.#accepts.push(accept)
      return accept(connection)
    }
    const waiting = new Waiting(connection)
    this.#waiting.push(waiting)
    return waiting
  }

  /** A process listens: it gets the connections that wait. */
  listen(address: Address, accept: Accept): ListeningSocket {
    const start = (): void => {
      if (this.#accepts.includes(accept)) return
      this.#accepts.push(accept)
      this.later(() => this.#acceptWaiting(accept))
    }
    const stop = (): void => {
      const at = this.#accepts.indexOf(accept)
      if (at >= 0) this.#accepts.splice(at, 1)
    }
    start()
    return { address, pause: stop, resume: start, close: stop }
  }

  #acceptWaiting(accept: Accept): void {
    if (!this.#accepts.includes(accept)) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const each of waiting) each.accept(accept)
  }

  /** Closes the connections that wait. */
  close(): void {
    for (const { connection } of this.#waiting) connection.reset()
    this.#waiting = []
  }
}
