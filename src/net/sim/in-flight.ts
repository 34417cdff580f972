/**
 * What is on the way to one side of a simulated stream connection: a queue of segments, which keeps their order whatever the
 * latency. All that is sent within one instant arrives together. On a cut link it is sent again, until the sender gives up.
 */
import { MILLISECOND, SECOND, Timer, type Micros, type Scheduler } from '../../engine/index.js'
import type { Link } from './link.js'

/** What carries a connection. */
export interface Wire {
  readonly scheduler: Scheduler
  readonly link: Link
  /** bytes that may be on the way or unread, per direction */
  readonly window: number
  /** tells connections apart in the trace */
  readonly id: number
}

/** What a segment says. */
export const DATA = 0
export const FINISH = 1
export const RESET = 2
/** answers to a SYN, and the ACK that ends the handshake */
export const ACCEPTED = 3
export const REFUSED = 4
export const OPEN = 5
/** the reader took so many bytes */
export const ROOM = 6
/** steps of a TLS handshake: of the client, of the server, and the client's last word */
export const HELLO = 7
export const SERVER_HELLO = 8
export const SECURED = 9

export type SegmentKind =
  | typeof DATA
  | typeof FINISH
  | typeof RESET
  | typeof ACCEPTED
  | typeof REFUSED
  | typeof OPEN
  | typeof ROOM
  | typeof HELLO
  | typeof SERVER_HELLO
  | typeof SECURED

export interface Segment {
  readonly kind: SegmentKind
  readonly at: Micros
  readonly bytes: Uint8Array | undefined
  readonly count: number
}

/** Whom segments are on the way to. */
export interface Receiver {
  arrived(segments: readonly Segment[]): void
  /** whoever has sent them has given up */
  lost(): void
}

/** Retransmission on a cut link: the first attempt, the longest pause, and when TCP gives up (`tcp_retries2` 15). */
const RETRY_FIRST = 200 * MILLISECOND
const RETRY_LONGEST = 120 * SECOND
const RETRY_TOTAL = 924_600 * MILLISECOND

export class InFlight {
  readonly #wire: Wire
  readonly #to: Receiver
  readonly #segments: Segment[] = []
  readonly #arrival = new Timer(() => this.#arrive())
  #lastSentAt = -1
  #lastArrival = 0
  #retryPause = 0
  #retryingSince = -1

  constructor(wire: Wire, to: Receiver) {
    this.#wire = wire
    this.#to = to
  }

  send(kind: SegmentKind, bytes: Uint8Array | undefined, count: number): void {
    const { scheduler, link } = this.#wire
    const now = scheduler.clock.now
    if (now !== this.#lastSentAt) {
      this.#lastSentAt = now
      this.#lastArrival = Math.max(this.#lastArrival, now + link.delay())
    }
    this.#segments.push({ kind, at: this.#lastArrival, bytes, count })
    if (!this.#arrival.pending) scheduler.timers.set(this.#arrival, this.#segments[0]!.at)
  }

  #arrive(): void {
    const { scheduler, link } = this.#wire
    if (link.isCut) return this.#retry()
    this.#retryingSince = -1
    this.#to.arrived(this.#takeDue(scheduler.clock.now))
  }

  #takeDue(now: Micros): Segment[] {
    const count = this.#segments.findIndex((segment) => segment.at > now)
    const due = this.#segments.splice(0, count < 0 ? this.#segments.length : count)
    if (this.#segments.length > 0) this.#wire.scheduler.timers.set(this.#arrival, this.#segments[0]!.at)
    return due
  }

  #retry(): void {
    const { scheduler } = this.#wire
    const now = scheduler.clock.now
    if (this.#retryingSince < 0) {
      this.#retryingSince = now
      this.#retryPause = RETRY_FIRST
    } else this.#retryPause = Math.min(this.#retryPause * 2, RETRY_LONGEST)
    const useful = this.#segments.some((segment) => segment.kind === DATA || segment.kind === FINISH)
    if (useful && now - this.#retryingSince >= RETRY_TOTAL) {
      this.#segments.length = 0
      return this.#to.lost()
    }
    scheduler.timers.set(this.#arrival, now + this.#retryPause)
  }
}
