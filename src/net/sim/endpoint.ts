/**
 * One side of a simulated stream connection, and what the segments do that reach it. A receive window holds a writer back:
 * room that the reader makes is told to the writer by a segment of its own. What TCP does after the last useful byte (the
 * states behind a FIN) is left out, as nobody can see it.
 */
import { formatAddress, type Address } from '../address.js'
import { NetworkError, type Connection, type ConnectionEvents, type NetworkErrorCode } from '../network.js'
import { Chunks } from './chunks.js'
import type { TlsClient } from '../tls.js'
import {
  ACCEPTED,
  DATA,
  FINISH,
  HELLO,
  InFlight,
  OPEN,
  REFUSED,
  RESET,
  ROOM,
  SECURED,
  SERVER_HELLO,
  type Receiver,
  type Segment,
  type SegmentKind,
  type Wire,
} from './in-flight.js'
import { agreedVersion, certificateProblem, HELLO_BYTES, helloProblem, type TlsServer } from './tls.js'

const TICK_DELIVERY = 16

export class Endpoint implements Connection, Receiver {
  state: Connection['state'] = 'connecting'
  error: NetworkErrorCode | undefined
  /** @internal the other side, once there is one */
  peer: Endpoint | undefined
  /** @internal how to stop asking for a connection that was not answered yet */
  abandon: (() => void) | undefined
  /** @internal called when this side is closed */
  whenClosed: (() => void) | undefined
  #events: ConnectionEvents
  readonly #received = new Chunks()
  #otherFinished = false
  /** something arrived that the owner was not told about yet */
  #newToRead = false
  /** bytes read here that the writer was not told about yet */
  #untold = 0
  #finished = false
  /** bytes written here that the other side has not made room for again */
  #outstanding = 0
  #heldBack = false
  /** what the other side has sent */
  readonly #incoming: InFlight
  /** what this side asked for as the client of a handshake that is under way */
  #asked: TlsClient | undefined
  /** the other side's certificate was found good, and its last word is waited for */
  #knowsPeer = false
  /** @internal the accepting side speaks TLS: it is told to `readable` of a hello */
  speaksTls = false
  /** @internal the hello that was not answered yet */
  hello: TlsClient | undefined
  #offered: TlsServer | undefined

  /** @param accepted for the accepting side: called when the handshake is complete; gives its events, or undefined to reset */
  constructor(
    readonly wire: Wire,
    readonly local: Address,
    readonly remote: Address,
    events: ConnectionEvents,
    readonly accepted?: (connection: Connection) => ConnectionEvents | undefined,
  ) {
    this.#events = events
    this.#incoming = new InFlight(wire, this)
  }

  get available(): number {
    return this.#received.size
  }

  get ended(): boolean {
    return this.#otherFinished && this.#received.size === 0
  }

  read(limit?: number): Uint8Array {
    const bytes = this.#received.take(limit)
    if (bytes.length > 0 && this.state === 'open') {
      this.#untold += bytes.length
      this.#tellRoom()
    }
    return bytes
  }

