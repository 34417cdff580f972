/**
 * The connection of a Lua socket. HAProxy runs it as a stream between an applet and an internal server, with the buffers, timeouts and retries
 * of that stream (`hlua_socket_…` in src/hlua.c; src/backend.c for the retries).
 */
import { joinBytes } from '../../bytes/join.js'
import { MILLISECOND, SECOND, type Micros } from '../../engine/clock.js'
import type { Timer } from '../../engine/heap.js'
import type { Scheduler } from '../../engine/scheduler.js'
import type { Address } from '../../net/address.js'
import {
  NetworkError,
  type Connection,
  type ConnectionEvents,
  type Network,
  type NetworkErrorCode,
} from '../../net/network.js'
import type { ProcessContext } from '../../haproxy/context.js'
import type { ProcessCounters } from '../../haproxy/counters/process.js'
import type { TlsClient } from '../../net/tls.js'
import { WaitList } from './wait-list.js'

/** `tune.bufsize`: bytes that are received before the script reads them */
const BUFFER_SIZE = 16_384

/** The number of retries of a failed connection, each after a second or the timeout, whichever is shorter. */
const RETRIES = 3
const RETRY_DELAY: Micros = SECOND

/** Errors that are not retried. */
const PERMANENT: ReadonlySet<NetworkErrorCode> = new Set<NetworkErrorCode>(['ENOENT', 'EADDRNOTAVAIL'])

const LINE_FEED = 10

/** The outcome of a script's attempt to connect. */
export interface ConnectionAttempt {
  readonly address: Address
  /** the task that has made it */
  readonly task: string | undefined
  /** undefined: connected; `closed`: the script has closed the socket before */
  readonly failure: NetworkErrorCode | 'closed' | undefined
}

/** A socket of a script; in Lua, an object of the class Socket. */
export class ScriptSocket implements ConnectionEvents {
  /** the connection has been established, with TLS if requested */
  isConnected = false
  /** `connect` has been called */
  started = false
  /** closed by the script, or the stream has ended */
  gone = false
  readonly readers = new WaitList()
  readonly writers = new WaitList()
  /** the last read of `receive` has found data */
  found = false
  /** what `receive` has read so far */
  partial: Uint8Array[] = []
  #address: Address | undefined
  #tls: TlsClient | undefined
  #connection: Connection | undefined
  #timeout: Micros | undefined
  #retriesLeft = RETRIES
  #timer: Timer | undefined
  #lastActivity: Micros = 0
  #received = new Uint8Array(0)
  #inputClosed = false
  #broken = false
  #blocked = false
  #task: string | undefined
  #failure: NetworkErrorCode | 'closed' = 'closed'
  readonly network: Network
  readonly scheduler: Scheduler
  readonly #counters: ProcessCounters

  constructor(
    /** the number of the thread it belongs to */
    readonly thread: number,
    { network, scheduler, counters }: Pick<ProcessContext, 'network' | 'scheduler' | 'counters'>,
    /** the open sockets of the process, to which it belongs from `connect` until its end */
    readonly inUse: Set<ScriptSocket>,
    /** called when the connection is established or has failed */
    readonly attempted: (attempt: ConnectionAttempt) => void = () => undefined,
  ) {
    this.network = network
    this.scheduler = scheduler
    this.#counters = counters
    counters.streamBegins()
  }

  /** Limits each attempt to connect, and afterwards the time without data being sent or received. */
  set timeout(milliseconds: number) {
    this.#timeout = milliseconds * MILLISECOND
    if (!this.started || this.gone) return
    this.#lastActivity = this.scheduler.clock.now
    this.#arm(this.#lastActivity + this.#timeout)
  }

  /** Starts to connect. @param tls undefined: without TLS. The handshake is part of connecting. */
  connect(address: Address, tls?: TlsClient): void {
    this.started = true
    this.#tls = tls
    this.inUse.add(this)
    this.#address = address
    this.#task = this.scheduler.current?.task.name
    this.#attempt()
  }

  get remote(): Address | undefined {
    return this.isConnected ? this.#connection?.remote : undefined
  }

  get local(): Address | undefined {
    return this.isConnected ? this.#connection?.local : undefined
  }

  /** The number of received bytes that have not been read. */
  get available(): number {
    return this.#received.length
  }

  /** No more bytes will be received. */
  get inputEnded(): boolean {
    return this.gone || this.#inputClosed
  }

