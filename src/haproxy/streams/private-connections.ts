/**
 * Idle connections to servers that only the client's session may use again (`struct sess_priv_conns`, src/session.c): those of
 * `http-reuse never`, those without a server, and those on which a server has authenticated the client.
 */

export interface PrivateConnection {
  /** Closes it. */
  close(): void
}

interface Kept {
  readonly connection: PrivateConnection
  readonly target: object
}

export class PrivateConnections {
  #idle: Kept[] = []

  /** @param most how many are kept (`max-session-srv-conns`) */
  constructor(readonly most: number) {}

  get isEmpty(): boolean {
    return this.#idle.length === 0
  }

  /** Keeps one; returns false if there are enough already. @param target its server, or the backend without one */
  keep(connection: PrivateConnection, target: object): boolean {
    if (this.#idle.length >= this.most) return false
    this.#idle.push({ connection, target })
    return true
  }

  /** Takes one to a target that `fits`. */
  take(target: object, fits: (connection: PrivateConnection) => boolean): PrivateConnection | undefined {
    const found = this.#idle.find((each) => each.target === target && fits(each.connection))
    if (found) this.drop(found.connection)
    return found?.connection
  }

  /** Their targets, the one that was used first at the start. */
  get targets(): readonly object[] {
    return this.#idle.map(({ target }) => target)
  }

  /** One is closed. */
  drop(connection: PrivateConnection): void {
    this.#idle = this.#idle.filter((each) => each.connection !== connection)
  }

  /** The session is over. */
  close(): void {
    for (const { connection } of this.#idle.splice(0)) connection.close()
  }
}