  write(data: Uint8Array): number {
    if (this.#finished || this.state === 'closed') throw new NetworkError('EPIPE')
    if (this.state === 'connecting' || this.#asked !== undefined) return 0
    const count = Math.min(data.length, this.wire.window - this.#outstanding)
    if (count > 0) {
      this.#outstanding += count
      this.peer!.#send(DATA, count === data.length ? data : data.subarray(0, count))
    }
    if (count < data.length) {
      this.#heldBack = true
      this.peer!.#tellRoom()
    }
    return count
  }

  secure(tls: TlsClient): void {
    this.#asked = tls
    this.peer!.#send(HELLO)
    // the server has spoken first, and not TLS
    if (this.#received.size > 0 || this.#otherFinished)
      this.wire.scheduler.at(this.wire.scheduler.clock.now, () => this.#refuseTls('SSL_HANDSHAKE'))
  }

  /** @internal the accepting side answers the hello */
  answerHello(server: TlsServer): void {
    this.#offered = server
    this.hello = undefined
    this.peer!.#send(SERVER_HELLO)
  }

  finish(): void {
    if (this.#finished || this.state === 'closed') return
    this.#finished = true
    if (this.state === 'open') this.peer!.#send(FINISH)
  }

  close(): void {
    if (this.state === 'closed') return
    if (this.#received.size > 0) return this.reset()
    const wasOpen = this.state === 'open'
    this.#end('close')
    if (wasOpen && !this.#finished) this.peer!.#send(FINISH)
    this.#finished = true
  }

  reset(): void {
    if (this.state === 'closed') return
    const wasOpen = this.state === 'open'
    this.#end('close')
    if (wasOpen) this.peer!.#send(RESET)
  }

  /** @internal the asking side is answered: by `peer`, or with a refusal */
  answer(peer: Endpoint | undefined): void {
    this.peer = peer
    this.#send(peer ? ACCEPTED : REFUSED)
  }

  /** @internal ends it with an error that the owner is told */
  fail(error: NetworkErrorCode): void {
    if (this.state === 'closed') return
    if (this.#asked !== undefined && !isTls(error)) error = 'SSL_HANDSHAKE'
    this.error = error
    this.#end(error === 'ECONNREFUSED' ? 'refuse' : error === 'ECONNRESET' ? 'reset' : 'fail')
    this.#events.failed?.(this, error)
  }

  #end(how: 'close' | 'refuse' | 'reset' | 'fail'): void {
    this.state = 'closed'
    this.whenClosed?.()
    this.abandon?.()
    this.abandon = undefined
    if (how === 'close') this.#received.clear()
    this.#trace(how)
  }

  /** Sends a segment to this side. */
  #send(kind: SegmentKind, bytes?: Uint8Array, count = 0): void {
    this.#incoming.send(kind, bytes, count)
  }

  /** @internal */
  arrived(segments: readonly Segment[]): void {
    for (const segment of segments) {
      if (segment.kind === DATA || segment.kind === FINISH) this.#receive(segment)
      else {
        this.#tellReadable()
        this.#control(segment)
      }
    }
    this.#tellReadable()
  }

  /** @internal */
  lost(): void {
    this.peer?.fail('ETIMEDOUT')
  }

  #receive(segment: Segment): void {
    if (this.#asked !== undefined && this.state === 'open') return this.#refuseTls('SSL_HANDSHAKE')
    if (segment.kind === FINISH) {
      this.#otherFinished = true
      this.#newToRead = true
      return
    }
    this.wire.scheduler.trace.tick(TICK_DELIVERY, segment.bytes!.length)
    if (this.state === 'open') {
      this.#received.push(segment.bytes!)
      this.#newToRead = true
    } else if (this.peer!.state === 'open') {
      // nobody reads here any more
      this.peer!.#send(RESET)
    }
  }

  #tellReadable(): void {
    if (!this.#newToRead) return
    this.#newToRead = false
    if (this.state === 'open') this.#events.readable?.(this)
  }

  #control(segment: Segment): void {
    switch (segment.kind) {
      case ACCEPTED:
        return this.#connected()
      case REFUSED:
        return this.fail('ECONNREFUSED')
      case OPEN:
        return this.#accept()
      case RESET:
        return this.fail('ECONNRESET')
      case HELLO:
        return this.#heardHello()
      case SERVER_HELLO:
        return this.#heardServer()
      case SECURED:
        return this.#heardSecured()
      case ROOM:
        this.#outstanding -= segment.count
        if (!this.#heldBack || this.state !== 'open' || this.#finished) return
        this.#heldBack = false
        this.#events.writable?.(this)
    }
  }

  #connected(): void {
    if (this.state === 'closed') return
    this.state = 'open'
    this.abandon = undefined
    this.peer!.#send(OPEN)
    if (this.#finished) this.peer!.#send(FINISH)
    this.#events.connected?.(this)
  }

  #accept(): void {
    this.state = 'open'
    const events = this.accepted!(this)
    if (events === undefined) return this.reset()
    this.#trace('accept')
    this.#events = events
  }

  /** What speaks no TLS takes it for bytes, which make no sense to it. */
  #heardHello(): void {
    if (this.state !== 'open') return
    if (this.speaksTls) this.hello = this.peer!.#asked
    else this.#received.push(HELLO_BYTES)
    this.#events.readable?.(this)
  }

  #heardServer(): void {
    const asked = this.#asked
    if (asked === undefined || this.state !== 'open') return
    const server = this.peer!.#offered!
    const problem = helloProblem(asked, server) ?? certificateProblem(asked, server)
    if (problem !== undefined) return this.#refuseTls(problem)
    if (!this.#knowsPeer) this.peer!.#send(SECURED)
    const isDone = this.#knowsPeer || agreedVersion(asked, server) === 'TLSv1.3'
    this.#knowsPeer = true
    if (!isDone) return
    this.#asked = undefined
    this.#events.secured?.(this)
  }

  /** The client's last word; before TLS 1.3 it waits for the server's. */
  #heardSecured(): void {
    if (this.state !== 'open') return
    if (this.peer!.#asked !== undefined) this.peer!.#send(SERVER_HELLO)
    this.#events.secured?.(this)
  }

  #refuseTls(error: NetworkErrorCode): void {
    if (this.state !== 'open') return
    this.peer!.#send(FINISH)
    this.#finished = true
    this.#received.clear()
    this.fail(error)
  }

  /** Tells the writer about room as TCP does: once half of the window is free, or when it is held back. */
  #tellRoom(): void {
    if (this.#untold === 0) return
    if (this.#untold * 2 < this.wire.window && !this.peer!.#heldBack) return
    this.peer!.#send(ROOM, undefined, this.#untold)
    this.#untold = 0
  }

  #trace(type: string): void {
    const { scheduler, id } = this.wire
    scheduler.trace.write(type, {
      connection: id,
      local: formatAddress(this.local),
      remote: formatAddress(this.remote),
      error: this.error,
    })
  }
}

const isTls = (error: NetworkErrorCode): boolean => error.startsWith('SSL_')
