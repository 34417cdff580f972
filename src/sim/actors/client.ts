/** A client that opens connections, sends what it is told to and keeps what it gets. */
import type { Address } from '../../net/address.js'
import type { Connection, ConnectionEvents, NetworkErrorCode } from '../../net/network.js'
import { TLS_UNVERIFIED, type TlsClient } from '../../net/tls.js'
import { Session, toText, type SessionOwner } from './session.js'
import type { World } from './world.js'

/** One connection as tests see it. */
export interface ClientConnection {
  readonly state: Connection['state']
  /** whether TLS is spoken */
  readonly isEncrypted: boolean
  /** why it failed, if it did */
  readonly error: NetworkErrorCode | undefined
  /** all that was received, one character per byte */
  readonly received: string
  /** whether the other side has finished sending */
  readonly ended: boolean
  /** Sends bytes, or characters as bytes, as soon as the connection is made and there is room. */
  say(data: string | Uint8Array): void
  /** Speaks TLS from here on; what is said before the handshake is over waits for it. A handshake that fails is an {@link error}. */
  secure(tls?: TlsClient): void
  /** Finishes sending once all is sent; what comes back is still received. */
  finish(): void
  /** Closes it once all is sent. */
  close(): void
  /** Resets it at once. */
  reset(): void
}

export interface ClientOptions {
  /** the local address to connect from */
  readonly from?: Address
  /** Called for what arrives, each time something does. */
  readonly receive?: (text: string, connection: ClientConnection) => void
}

export class Client implements SessionOwner {
  readonly connections: ClientConnection[] = []
  readonly standsStill = false

  constructor(readonly world: World) {}

  /** Opens a connection. */
  connect(to: Address, options: ClientOptions = {}): ClientConnection {
    const events: ConnectionEvents = {
      connected: () => session.goOn(),
      readable: () => session.goOn(),
      writable: () => session.goOn(),
      secured: () => session.secured(),
      failed: (connection, error) => session.failed(connection, error),
    }
    const session = new ClientSession(this, this.world.host.connect(to, events, options.from), options.receive)
    this.connections.push(session)
    return session
  }

  /** @internal */
  left(): void {
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

  protected take(): void {
    const text = toText(this.connection.read())
    this.received += text
    this.ended = this.connection.ended
    if (text !== '') this.receive?.(text, this)
  }
}
