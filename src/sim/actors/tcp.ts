/** A TCP server that records its connections, with a configurable greeting and responses. */
import { fromBytes } from '../../bytes/latin1.js'
import type { Micros } from '../../engine/index.js'
import { formatAddress } from '../../net/address.js'
import type { Connection } from '../../net/network.js'
import { toMicros, type Duration } from '../duration.js'
import { ServerActor } from './server.js'
import { Session } from './session.js'

/** The response to received bytes (one character per byte); `undefined` means no response. */
export type TcpResponder =
  string | Uint8Array | ((received: string, connection: TcpConnection) => string | Uint8Array | undefined)

/** What to send or do at the start of a connection. */
export type TcpGreeting = string | Uint8Array | ((connection: TcpConnection) => void)

/** A connection of a {@link TcpServer}. */
export interface TcpConnection {
  /** address of the client */
  readonly from: string
  /** when it was accepted, in microseconds since the start of the run */
  readonly at: Micros
  /** everything received so far, one character per byte */
  readonly received: string
  /** whether it is still open */
  readonly open: boolean
  /** Sends bytes, or a text with a character for each byte. */
  send(data: string | Uint8Array): void
  /** Shuts down sending after all data is sent; receiving continues. */
  finish(): void
  /** Closes it after all data is sent. */
  close(): void
  /** Resets it immediately. */
  reset(): void
}

/** A TCP server. */
export class TcpServer extends ServerActor<TcpSession> {
  /** all accepted connections in order */
  readonly connections: TcpConnection[] = []
  #responder: TcpResponder | undefined
  #greeting: TcpGreeting | undefined
  #lifetime: Micros | undefined

  /** Everything received on all connections, one character per byte. */
  get received(): string {
    return this.connections.map((connection) => connection.received).join('')
  }

  /** Restores the default behavior: accepts connections and sends nothing. */
  override accept(): this {
    this.#responder = undefined
    this.#greeting = undefined
    this.#lifetime = undefined
    return super.accept()
  }

  /** Sends `greeting` on each new connection, or calls it with the connection. */
  greet(greeting: TcpGreeting): this {
    this.#greeting = greeting
    return this
  }

  /** Sets the response to received data. */
  respond(responder: TcpResponder): this {
    this.#responder = responder
    return this
  }

  /** Closes each new connection after `lifetime`: milliseconds or a HAProxy duration. */
  closeAfter(lifetime: Duration): this {
    this.#lifetime = toMicros(lifetime)
    return this
  }

  /** @internal */
  get behavior() {
    return { responder: this.#responder, greeting: this.#greeting, lifetime: this.#lifetime }
  }

  protected session(connection: Connection): TcpSession {
    const session = new TcpSession(this, connection)
    this.connections.push(session)
    return session
  }
}

class TcpSession extends Session implements TcpConnection {
  readonly at: Micros
  readonly from: string
  received = ''
  #started = false

  constructor(
    readonly server: TcpServer,
    connection: Connection,
  ) {
    super(server, connection)
    this.at = server.world.scheduler.clock.now
    this.from = formatAddress(connection.remote)
  }

  override send(data: string | Uint8Array): void {
    super.send(data)
  }

  override finish(): void {
    super.finish()
  }

  protected handleInput(): void {
    const { responder, greeting, lifetime } = this.server.behavior
    if (!this.#started) {
      this.#started = true
      if (typeof greeting === 'function') greeting(this)
      else if (greeting !== undefined) this.send(greeting)
      if (lifetime !== undefined) this.server.world.scheduler.at(this.at + lifetime, () => this.open && this.close())
    }
    const text = fromBytes(this.connection.read())
    if (text !== '') {
      this.received += text
      const answer = typeof responder === 'function' ? responder(text, this) : responder
      if (answer !== undefined) this.send(answer)
    }
    if (this.open && this.connection.ended) this.close()
  }
}
