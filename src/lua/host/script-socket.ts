/**
 * The connection behind a script's socket: HAProxy runs it as a stream between an applet and a server of its own, with
 * that stream's buffers, timeouts and retries (`hlua_socket_…` in src/hlua.c; src/backend.c for the retries).
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
import type { TlsClient } from '../../net/tls.js'
import { WaitList } from './wait-list.js'

/** `tune.bufsize`: what is read ahead of the script */
const BUFFER_SIZE = 16_384

/** A connection that fails is tried again so many times, each after a second or the timeout, whichever is less. */
const RETRIES = 3
const RETRY_DELAY: Micros = SECOND

/** Errors after which trying again makes no sense. */
const HOPELESS: ReadonlySet<NetworkErrorCode> = new Set<NetworkErrorCode>(['ENOENT', 'EADDRNOTAVAIL'])

const LINE_FEED = 10

/** What came of a script's attempt to connect. */
export interface ConnectionAttempt {
  readonly address: Address
  /** the task that asked for it */
  readonly task: string | undefined
  /** undefined: it is connected; `closed`: the script gave up before that was known */
  readonly failure: NetworkErrorCode | 'closed' | undefined
}

export class ScriptSocket implements ConnectionEvents {
  /** the connection was made */
  isConnected = false
  /** it was asked for */
  started = false
  /** closed by the script, or the stream has ended: nothing is left behind it */
  gone = false
  readonly readers = new WaitList()
  readonly writers = new WaitList()
  /** whether the last look at what has come found something for `receive` */
  found = false
  /** what `receive` has collected so far */
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

  constructor(
    /** the thread that it belongs to */
    readonly thread: number,
    readonly network: Network,
    readonly scheduler: Scheduler,
    /** the sockets of the process that are in use: it is there from `connect` until its end */
    readonly inUse: Set<ScriptSocket>,
    /** called once it is connected, or will not be */
    readonly attempted: (attempt: ConnectionAttempt) => void = () => undefined,
  ) {}

  /** Limits each try to connect, and from then on the time in which nothing is sent or received. */
  set timeout(milliseconds: number) {
    this.#timeout = milliseconds * MILLISECOND
    if (!this.started || this.gone) return
    this.#lastActivity = this.scheduler.clock.now
    this.#arm(this.#lastActivity + this.#timeout)
  }

  /** @param tls undefined: plainly. The handshake counts as part of connecting. */
  connect(address: Address, tls?: TlsClient): void {
    this.started = true
    this.#tls = tls
    this.inUse.add(this)
    this.#address = address
    this.#task = this.scheduler.current?.task.name
    this.#try()
  }

  get remote(): Address | undefined {
    return this.isConnected ? this.#connection?.remote : undefined
  }

  get local(): Address | undefined {
    return this.isConnected ? this.#connection?.local : undefined
  }

  /** How many bytes wait to be taken. */
  get available(): number {
    return this.#received.length
  }

  /** Nothing more will come after what is there. */
  get inputEnded(): boolean {
    return this.gone || this.#inputClosed
  }

  /** Bytes up to the end of the first line, 0 when none is complete. */
  get lineLength(): number {
    return this.#received.indexOf(LINE_FEED) + 1
  }

  take(count: number): Uint8Array {
    const taken = this.#received.subarray(0, count)
    this.#received = this.#received.subarray(count)
    this.#fill()
    return taken
  }

  /** Sends what there is room for and returns how many bytes that was. */
  send(bytes: Uint8Array): number {
    this.#lastActivity = this.scheduler.clock.now
    if (this.#broken) return this.#sendIntoNothing(bytes)
    try {
      const sent = this.#connection!.write(bytes)
      this.#blocked = sent < bytes.length
      return sent
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      return this.#sendIntoNothing(bytes)
    }
  }

  /** Closes it in good order. */
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
    if (!this.isConnected) return this.#retry(HOPELESS.has(error) ? undefined : error === 'EMFILE' ? 0 : RETRY_DELAY)
    // once the other side has finished, HAProxy looks at the connection again only when it sends
    if (this.#inputClosed) this.#broken = true
    else this.#end()
  }

  #try(): void {
    if (this.#timeout !== undefined) this.#arm(this.scheduler.clock.now + this.#timeout)
    this.#connection = this.network.connect(this.#address!, this)
  }

  /** @param delay undefined: there is no use in trying again */
  #retry(delay: Micros | undefined): void {
    this.#disarm()
    if (delay === undefined || this.#retriesLeft === 0) return this.#end()
    this.#retriesLeft--
    const wait = Math.min(delay, this.#timeout ?? delay)
    if (wait === 0) return this.#try()
    this.#timer = this.scheduler.at(this.scheduler.clock.now + wait, () => {
      this.#timer = undefined
      this.#try()
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

  /** Reads ahead, as far as the buffer goes. */
  #fill(): void {
    const connection = this.#connection
    if (!connection || this.#inputClosed) return
    const room = BUFFER_SIZE - this.#received.length
    if (room > 0 && connection.available > 0) this.#received = joinBytes([this.#received, connection.read(room)])
    if (connection.ended) this.#inputClosed = true
  }

  /** HAProxy has taken the bytes from the script before it sees that they go nowhere. */
  #sendIntoNothing(bytes: Uint8Array): number {
    this.#broken = true
    this.scheduler.at(this.scheduler.clock.now, () => this.#end())
    return bytes.length
  }

  #end(): void {
    if (this.gone) return
    this.gone = true
    this.inUse.delete(this)
    if (this.#address && !this.isConnected)
      this.attempted({ address: this.#address, task: this.#task, failure: this.#failure })
    this.#disarm()
    this.readers.wake()
    this.writers.wake()
  }
}
