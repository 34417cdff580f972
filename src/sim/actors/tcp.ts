/** A server that takes connections and keeps them; it says and answers what it is told to. */
import type { Micros } from '../../engine/index.js'
import { formatAddress } from '../../net/address.js'
import type { Connection } from '../../net/network.js'
import { toMicros, type Duration } from '../duration.js'
import { Server } from './server.js'
import { Session, toText } from './session.js'

/** What is answered to bytes that arrive (one character per byte); `undefined` is nothing. */
export type TcpResponder =
  string | Uint8Array | ((received: string, connection: TcpConnection) => string | Uint8Array | undefined)

/** What is said, or done, at the begin of a connection. */
export type TcpGreeting = string | Uint8Array | ((connection: TcpConnection) => void)

/** One connection as tests see it. */
export interface TcpConnection {
  /** who connected, as HAProxy writes addresses */
  readonly from: string
  /** when it was accepted, in microseconds since the run began */
  readonly at: Micros
  /** all that was received on it, one character per byte */
  readonly received: string
  /** whether it is still open on this side */
  readonly open: boolean
  /** Sends something unasked. */
  say(data: string | Uint8Array): void
  /** Finishes sending once all is sent, and goes on reading. */
  finish(): void
  /** Closes it once all is sent. */
  close(): void
  /** Resets it at once. */
  reset(): void
}

export class TcpServer extends Server<TcpSession> {
  /** every connection that was accepted, in that order */
  readonly connections: TcpConnection[] = []
  #responder: TcpResponder | undefined
  #greeting: TcpGreeting | undefined
  #lifetime: Micros | undefined

  /** All that was received, connection after connection, one character per byte. */
  get received(): string {
    return this.connections.map((connection) => connection.received).join('')
  }

  /** Everything as usual again: it takes connections and says nothing. */
  override accept(): this {
    this.#responder = undefined
    this.#greeting = undefined
    this.#lifetime = undefined
    return super.accept()
  }

  /** Says `greeting` on each new connection, or does with the connection what the function does. */
  greet(greeting: TcpGreeting): this {
    this.#greeting = greeting
    return this
  }

  /** Answers so to whatever arrives, each time something does. */
  respond(responder: TcpResponder): this {
    this.#responder = responder
    return this
  }

  /** Closes each new connection so long after it was accepted: milliseconds, or a duration of HAProxy's. */
  closeAfter(lifetime: Duration): this {
    this.#lifetime = toMicros(lifetime)
    return this
  }

  /** @internal */
  get manners() {
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
  #begun = false

  constructor(
    readonly server: TcpServer,
    connection: Connection,
  ) {
    super(server, connection)
    this.at = server.world.scheduler.clock.now
    this.from = formatAddress(connection.remote)
  }

  say(data: string | Uint8Array): void {
    this.send(data)
  }

  override finish(): void {
    super.finish()
  }

  protected take(): void {
    const { responder, greeting, lifetime } = this.server.manners
    if (!this.#begun) {
      this.#begun = true
      if (typeof greeting === 'function') greeting(this)
      else if (greeting !== undefined) this.send(greeting)
      if (lifetime !== undefined) this.server.world.scheduler.at(this.at + lifetime, () => this.open && this.close())
    }
    const text = toText(this.connection.read())
    if (text !== '') {
      this.received += text
      const answer = typeof responder === 'function' ? responder(text, this) : responder
      if (answer !== undefined) this.send(answer)
    }
    if (this.open && this.connection.ended) this.close()
  }
}
