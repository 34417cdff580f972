/** A connection of a client on which a test sends and receives bytes. */
import { fromBytes } from '../../bytes/latin1.js'
import { formatAddress } from '../../net/address.js'
import type { Connection, ConnectionEvents, NetworkErrorCode } from '../../net/network.js'
import { TLS_UNVERIFIED, type TlsClient } from '../../net/tls.js'
import type { Duration } from '../duration.js'
import { Session, type ActorSessionOwner } from './session.js'
import { runUntil } from './world.js'

/** How long methods of a client wait by default, in virtual time. */
export const WAIT_LIMIT: Duration = '1m'

/** What {@link ClientConnection.expect} waits for: a text, a regular expression on bytes, or a function of the received bytes. */
export type Expected = string | RegExp | ((received: string) => unknown)

/** A connection of a client. Received texts have one character per byte. */
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
  /** the address that the peer sees: `192.0.2.1:32768` */
  readonly local: string
  /** Sends bytes, or a text with a character for each byte, as soon as the connection is established and there is room. */
  send(data: string | Uint8Array): void
  /**
   * Returns what was received since the last call of this method or {@link expect}. If that is nothing, it advances time until
   * something is received. Returns an empty text if the connection ends. Throws an Error after `limit` of virtual time (default 1m).
   */
  receive(limit?: Duration): string
  /** Like {@link receive}, but everything until the peer has finished sending, or the connection has failed. */
  receiveAll(limit?: Duration): string
  /**
   * Advances time until what was received since the last call matches, and returns the match: the text, the array of a regular
   * expression, or the result of the function, which is called until it returns a value other than undefined, null and false. What
   * is before and in the match counts as read, and with a function everything does. Throws an Error that shows what was received if the
   * connection ends before that, or after `limit` (default 1m).
   */
  expect(wanted: string, limit?: Duration): string
  expect(wanted: RegExp, limit?: Duration): RegExpExecArray
  expect<Result>(wanted: (received: string) => Result, limit?: Duration): NonNullable<Result>
  /** Stops reading: the peer can send only until buffers are full. */
  pause(): void
  /** Reads again after {@link pause}. */
  resume(): void
  /** Starts TLS, once it is established. Data is sent after the handshake; if that fails, {@link error} is set. */
  secure(tls?: TlsClient): void
  /** Shuts down sending after all data is sent; receiving continues. */
  finish(): void
  /** Closes it after all data is sent. */
  close(): void
  /** Resets it immediately. */
  reset(): void
}

/** Options of a connection. */
export interface ClientSessionOptions {
  /** Called with received data. */
  readonly receive?: ((text: string, connection: ClientConnection) => void) | undefined
  /** start TLS when it is established */
  readonly tls?: TlsClient | undefined
}

/** A connection of a client. */
export class ClientSession extends Session implements ClientConnection {
  received = ''
  ended = false
  /** whether it was established */
  wasConnected = false
  error: NetworkErrorCode | undefined
  /** position in {@link received} up to which `receive` and `expect` have read */
  #readTo = 0
  #paused = false
  /** settings of TLS to start when it is established */
  #tls: TlsClient | undefined

  /** @param connect opens the connection */
  constructor(
    owner: ActorSessionOwner,
    connect: (events: ConnectionEvents) => Connection,
    readonly options: ClientSessionOptions,
  ) {
    const events: ConnectionEvents = {
      connected: () => this.#connected(),
      readable: () => this.readable(),
      writable: () => super.resume(),
      secured: () => this.secured(),
      failed: (connection, error) => this.failed(connection, error),
    }
    super(owner, connect(events))
    this.#tls = options.tls
  }

  get state(): Connection['state'] {
    return this.connection.state
  }

  get local(): string {
    return formatAddress(this.connection.local)
  }

  override send(data: string | Uint8Array): void {
    super.send(data)
  }

  secure(tls: TlsClient = TLS_UNVERIFIED): void {
    if (this.state === 'connecting') this.#tls = tls
    else if (this.open) this.connection.secure(tls)
  }

