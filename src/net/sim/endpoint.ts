/**
 * One end of a simulated stream connection: a simplified TCP state machine driven by incoming segments. Flow control works
 * through window updates from the reader. States after the last FIN are not modelled, as they cannot be observed.
 */
import { formatAddress, type Address } from '../address.js'
import { NetworkError, type Connection, type ConnectionEvents, type NetworkErrorCode } from '../network.js'
import { Chunks } from './chunks.js'
import type { TlsClient, TlsListener, TlsSession } from '../tls.js'
import {
  ACCEPTED,
  DATA,
  FIN,
  CLIENT_HELLO,
  InFlight,
  ESTABLISHED,
  REFUSED,
  RST,
  WINDOW_UPDATE,
  CLIENT_FINISHED,
  SERVER_HELLO,
  type Receiver,
  type Segment,
  type SegmentKind,
  type Path,
} from './in-flight.js'
import {
  ALERT_BYTES,
  agreement,
  negotiateVersion,
  checkCertificate,
  CLIENT_HELLO_BYTES,
  checkClientHello,
  serverOf,
  type TlsServer,
} from './tls.js'

const TICK_DELIVERY = 16

/** The type of TLS records with a handshake. */
const TLS_HANDSHAKE = 0x16

/** One end of a simulated connection. */
export class Endpoint implements Connection, Receiver {
  state: Connection['state'] = 'connecting'
  error: NetworkErrorCode | undefined
  tls: TlsSession | undefined
  tlsError: string | undefined
  /** @internal the other end, once accepted */
  peer: Endpoint | undefined
  /** @internal cancels a pending connection attempt */
  cancelConnect: (() => void) | undefined
  /** @internal called when this end is closed */
  onClose: (() => void) | undefined
  #events: ConnectionEvents
  readonly #received = new Chunks()
  #peerFinished = false
  /** `readable` must be called for received data */
  #readablePending = false
  /** bytes read and not yet reported in a window update */
  #unreported = 0
  #finished = false
  /** bytes written and not yet covered by a window update */
  #outstanding = 0
  #writeBlocked = false
  /** segments from the peer */
  readonly #incoming: InFlight
  /** client side: settings of the TLS handshake in progress */
  #clientTls: TlsClient | undefined
  /** client side: the certificate is verified, waiting for the server to finish */
  #peerVerified = false
  /** @internal server side: expects TLS; a ClientHello is reported through `readable` */
  expectsTls = false
  /** @internal server side: the pending ClientHello */
  clientHello: TlsClient | undefined
  #serverTls: TlsServer | undefined
  /** server side: what a handshake that is expected must agree on */
  #listenerTls: TlsListener | undefined
  /** what its client asked for */
  #acceptedTls: TlsClient | undefined

  /** @param accepted server side: called when the TCP handshake is complete; returns its events, or undefined to reset */
  constructor(
    readonly path: Path,
    readonly local: Address,
    readonly remote: Address,
    events: ConnectionEvents,
    readonly accepted?: (connection: Connection) => ConnectionEvents | undefined,
  ) {
    this.#events = events
    this.#incoming = new InFlight(path, this)
  }

  get available(): number {
    return this.#received.size
  }

  get ended(): boolean {
    return this.#peerFinished && this.#received.size === 0
  }

  read(limit?: number): Uint8Array {
    const bytes = this.#received.take(limit)
    if (bytes.length > 0 && this.state === 'open') {
      this.#unreported += bytes.length
      this.#sendWindowUpdate()
    }
    return bytes
  }

  peek(limit: number): Uint8Array {
    return this.#received.peek(limit)
  }

