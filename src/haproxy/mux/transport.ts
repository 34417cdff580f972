/**
 * A network connection of a multiplexer: its handshakes, byte strings in and out, and what has become of it (`struct connection`,
 * src/connection.c). Nothing is read or noticed before the multiplexer asks for it.
 */
import { fromBytes, toBytes } from '../../bytes/latin1.js'
import type { Address } from '../../net/address.js'
import { NetworkError, type Connection, type ConnectionEvents, type NetworkErrorCode } from '../../net/network.js'
import { EndEvent, EndEvents } from '../connections/end-events.js'
import type { ConnectionError } from '../connections/errors.js'
import type { ProcessCounters } from '../counters/process.js'

/** A step before data can be sent: PROXY protocol, SOCKS4, TLS. */
export interface Handshake {
  /** what a timeout is called meanwhile */
  readonly timedOut: ConnectionError
  /** Continues; called when the connection is established, and after each event, errors included. */
  advance(connection: Connection): HandshakeOutcome
}

/** `done`, `wait`, or why it has failed. */
export type HandshakeOutcome = 'done' | 'wait' | ConnectionError

/** Errors of the system (`conn_set_errno`). */
const SYSTEM_ERRORS: Readonly<Partial<Record<NetworkErrorCode, ConnectionError>>> = {
  ECONNREFUSED: 'EREFUSED',
  ECONNRESET: 'ERESET',
  ENETUNREACH: 'EUNREACH',
  EPIPE: 'EPIPE',
}

export class Transport implements ConnectionEvents {
  /** established, handshakes included */
  isReady = false
  /** reading or writing has failed */
  error: NetworkErrorCode | undefined
  /** why a handshake has failed */
  handshakeError: ConnectionError | undefined
  /** what happened is reported here */
  onEvent: () => void = () => {}
  /** bytes have been sent */
  onSent: ((bytes: number) => void) | undefined
  readonly endEvents = new EndEvents()
  #isEndSeen = false
  #isSendError = false
  #connection: Connection | undefined
  #output: string[] = []
  #outputLength = 0
  /** bytes that the connection has not taken */
  #unsent: Uint8Array | undefined
  #descriptor = -1
  #isFinished = false
  #isEstablished = false
  readonly #handshakes: Handshake[]

  constructor(
    readonly counters: ProcessCounters,
    /** whether closing resets it where the peer has not finished (`FD_LINGER_RISK`) */
    readonly resetsOnClose: boolean,
    handshakes: readonly Handshake[] = [],
  ) {
    this.#handshakes = [...handshakes]
  }

  /** Uses a connection that a client has opened, and that begins with these handshakes. */
  accept(connection: Connection, handshakes: readonly Handshake[] = []): void {
    this.#use(connection)
    this.#handshakes.push(...handshakes)
    this.#isEstablished = true
    this.#advance()
  }

  /** Uses a connection that is being opened. */
  connect(connection: Connection): void {
    this.#use(connection)
  }

