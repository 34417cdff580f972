/**
 * Segments in flight to one end of a simulated connection. They stay in order regardless of the latency, and segments sent at
 * one instant arrive together. On a cut link they are retransmitted until the sender times out.
 */
import { MILLISECOND, SECOND, Timer, type Micros, type Scheduler } from '../../engine/index.js'
import type { Link } from './link.js'

/** The path of a connection. */
export interface Path {
  readonly scheduler: Scheduler
  readonly link: Link
  /** maximum bytes in flight or unread, per direction */
  readonly window: number
  /** connection id in the trace */
  readonly id: number
}

/** Kinds of segments. */
export const DATA = 0
export const FIN = 1
export const RST = 2
/** answers to a SYN, and the ACK that completes the handshake */
export const ACCEPTED = 3
export const REFUSED = 4
export const ESTABLISHED = 5
/** window update: the reader consumed `count` bytes */
export const WINDOW_UPDATE = 6
/** TLS handshake: ClientHello, the server's flight, the client's Finished */
export const CLIENT_HELLO = 7
export const SERVER_HELLO = 8
export const CLIENT_FINISHED = 9

/** The kind of a segment. */
export type SegmentKind =
  | typeof DATA
  | typeof FIN
  | typeof RST
  | typeof ACCEPTED
  | typeof REFUSED
  | typeof ESTABLISHED
  | typeof WINDOW_UPDATE
  | typeof CLIENT_HELLO
  | typeof SERVER_HELLO
  | typeof CLIENT_FINISHED

/** A segment in flight. */
export interface Segment {
  readonly kind: SegmentKind
  readonly at: Micros
  readonly bytes: Uint8Array | undefined
  readonly count: number
}

/** The receiving end of segments. */
export interface Receiver {
  receive(segments: readonly Segment[]): void
  /** retransmission has timed out */
  timedOut(): void
}

/** Retransmission on a cut link: initial and maximum interval, and total timeout (`tcp_retries2` 15). */
const RETRY_INITIAL = 200 * MILLISECOND
const RETRY_MAX = 120 * SECOND
const RETRY_TIMEOUT = 924_600 * MILLISECOND

/** The queue of segments to one endpoint. */
export class InFlight {
  readonly #path: Path
  readonly #to: Receiver
  #segments: Segment[] = []
  readonly #arrival = new Timer(() => this.#arrive())
  #lastSentAt = -1
  #lastArrival = 0
  #retryInterval = 0
  #retryingSince = -1

  constructor(path: Path, to: Receiver) {
    this.#path = path
    this.#to = to
  }

  send(kind: SegmentKind, bytes: Uint8Array | undefined, count: number): void {
    const { scheduler, link } = this.#path
    const now = scheduler.clock.now
    if (now !== this.#lastSentAt) {
      this.#lastSentAt = now
      this.#lastArrival = Math.max(this.#lastArrival, now + link.delay())
    }
    this.#segments.push({ kind, at: this.#lastArrival, bytes, count })
    if (!this.#arrival.pending) scheduler.timers.set(this.#arrival, this.#segments[0]!.at)
  }

  #arrive(): void {
    const { scheduler, link } = this.#path
    if (link.isCut) return this.#retry()
    this.#retryingSince = -1
    this.#to.receive(this.#takeDue(scheduler.clock.now))
  }

  #takeDue(now: Micros): Segment[] {
    const segments = this.#segments
    const last = segments.at(-1)
    if (last === undefined || last.at <= now) {
      this.#segments = []
      return segments
    }
    const due = segments.splice(
      0,
      segments.findIndex((segment) => segment.at > now),
    )
    this.#path.scheduler.timers.set(this.#arrival, segments[0]!.at)
    return due
  }

  #retry(): void {
    const { scheduler } = this.#path
    const now = scheduler.clock.now
    if (this.#retryingSince < 0) {
      this.#retryingSince = now
      this.#retryInterval = RETRY_INITIAL
    } else this.#retryInterval = Math.min(this.#retryInterval * 2, RETRY_MAX)
    const hasData = this.#segments.some((segment) => segment.kind === DATA || segment.kind === FIN)
    if (hasData && now - this.#retryingSince >= RETRY_TIMEOUT) {
      this.#segments.length = 0
      return this.#to.timedOut()
    }
    scheduler.timers.set(this.#arrival, now + this.#retryInterval)
  }
}