  /** The length of the first line with its line feed; 0 if it is incomplete. */
  get lineLength(): number {
    return this.#received.indexOf(LINE_FEED) + 1
  }

  /** Removes and returns received bytes. */
  take(count: number): Uint8Array {
    const taken = this.#received.subarray(0, count)
    this.#received = this.#received.subarray(count)
    this.#fill()
    return taken
  }

  /** Sends bytes as far as there is room. Returns the number of bytes. */
  send(bytes: Uint8Array): number {
    this.#lastActivity = this.scheduler.clock.now
    if (this.#broken) return this.#sendToBroken(bytes)
    try {
      const sent = this.#connection!.write(bytes)
      this.#blocked = sent < bytes.length
      this.#counters.sent(sent)
      return sent
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      return this.#sendToBroken(bytes)
    }
  }

  /** Closes the connection gracefully. */
  close(): void {
    if (this.gone) return
    this.#connection?.close()
    this.#failure = 'closed'
    this.#end()
  }

  connected(connection: Connection): void {
    if (this.#tls === undefined) this.secured()
    else connection.secure(this.#tls)
  }

  secured(): void {
    this.isConnected = true
    this.attempted({ address: this.#address!, task: this.#task, failure: undefined })
    this.#lastActivity = this.scheduler.clock.now
    this.#disarm()
    if (this.#timeout !== undefined) this.#arm(this.#lastActivity + this.#timeout)
    this.writers.wake()
  }

  readable(): void {
    this.#lastActivity = this.scheduler.clock.now
    this.#fill()
    this.readers.wake()
  }

  writable(): void {
    this.#lastActivity = this.scheduler.clock.now
    this.#blocked = false
    this.writers.wake()
  }

  failed(_connection: Connection, error: NetworkErrorCode): void {
    this.#failure = error
    if (!this.isConnected) return this.#retry(PERMANENT.has(error) ? undefined : error === 'EMFILE' ? 0 : RETRY_DELAY)
    // after the end of the input, HAProxy notices an error only when it sends
    if (this.#inputClosed) this.#broken = true
    else this.#end()
  }

  #attempt(): void {
    if (this.#timeout !== undefined) this.#arm(this.scheduler.clock.now + this.#timeout)
    this.#connection = this.network.connect(this.#address!, this)
  }

  /** @param delay undefined: the error is permanent */
  #retry(delay: Micros | undefined): void {
    this.#disarm()
    if (delay === undefined || this.#retriesLeft === 0) return this.#end()
    this.#retriesLeft--
    const wait = Math.min(delay, this.#timeout ?? delay)
    if (wait === 0) return this.#attempt()
    this.#timer = this.scheduler.at(this.scheduler.clock.now + wait, () => {
      this.#timer = undefined
      this.#attempt()
    })
  }

  #arm(at: Micros): void {
    this.#disarm()
    this.#timer = this.scheduler.at(at, () => this.#timedOut())
  }

  #disarm(): void {
    if (this.#timer) this.scheduler.timers.remove(this.#timer)
    this.#timer = undefined
  }

  #timedOut(): void {
    this.#timer = undefined
    if (!this.isConnected) {
      this.#connection?.close()
      this.#failure = 'ETIMEDOUT'
      return this.#retry(0)
    }
    const due = this.#lastActivity + this.#timeout!
    if (due > this.scheduler.clock.now) return this.#arm(due)
    if (this.#blocked) {
      this.#connection!.reset()
      return this.#end()
    }
    this.#inputClosed = true
    this.readers.wake()
  }

  /** Receives bytes, as far as the buffer has room. */
  #fill(): void {
    const connection = this.#connection
    if (!connection || this.#inputClosed) return
    const room = BUFFER_SIZE - this.#received.length
    if (room > 0 && connection.available > 0) this.#received = joinBytes([this.#received, connection.read(room)])
    if (connection.ended) this.#inputClosed = true
  }

  /** HAProxy accepts the bytes from the script before it notices that the connection is broken. */
  #sendToBroken(bytes: Uint8Array): number {
    this.#broken = true
    this.scheduler.at(this.scheduler.clock.now, () => this.#end())
    return bytes.length
  }

  #end(): void {
    if (this.gone) return
    this.gone = true
    this.inUse.delete(this)
    this.#counters.streamEnds()
    if (this.#address && !this.isConnected)
      this.attempted({ address: this.#address, task: this.#task, failure: this.#failure })
    this.#disarm()
    this.readers.wake()
    this.writers.wake()
  }
}