  #use(connection: Connection): void {
    this.#connection = connection
    this.#descriptor = this.counters.descriptors.open()
  }

  /** The number of its file descriptor; -1 once it is closed. */
  get descriptor(): number {
    return this.#descriptor
  }

  #releaseDescriptor(): void {
    if (this.#descriptor >= 0) this.counters.descriptors.close(this.#descriptor)
    this.#descriptor = -1
  }

  connected(): void {
    this.#isEstablished = true
    this.#advance()
    this.onEvent()
  }

  secured(): void {
    this.#advance()
    this.onEvent()
  }

  readable(): void {
    if (!this.isReady) this.#advance()
    this.onEvent()
  }

  writable(): void {
    this.flush()
    this.onEvent()
  }

  failed(_connection: Connection, error: NetworkErrorCode): void {
    if (!this.isReady) {
      this.error = error
      if (this.#isEstablished) this.#advance()
      else this.endEvents.report('f', EndEvent.CONNECT_ERROR)
    }
    this.onEvent()
  }

  /** The handshake in progress. */
  get handshake(): Handshake | undefined {
    return this.#handshakes[0]
  }

  #advance(): void {
    const connection = this.#connection!
    while (this.#handshakes.length > 0) {
      const outcome = this.#handshakes[0]!.advance(connection)
      if (outcome === 'wait') return
      if (outcome !== 'done') {
        this.error = connection.error ?? 'ECONNRESET'
        this.handshakeError = outcome
        // an invalid header is an error of reading, unless the connection has failed
        const isDown = outcome.endsWith('_ABORT')
        this.endEvents.report('h', isDown ? EndEvent.TRUNCATED_END : EndEvent.TRUNCATED_RECEIVE_ERROR)
        return
      }
      this.#handshakes.shift()
    }
    this.isReady = this.#isEstablished
  }

  /** Why it has failed, or `NONE`; undefined as long as it is being established (`err_code`). */
  get failure(): ConnectionError | undefined {
    if (this.handshakeError !== undefined || !this.isReady) return this.handshakeError
    if (this.#isSendError) return 'POLLERR'
    return this.error === undefined ? 'NONE' : (SYSTEM_ERRORS[this.error] ?? 'SOCK_ERR')
  }

  get local(): Address | undefined {
    return this.#connection?.local
  }

  get remote(): Address | undefined {
    return this.#connection?.remote
  }

  /** Whether there are bytes, an end or an error to be read. */
  get hasInput(): boolean {
    const connection = this.#connection
    return (
      connection !== undefined &&
      (connection.available > 0 || connection.ended || (this.isReady && connection.error !== undefined))
    )
  }

  /** Whether the peer has finished sending, and everything was read. */
  get ended(): boolean {
    return this.#connection?.ended ?? false
  }

  /** Reads up to `limit` bytes; an error that has occurred is noticed once nothing is left to read. */
  read(limit: number): string {
    const connection = this.#connection!
    if (connection.available > 0) {
      const bytes = connection.read(limit)
      if (connection.ended) this.#reportEnd(EndEvent.POLLED_END)
      return fromBytes(bytes)
    }
    if (connection.error !== undefined) {
      this.error = connection.error
      this.endEvents.report('f', EndEvent.RECEIVE_ERROR)
    } else if (connection.ended) this.#reportEnd(EndEvent.END)
    return ''
  }

  #reportEnd(type: string): void {
    if (!this.#isEndSeen) this.endEvents.report('f', type)
    this.#isEndSeen = true
  }

  /** Bytes that wait to be sent. */
  get pending(): number {
    return this.#outputLength + (this.#unsent?.length ?? 0)
  }

  /** Adds bytes to be sent by {@link flush}. */
  write(text: string): void {
    if (text === '') return
    this.#output.push(text)
    this.#outputLength += text.length
  }

  /** Sends what the connection takes. Returns whether anything was sent. */
  flush(): boolean {
    const connection = this.#connection
    if (!connection || !this.isReady || this.error !== undefined || this.pending === 0) return false
    let isSent = false
    try {
      while (this.pending > 0) {
        const bytes = this.#unsent ?? this.#takeOutput()
        const count = connection.write(bytes)
        this.counters.sent(count)
        this.onSent?.(count)
        isSent ||= count > 0
        this.#unsent = count < bytes.length ? bytes.subarray(count) : undefined
        if (this.#unsent) break
      }
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      this.error = connection.error ?? error.code
      // the error was there before, and reading reports it, too
      this.#isSendError = true
      this.endEvents.report('f', EndEvent.POLLED_ERROR)
      this.endEvents.report('f', EndEvent.RECEIVE_ERROR)
      this.#discard()
    }
    return isSent
  }

  #takeOutput(): Uint8Array {
    const text = this.#output.length === 1 ? this.#output[0]! : this.#output.join('')
    this.#output = []
    this.#outputLength = 0
    return toBytes(text)
  }

  #discard(): void {
    this.#output = []
    this.#outputLength = 0
    this.#unsent = undefined
  }

  /** Ends sending: the peer reads what was sent, then the end. Where the peer has finished, closing does that. */
  finish(): void {
    if (this.#isFinished) return
    this.#endOutput()
    if (this.#connection?.state === 'open' && !this.ended) this.#connection.finish()
  }

  /** Ends sending without the peer noticing before the connection is closed. */
  abandon(): void {
    if (!this.#isFinished) this.#endOutput()
  }

  #endOutput(): void {
    this.#isFinished = true
    if (this.error === undefined) this.endEvents.report('f', EndEvent.SHUT)
  }

  /**
   * Closes it; what is unread makes that a reset, as with TCP. Connections to servers that have not finished are always reset, so that their
   * ports are free at once.
   */
  close(): void {
    const connection = this.#connection
    if (this.resetsOnClose && !this.ended && connection?.state === 'open') return this.reset()
    this.#discard()
    this.#releaseDescriptor()
    this.onEvent = () => {}
    if (connection && connection.state !== 'closed') connection.close()
  }

  /** Closes it with a reset. */
  reset(): void {
    this.#discard()
    this.#releaseDescriptor()
    this.onEvent = () => {}
    const connection = this.#connection
    if (connection && connection.state !== 'closed') connection.reset()
  }
}