  override finish(): void {
    super.finish()
  }

  receive(limit: Duration = WAIT_LIMIT): string {
    const isDone = () => this.received.length > this.#readTo || this.#isOver
    if (!this.#wait(isDone, limit)) throw new Error(`${this.#name}: nothing received within ${String(limit)}`)
    return this.#take(this.received.length)
  }

  receiveAll(limit: Duration = WAIT_LIMIT): string {
    if (!this.#wait(() => this.#isOver, limit))
      throw new Error(`${this.#name}: not ended within ${String(limit)}; received ${this.#unread}`)
    return this.#take(this.received.length)
  }

  expect(wanted: string, limit?: Duration): string
  expect(wanted: RegExp, limit?: Duration): RegExpExecArray
  expect<Result>(wanted: (received: string) => Result, limit?: Duration): NonNullable<Result>
  expect(wanted: Expected, limit: Duration = WAIT_LIMIT): unknown {
    let match: Match | undefined
    let searched = -1
    const find = (): boolean => {
      if (this.received.length !== searched) match = findMatch(wanted, this.received.slice(this.#readTo))
      searched = this.received.length
      return match !== undefined
    }
    this.#wait(() => find() || this.#isOver, limit)
    if (match === undefined) throw new Error(this.#missing(wanted, limit))
    this.#take(this.#readTo + match.end)
    return match.value
  }

  pause(): void {
    this.#paused = true
  }

  override resume(): void {
    this.#paused = false
    super.resume()
  }

  override readable(): void {
    super.resume()
  }

  override failed(connection: Connection, error: NetworkErrorCode): void {
    this.error = error
    super.failed(connection, error)
  }

  protected get isPaused(): boolean {
    return this.#paused
  }

  protected handleInput(): void {
    if (this.#paused) return
    const text = fromBytes(this.connection.read())
    this.ended = this.connection.ended
    this.deliver(text)
  }

  /** Appends to what was received. */
  protected deliver(text: string): void {
    if (text === '') return
    this.received += text
    this.options.receive?.(text, this)
  }

  #connected(): void {
    this.wasConnected = true
    if (this.#tls) this.connection.secure(this.#tls)
    super.resume()
  }

  get #isOver(): boolean {
    return this.ended || !this.open
  }

  #wait(condition: () => boolean, limit: Duration): boolean {
    return runUntil(this.owner.world, condition, limit)
  }

  #take(to: number): string {
    const taken = this.received.slice(this.#readTo, to)
    this.#readTo = to
    return taken
  }

  get #name(): string {
    return `connection to ${formatAddress(this.connection.remote)}`
  }

  get #unread(): string {
    const text = this.received.slice(this.#readTo)
    return text === '' ? 'nothing' : JSON.stringify(text.length > 500 ? `${text.slice(0, 500)}…` : text)
  }

  #missing(wanted: Expected, limit: Duration): string {
    const what =
      typeof wanted === 'function'
        ? 'what the function accepts'
        : typeof wanted === 'string'
          ? JSON.stringify(wanted)
          : String(wanted)
    const why = this.error ?? (this.#isOver ? 'it ended' : `not within ${String(limit)}`)
    return `${this.#name}: expected ${what}, received ${this.#unread} (${why})`
  }
}

interface Match {
  readonly value: unknown
  /** number of bytes up to and including the match */
  readonly end: number
}

const findMatch = (wanted: Expected, text: string): Match | undefined => {
  if (typeof wanted === 'function') {
    const value = wanted(text)
    return value === undefined || value === null || value === false ? undefined : { value, end: text.length }
  }
  if (typeof wanted === 'string') {
    const at = text.indexOf(wanted)
    return at < 0 ? undefined : { value: wanted, end: at + wanted.length }
  }
  const found = new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, '')).exec(text)
  return found === null ? undefined : { value: found, end: found.index + found[0].length }
}
