/**
 * What the servers in the world have in common: they listen at an address, and can be made to refuse, hang, reset and
 * accept again at any time.
 */
import { formatAddress, type Address } from '../../net/address.js'
import type { Connection, ListeningSocket } from '../../net/network.js'
import { validateTlsServer, type TlsServer } from '../../net/sim/index.js'
import type { Session, SessionOwner } from './session.js'
import type { World } from './world.js'

/**
 * - `accept`: as usual
 * - `refuse`: nobody listens (RST)
 * - `hang`: it stands still, as a stopped process does: the kernel accepts connections, and nothing is answered
 * - `vanish`: packets that ask for a connection are lost, as behind a firewall or with a host that is off
 * - `reset`: connections are made and reset at once
 */
export type ServerMode = 'accept' | 'refuse' | 'hang' | 'vanish' | 'reset'

export interface ServerOptions {
  /** what the trace calls it; its address unless given */
  readonly name?: string | undefined
  /** it speaks TLS; {@link Server.tls} changes that */
  readonly tls?: TlsServer | undefined
}

export abstract class Server<S extends Session> implements SessionOwner {
  readonly name: string
  readonly sessions = new Set<S>()
  #mode: ServerMode = 'accept'
  #listening: ListeningSocket | undefined
  #tls: TlsServer | undefined

  /** Listens at `address`. Throws a NetworkError when that is taken or not the host's. */
  constructor(
    readonly world: World,
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

  /** Everything as usual again. Connections that hang go on where they stood. */
  accept(): this {
    return this.#become('accept')
  }

  /** Refuses connections from now on, as when the server is not running. Those that are made go on. */
  refuse(): this {
    return this.#become('refuse')
  }

  /**
   * Says nothing any more, on connections that are made as on new ones.
   * @param how `silent` (default): connections are still accepted, as for a process that stands still;
   *   `connect`: new ones are not answered at all, as for a host that is off
   */
  hang(how: 'silent' | 'connect' = 'silent'): this {
    return this.#become(how === 'silent' ? 'hang' : 'vanish')
  }

  /** Resets new connections as soon as they are made, and at once those that are. */
  reset(): this {
    this.#become('reset')
    for (const session of [...this.sessions]) session.reset()
    return this
  }

  /** Closes the connections that are made, each once all is sent; new ones are taken as before. */
  closeConnections(): this {
    for (const session of [...this.sessions]) session.close()
    return this
  }

  /** How many connections are open. */
  get openConnections(): number {
    return this.sessions.size
  }

  /** Speaks TLS so on new connections; `undefined`: plainly. */
  tls(tls: TlsServer | undefined): this {
    this.#tls = validateTlsServer(tls)
    return this
  }

  /** Ends it for good: nobody listens any more, and connections are reset. */
  stop(): void {
    this.world.host.fault(this.address, undefined)
    this.#listening?.close()
    this.#listening = undefined
    for (const session of [...this.sessions]) session.reset()
  }

  /** @internal */
  get standsStill(): boolean {
    return this.#mode === 'hang' || this.#mode === 'vanish'
  }

  /** @internal */
  left(session: Session): void {
    this.sessions.delete(session as S)
  }

  #become(mode: ServerMode): this {
    if (this.#mode === mode) return this
    this.#mode = mode
    this.world.scheduler.trace.write('server', { server: this.name, mode })
    if (mode === 'refuse') {
      this.#listening?.close()
      this.#listening = undefined
    } else this.#listen()
    this.world.host.fault(this.address, mode === 'reset' ? 'reset' : mode === 'vanish' ? 'hang' : undefined)
    if (!this.standsStill) for (const session of [...this.sessions]) session.goOn()
    return this
  }

  #listen(): void {
    this.#listening ??= this.world.host.listen(this.address, (connection) => {
      const session = this.session(connection)
      this.sessions.add(session)
      if (this.#tls) session.expectTls(this.#tls)
      session.goOn()
      return session
    })
  }
}
