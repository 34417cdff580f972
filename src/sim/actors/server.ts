/**
 * The base class of simulated servers: they listen on an address, and can be made to refuse, hang, reset and accept again
 * at any time.
 */
import { formatAddress, type Address } from '../../net/address.js'
import type { Connection, ListeningSocket } from '../../net/network.js'
import { validateTlsServer, type TlsServer } from '../../net/sim/index.js'
import type { Session, ActorSessionOwner } from './session.js'
import type { ActorContext } from './world.js'

/**
 * - `accept`: normal operation
 * - `refuse`: not listening (RST)
 * - `hang`: like a stopped process: the kernel accepts connections, but nothing is read or sent
 * - `vanish`: SYNs are dropped, as by a firewall or a host that is down
 * - `reset`: connections are established and immediately reset
 */
export type ServerMode = 'accept' | 'refuse' | 'hang' | 'vanish' | 'reset'

/** Options of a server. */
export interface ServerOptions {
  /** its name in the trace (default: its address) */
  readonly name?: string | undefined
  /** TLS settings, which {@link ServerActor.tls} changes */
  readonly tls?: TlsServer | undefined
}

/** A simulated server. */
export abstract class ServerActor<S extends Session> implements ActorSessionOwner {
  readonly name: string
  readonly sessions = new Set<S>()
  #mode: ServerMode = 'accept'
  #listening: ListeningSocket | undefined
  #tls: TlsServer | undefined

  /** Listens on `address`. Throws a NetworkError if it is in use or not local. */
  constructor(
    readonly world: ActorContext,
    readonly address: Address,
    options: ServerOptions = {},
  ) {
    this.name = options.name ?? formatAddress(address)
    this.#tls = validateTlsServer(options.tls)
    this.#listen()
  }

  protected abstract session(connection: Connection): S

  get mode(): ServerMode {
    return this.#mode
  }

  /** Restores normal operation. Hanging connections resume. */
  accept(): this {
    return this.#setMode('accept')
  }

  /** Refuses new connections, like a server that is not running. Established ones are not affected. */
  refuse(): this {
    return this.#setMode('refuse')
  }

  /**
   * Stops responding on established and new connections.
   * @param how `silent` (default): new connections are accepted, as by a stopped process;
   *   `connect`: SYNs are not answered, as by a host that is down
   */
  hang(how: 'silent' | 'connect' = 'silent'): this {
    return this.#setMode(how === 'silent' ? 'hang' : 'vanish')
  }

  /** Resets new connections once established, and all current ones. */
  reset(): this {
    this.#setMode('reset')
    for (const session of [...this.sessions]) session.reset()
    return this
  }

  /** Closes all current connections after their data is sent. New ones are accepted. */
  closeConnections(): this {
    for (const session of [...this.sessions]) session.close()
    return this
  }

  /** Number of open connections. */
  get openConnections(): number {
    return this.sessions.size
  }

  /** Sets the TLS settings of new connections; `undefined` disables TLS. */
  tls(tls: TlsServer | undefined): this {
    this.#tls = validateTlsServer(tls)
    return this
  }

  /** Stops it permanently: closes the listener and resets all connections. */
  stop(): void {
    this.world.host.fault(this.address, undefined)
    this.#listening?.close()
    this.#listening = undefined
    for (const session of [...this.sessions]) session.reset()
  }

  /** @internal */
  get isHung(): boolean {
    return this.#mode === 'hang' || this.#mode === 'vanish'
  }

  /** @internal */
  sessionEnded(session: Session): void {
    this.sessions.delete(session as S)
  }

  #setMode(mode: ServerMode): this {
    if (this.#mode === mode) return this
    this.#mode = mode
    this.world.scheduler.trace.write('server', { server: this.name, mode })
    if (mode === 'refuse') {
      this.#listening?.close()
      this.#listening = undefined
    } else this.#listen()
    this.world.host.fault(this.address, mode === 'reset' ? 'reset' : mode === 'vanish' ? 'hang' : undefined)
    if (!this.isHung) for (const session of [...this.sessions]) session.resume()
    return this
  }

  #listen(): void {
    this.#listening ??= this.world.host.listen(this.address, (connection) => {
      const session = this.session(connection)
      this.sessions.add(session)
      if (this.#tls) session.expectTls(this.#tls)
      session.resume()
      return session
    })
  }
}
