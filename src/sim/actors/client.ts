/** A TCP client that records what it receives. */
import type { Address } from '../../net/address.js'
import type { Connection, ConnectionEvents, NetworkErrorCode } from '../../net/network.js'
import { TLS_UNVERIFIED, type TlsClient } from '../../net/tls.js'
import { Session, toText, type ActorSessionOwner } from './session.js'
import type { ActorContext } from './world.js'

/** A connection of a {@link Client}. */
export interface ClientConnection {
  readonly state: Connection['state']
  /** whether it uses TLS */
  readonly isEncrypted: boolean
  /** the error, if it failed */
  readonly error: NetworkErrorCode | undefined
  /** everything received so far, one character per byte */
  readonly received: string
  /** whether the peer has finished sending */
  readonly ended: boolean
  /** Sends bytes, or characters as bytes, as soon as the connection is established and there is room. */
  say(data: string | Uint8Array): void
  /** Starts TLS. Data is sent after the handshake; if that fails, {@link error} is set. */
  secure(tls?: TlsClient): void
  /** Shuts down sending after all data is sent; receiving continues. */
  finish(): void
  /** Closes it after all data is sent. */
  close(): void
  /** Resets it immediately. */
  reset(): void
}

/** Options of a connection. */
export interface ClientOptions {
  /** the local address to connect from */
  readonly from?: Address
  /** Called with received data. */
  readonly receive?: (text: string, connection: ClientConnection) => void
}

/** A client on a simulated host. */
export class Client implements ActorSessionOwner {
  readonly connections: ClientConnection[] = []
  readonly isHung = false

  constructor(readonly world: ActorContext) {}

  /** Opens a connection. */
  connect(to: Address, options: ClientOptions = {}): ClientConnection {
    const events: ConnectionEvents = {
      connected: () => session.resume(),
      readable: () => session.resume(),
      writable: () => session.resume(),
      secured: () => session.secured(),
      failed: (connection, error) => session.failed(connection, error),
    }
    const session = new ClientSession(this, this.world.host.connect(to, events, options.from), options.receive)
    this.connections.push(session)
    return session
  }

  /** @internal */
  sessionEnded(): void {
    // kept in `connections`
  }
}

class ClientSession extends Session implements ClientConnection {
  received = ''
  ended = false
  error: NetworkErrorCode | undefined

  constructor(
    owner: Client,
    connection: Connection,
    readonly receive: ClientOptions['receive'],
  ) {
    super(owner, connection)
  }

  get state(): Connection['state'] {
    return this.connection.state
  }

  say(data: string | Uint8Array): void {
    this.send(data)
  }

  secure(tls: TlsClient = TLS_UNVERIFIED): void {
    this.connection.secure(tls)
  }

  override finish(): void {
    super.finish()
  }

  override failed(connection: Connection, error: NetworkErrorCode): void {
    this.error = error
    super.failed(connection, error)
  }

  protected handleInput(): void {
    const text = toText(this.connection.read())
    this.received += text
    this.ended = this.connection.ended
    if (text !== '') this.receive?.(text, this)
  }
}