  write(data: Uint8Array): number {
    if (this.#finished || this.state === 'closed') throw new NetworkError('EPIPE')
    if (this.state === 'connecting' || this.#clientTls !== undefined) return 0
    const count = Math.min(data.length, this.path.window - this.#outstanding)
    if (count > 0) {
      this.#outstanding += count
      this.peer!.#send(DATA, count === data.length ? data : data.subarray(0, count))
    }
    if (count < data.length) {
      this.#writeBlocked = true
      this.peer!.#sendWindowUpdate()
    }
    return count
  }

  secure(tls: TlsClient): void {
    this.#clientTls = tls
    this.peer!.#send(CLIENT_HELLO)
    // the server has sent data that is not TLS
    if (this.#received.size > 0 || this.#peerFinished)
      this.path.scheduler.at(this.path.scheduler.clock.now, () => this.#abortTls('SSL_HANDSHAKE'))
  }

  acceptTls(tls: TlsListener): void {
    this.#listenerTls = tls
    this.expectsTls = true
    if (this.#received.size > 0 || this.#peerFinished)
      this.path.scheduler.at(this.path.scheduler.clock.now, () => this.#abortAccept())
  }

  /** The client has sent something else than TLS, or nothing. */
  #abortAccept(): void {
    if (this.state !== 'open' || this.tls) return
    const isEmpty = this.#received.size === 0 && !this.#acceptedTls
    // a handshake as bytes, such as that of `option ssl-hello-chk`, is of an old version
    const isHandshake = this.#received.peek(1)[0] === TLS_HANDSHAKE
    if (this.#received.size > 0)
      this.tlsError = isHandshake
        ? 'error:0A000102:SSL routines::unsupported protocol'
        : 'error:0A00010B:SSL routines::wrong version number'
    this.fail(isEmpty ? 'SSL_EMPTY' : 'SSL_HANDSHAKE')
    if (isHandshake) this.peer!.#send(DATA, ALERT_BYTES)
    this.peer!.#send(FIN)
    this.#finished = true
  }

  /** @internal server side: answers the ClientHello */
  sendServerHello(server: TlsServer): void {
    this.#serverTls = server
    this.clientHello = undefined
    this.peer!.#send(SERVER_HELLO)
  }

  finish(): void {
    if (this.#finished || this.state === 'closed') return
    this.#finished = true
    if (this.state === 'open') this.peer!.#send(FIN)
  }

  close(): void {
    if (this.state === 'closed') return
    if (this.#received.size > 0) return this.reset()
    const wasOpen = this.state === 'open'
    this.#end('close')
    if (wasOpen && !this.#finished) this.peer!.#send(FIN)
    this.#finished = true
  }

  reset(): void {
    if (this.state === 'closed') return
    const wasOpen = this.state === 'open'
    this.#end('close')
    if (wasOpen) this.peer!.#send(RST)
  }

  vanish(hops = 0): void {
    if (hops > 0) return this.reset()
    if (this.state !== 'closed') this.#end('close')
  }

  /** @internal client side: the connection is accepted by `peer`, or refused */
  resolveConnect(peer: Endpoint | undefined): void {
    this.peer = peer
    this.#send(peer ? ACCEPTED : REFUSED)
  }

  /** @internal closes it with an error and reports that to the owner */
  fail(error: NetworkErrorCode): void {
    if (this.state === 'closed') return
    if (this.#clientTls !== undefined && !isTls(error)) error = 'SSL_HANDSHAKE'
    this.error = error
    this.#end(error === 'ECONNREFUSED' ? 'refuse' : error === 'ECONNRESET' ? 'reset' : 'fail')
    this.#events.failed?.(this, error)
  }

  #end(how: 'close' | 'refuse' | 'reset' | 'fail'): void {
    this.state = 'closed'
    this.onClose?.()
    this.cancelConnect?.()
    this.cancelConnect = undefined
    if (how === 'close') this.#received.clear()
    this.#trace(how)
  }

  /** Sends a segment to this end. */
  #send(kind: SegmentKind, bytes?: Uint8Array, count = 0): void {
    this.#incoming.send(kind, bytes, count)
  }

  /** @internal */
  receive(segments: readonly Segment[]): void {
    for (const segment of segments) {
      if (segment.kind === DATA || segment.kind === FIN) this.#receiveData(segment)
      else {
        this.#notifyReadable()
        this.#handleControl(segment)
      }
    }
    this.#notifyReadable()
  }

  /** @internal */
  timedOut(): void {
    this.peer?.fail('ETIMEDOUT')
  }

  #receiveData(segment: Segment): void {
    if (this.#clientTls !== undefined && this.state === 'open') return this.#abortTls('SSL_HANDSHAKE')
    if (segment.kind === FIN) {
      this.#peerFinished = true
      this.#readablePending = true
      return
    }
    this.path.scheduler.trace.tick(TICK_DELIVERY, segment.bytes!.length)
    if (this.state === 'open') {
      this.#received.push(segment.bytes!)
      this.#readablePending = true
    } else if (this.peer!.state === 'open') {
      // closed: data is answered with RST
      this.peer!.#send(RST)
    }
  }

  #notifyReadable(): void {
    if (!this.#readablePending) return
    this.#readablePending = false
    if (this.#listenerTls && !this.tls) return this.#abortAccept()
    if (this.state === 'open') this.#events.readable?.(this)
  }

  #handleControl(segment: Segment): void {
    switch (segment.kind) {
      case ACCEPTED:
        return this.#connected()
      case REFUSED:
        return this.fail('ECONNREFUSED')
      case ESTABLISHED:
        return this.#accept()
      case RST:
        return this.fail('ECONNRESET')
      case CLIENT_HELLO:
        return this.#onClientHello()
      case SERVER_HELLO:
        return this.#onServerHello()
      case CLIENT_FINISHED:
        return this.#onClientFinished()
      case WINDOW_UPDATE:
        this.#outstanding -= segment.count
        if (!this.#writeBlocked || this.state !== 'open' || this.#finished) return
        this.#writeBlocked = false
        this.#events.writable?.(this)
    }
  }

  #connected(): void {
    if (this.state === 'closed') return
    this.state = 'open'
    this.cancelConnect = undefined
    this.peer!.#send(ESTABLISHED)
    if (this.#finished) this.peer!.#send(FIN)
    this.#events.connected?.(this)
  }

  #accept(): void {
    this.state = 'open'
    const events = this.accepted!(this)
    if (events === undefined) return this.reset()
    this.#trace('accept')
    this.#events = events
  }

  /** A server without TLS receives the ClientHello as data. */
  #onClientHello(): void {
    if (this.state !== 'open') return
    const client = this.peer!.#clientTls
    if (this.#listenerTls && client) {
      this.#acceptedTls = client
      return this.sendServerHello(serverOf(this.#listenerTls))
    }
    if (this.expectsTls) this.clientHello = client
    else this.#received.push(CLIENT_HELLO_BYTES)
    this.#events.readable?.(this)
  }

  #onServerHello(): void {
    const client = this.#clientTls
    if (client === undefined || this.state !== 'open') return
    const server = this.peer!.#serverTls!
    const problem = checkClientHello(client, server) ?? checkCertificate(client, server)
    if (problem !== undefined) return this.#abortTls(problem)
    if (!this.#peerVerified) this.peer!.#send(CLIENT_FINISHED)
    const complete = this.#peerVerified || negotiateVersion(client, server) === 'TLSv1.3'
    this.#peerVerified = true
    if (!complete) return
    this.#clientTls = undefined
    this.#events.secured?.(this)
  }

  /** The client's Finished message; before TLS 1.3 it is answered by the server's. */
  #onClientFinished(): void {
    if (this.state !== 'open') return
    if (this.peer!.#clientTls !== undefined) this.peer!.#send(SERVER_HELLO)
    if (this.#listenerTls) this.tls = agreement(this.#acceptedTls!, this.#listenerTls)
    this.#events.secured?.(this)
  }

  #abortTls(error: NetworkErrorCode): void {
    if (this.state !== 'open') return
    this.peer!.#send(FIN)
    this.#finished = true
    this.#received.clear()
    this.fail(error)
  }

  /** Sends a window update as TCP does: once half of the window is free, or if the writer is blocked. */
  #sendWindowUpdate(): void {
    if (this.#unreported === 0) return
    if (this.#unreported * 2 < this.path.window && !this.peer!.#writeBlocked) return
    this.peer!.#send(WINDOW_UPDATE, undefined, this.#unreported)
    this.#unreported = 0
  }

  #trace(type: string): void {
    const { scheduler, id } = this.path
    scheduler.trace.write(type, {
      connection: id,
      local: formatAddress(this.local),
      remote: formatAddress(this.remote),
      error: this.error,
    })
  }
}

const isTls = (error: NetworkErrorCode): boolean => error.startsWith('SSL_')
