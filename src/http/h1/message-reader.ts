/**
 * Incremental HTTP/1 parser with the behaviour of HAProxy's (src/h1_htx.c and `h1_process_demux` in src/mux_h1.c). It does no I/O: the
 * caller pushes bytes in pieces of any size and pulls events; the events do not depend on the sizes of the pieces. Memory is bounded: at
 * most {@link MessageReader.room} bytes may be pushed, and body data is returned as the caller asks for it, in slices of the pushed strings.
 */
import type { Fields } from '../fields.js'
import { readChunkEnd, readChunkSize, type ChunkLine } from './chunks.js'
import { CollectedFields } from './collected-fields.js'
import { Cursor } from './cursor.js'
import { FieldLines } from './field-lines.js'
import { BLOCK_SIZE, DEFAULT_LIMITS, headLimit, inputLimit, sizeOfFields, type MessageLimits } from './limits.js'
import { Flag, State, type Flags } from './states.js'

export interface ReaderOptions {
  readonly limits?: MessageLimits
  /** `option accept-unsafe-violations-in-http-request`, or `-response` */
  readonly relaxed?: boolean
  /** `h1-do-not-close-on-insecure-transfer-encoding` */
  readonly keepsInsecure?: boolean
}

/** A parsing error, with the details that `show errors` reports. */
export interface MessageError {
  /** `truncated`: the peer has closed its side within the message */
  readonly reason: 'invalid' | 'truncated'
  /** status of the error response to the client; 502 for errors in responses */
  readonly status: number
  /** the head was complete: the error is in its framing or after it */
  readonly hasHead: boolean
  readonly state: State
  readonly flags: Flags
  /** of the error in {@link input}; for errors in trailers, HAProxy reports the length of the head */
  readonly position: number
  /** the unread bytes after the last push */
  readonly input: string
}

/**
 * - `head`: fields are already merged, dropped and normalized
 * - `data`: a piece of the body; `left` is the number of bytes left in the body or chunk, if known
 * - `trailers`: after the last chunk, possibly empty
 * - `end`: end of the message
 * - `error`: the last event
 */
export type MessageEvent<Head> =
  | { readonly type: 'head'; readonly head: Head }
  | { readonly type: 'data'; readonly data: string; readonly left: number | undefined }
  | { readonly type: 'trailers'; readonly fields: Fields }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly error: MessageError }

/** A head and the space it takes. */
interface SizedHead<Head> {
  readonly head: Head
  readonly size: number
}

/** Rejection of a complete head: status, position of the error (default: end of the head), and whether only its framing is wrong. */
export interface RefusedHead {
  readonly status: number
  readonly at?: number
  readonly hasHead?: boolean
}

export abstract class MessageReader<Head> {
  readonly limits: MessageLimits
  protected readonly keepsInsecure: boolean
  protected cursor: Cursor
  protected collected: CollectedFields
  /** bytes left in the body or chunk */
  protected left = 0
  #lines = new FieldLines()
  /** pushed bytes; unread from #at. Until a head is complete it starts at 0 */
  #input = ''
  #at = 0
  /** the unread bytes after the last push, and how many of them have been read since */
  #pass = ''
  #passTaken = 0
  #headLength = 0
  #ended = false
  #failed = false
  #needsRoom = false
  #endGiven = false
  /** a complete head that the caller has no room for yet */
  #waiting: SizedHead<Head> | undefined
  #hasHead = false

  constructor(
    private readonly options: ReaderOptions,
    private readonly before: State.RQBEFORE | State.RPBEFORE,
  ) {
    this.limits = options.limits ?? DEFAULT_LIMITS
    this.keepsInsecure = options.keepsInsecure ?? false
    this.cursor = new Cursor(before, options.relaxed ?? false)
    this.collected = new CollectedFields(0, 0)
  }

  /** Flags of a new message. */
  protected abstract initialFlags(): Flags
  /** Continues scanning the start line. */
  protected abstract scanStartLine(cursor: Cursor): 'more' | 'done' | 'invalid'
  /** Called when the head is complete: builds it, sets the flags and the next state. */
  protected abstract finishHead(): SizedHead<Head> | RefusedHead
  /** Status for invalid messages. */
  protected abstract readonly invalidStatus: number
  /** Status for heads larger than the input buffer. */
  protected abstract readonly tooLargeStatus: number

  /** How many bytes may be pushed. The first read of a message leaves the reserve free. */
  get room(): number {
    const room = Math.max(0, inputLimit(this.limits) - this.pending)
    return this.state === this.before ? Math.min(room, this.limits.buffer - this.limits.reserve) : room
  }

  /** Number of unread bytes. */
  get pending(): number {
    return this.#input.length - this.#at
  }

  /** The unread bytes. */
  get input(): string {
    return this.#input.slice(this.#at)
  }

  get state(): State {
    return this.cursor.state
  }

  get flags(): Flags {
    return this.collected.flags
  }

  /** Position of the first tolerated violation in this message; -1 if there was none. */
  get violation(): number {
    return this.cursor.violation
  }

  /** Whether the last call of {@link next} returned undefined for lack of room, not of bytes. */
  get needsRoom(): boolean {
    return this.#needsRoom
  }

  /** Adds received bytes, as a byte string of at most {@link room} bytes. */
  push(bytes: string): void {
    this.#input = this.#at >= this.#input.length ? bytes : this.#input.slice(this.#at) + bytes
    this.cursor.at -= this.#at
    this.#at = 0
    this.cursor.text = this.#pass = this.#input
    this.#passTaken = 0
  }

  /** The peer has closed its side. */
  end(): void {
    this.#ended = true
  }

  /** Whether {@link end} was called. */
  get ended(): boolean {
    return this.#ended
  }

  /**
   * The next event; undefined if more bytes are needed, or more room.
   * @param room space left in the caller's buffer, counted like HTX does: each head, field and piece of data has an overhead
   */
  next(room = Infinity): MessageEvent<Head> | undefined {
    this.#needsRoom = false
    if (this.#failed || this.#endGiven) return undefined
    if (this.state <= State.LAST_LF) return this.#nextOfHead(room)
    if (this.#waiting) return this.#handOut(room)
    switch (this.state) {
      case State.DATA:
      case State.TUNNEL:
        return this.#nextOfData(room)
      case State.CHUNK_SIZE:
      case State.CHUNK_CRLF:
        return this.#nextOfChunks(room)
      case State.TRAILERS:
        return this.#nextOfTrailers(room)
      default:
        this.#endGiven = true
        return { type: 'end' }
    }
  }

  /** The framing properties of a head. */
  protected get framing(): { length: number | undefined; isChunked: boolean; hasTransferCoding: boolean } {
    const { flags, lengthDigits } = this.collected
    return {
      length: flags & Flag.CLEN ? Number(lengthDigits) : undefined,
      isChunked: (flags & Flag.CHNK) !== 0,
      hasTransferCoding: (flags & Flag.XFER_ENC) !== 0,
    }
  }

  /** Whether the part of the head that was read has a `Content-Length` of more than 0. */
  get announcesBody(): boolean {
    return (this.framing.length ?? 0) > 0
  }

  /** Starts the next message with the unread bytes. @param relaxed whether it may contain violations */
  protected restart(relaxed = this.options.relaxed ?? false): void {
    this.#input = this.input
    this.#at = 0
    this.#pass = this.#input
    this.#passTaken = 0
    this.#endGiven = false
    this.#hasHead = false
    this.#lines = new FieldLines()
    this.left = 0
    this.cursor = new Cursor(this.before, relaxed)
    this.cursor.text = this.#input
    this.collected = new CollectedFields(this.initialFlags(), this.limits.headers)
  }

  /** Switches to another protocol: all following bytes are returned as data until the peer closes. */
  tunnel(): void {
    this.cursor.state = State.TUNNEL
    this.collected.flags &= ~(Flag.XFER_LEN | Flag.CLEN | Flag.CHNK)
    this.#endGiven = false
  }

  #nextOfHead(room: number): MessageEvent<Head> | undefined {
    const { cursor } = this
    if (cursor.state < State.HDR_FIRST) {
      const scanned = this.scanStartLine(cursor)
      if (scanned !== 'done') return this.#unfinished(scanned, this.tooLargeStatus)
    }
    const scanned = this.#lines.scan(cursor, this.collected.take)
    if (scanned !== 'done') return this.#unfinished(scanned, this.tooLargeStatus)
    if (this.collected.isFull) return this.#fail('invalid', this.invalidStatus, cursor.at)
    this.#headLength = cursor.at
    const outcome = this.finishHead()
    if ('status' in outcome) {
      this.#hasHead = outcome.hasHead ?? false
      return this.#fail('invalid', outcome.status, outcome.at ?? cursor.at)
    }
    this.#waiting = outcome
    return this.#handOut(room)
  }

  #handOut(room: number): MessageEvent<Head> | undefined {
    const { head, size } = this.#waiting!
    if (size > room) return this.#waitForRoom()
    this.#waiting = undefined
    this.#hasHead = true
    this.#consume(this.cursor.at)
    this.cursor.text = ''
    this.headGiven(head)
    return { type: 'head', head }
  }

  /** A head has been returned. */
  protected headGiven(_head: Head): void {
    // nothing to do
  }

  /** Handles an incomplete head or trailers: invalid, too large, truncated, or waiting for more bytes. */
  #unfinished(scanned: 'more' | 'invalid', tooLarge: number): MessageEvent<Head> | undefined {
    if (scanned === 'invalid') return this.#fail('invalid', this.invalidStatus, this.cursor.at)
    if (this.pending >= inputLimit(this.limits)) return this.#fail('invalid', tooLarge, this.cursor.at)
    return this.#ended ? this.#fail('truncated', this.invalidStatus, this.cursor.at) : undefined
  }

  #nextOfData(room: number): MessageEvent<Head> | undefined {
    const { flags } = this.collected
    const isBounded = (flags & (Flag.CLEN | Flag.CHNK)) !== 0
    const count = Math.min(this.pending, isBounded ? this.left : Infinity, room - BLOCK_SIZE)
    if (count <= 0) {
      if (this.pending > 0) return this.#waitForRoom()
      if (!this.#ended) return undefined
      if (isBounded) return this.#fail('truncated', this.invalidStatus, 0)
      this.cursor.state = State.DONE
      return this.next(room)
    }
    const data = this.#input.slice(this.#at, this.#at + count)
    this.#consume(this.#at + count)
    if (!isBounded) return { type: 'data', data, left: undefined }
    this.left -= count
    if (this.left === 0) this.cursor.state = flags & Flag.CHNK ? State.CHUNK_CRLF : State.DONE
    return { type: 'data', data, left: this.left }
  }

  #nextOfChunks(room: number): MessageEvent<Head> | undefined {
    const isEnd = this.state === State.CHUNK_CRLF
    const line: ChunkLine | undefined = isEnd
      ? readChunkEnd(this.#input, this.#at)
      : readChunkSize(this.#input, this.#at)
    if (line === undefined) return this.#ended ? this.#fail('truncated', this.invalidStatus, 0) : undefined
    if (!line.isValid) return this.#fail('invalid', this.invalidStatus, line.errorAt)
    this.#consume(line.end)
    if (isEnd) this.cursor.state = State.CHUNK_SIZE
    else {
      this.left = line.size
      this.cursor.state = line.size === 0 ? State.TRAILERS : State.DATA
    }
    return this.next(room)
  }

  #nextOfTrailers(room: number): MessageEvent<Head> | undefined {
    const scan = new Cursor(State.HDR_FIRST, this.cursor.relaxed)
    scan.text = this.#input
    scan.at = this.#at
    const trailers = new CollectedFields(Flag.HDRS_ONLY, this.limits.headers)
    const scanned = new FieldLines().scan(scan, trailers.take)
    if (scanned === 'more') return this.#unfinished(scanned, this.invalidStatus)
    const size = sizeOfFields(trailers.fields)
    const isValid = scanned === 'done' && !trailers.isFull && trailers.settleFraming(this.keepsInsecure)
    if (!isValid || size > headLimit(this.limits))
      return this.#fail('invalid', this.invalidStatus, this.#headLength + this.#at - this.#passTaken)
    if (size > room) return this.#waitForRoom()
    this.#consume(scan.at)
    this.cursor.state = State.DONE
    return { type: 'trailers', fields: trailers.fields }
  }

  #waitForRoom(): undefined {
    this.#needsRoom = true
  }

  #consume(to: number): void {
    this.#passTaken += to - this.#at
    this.#at = to
    if (to < this.#input.length) return
    this.#input = ''
    this.#at = 0
  }

  #fail(reason: MessageError['reason'], status: number, at: number): MessageEvent<Head> {
    this.#failed = true
    const { state, flags } = this
    const position = at - this.#at + this.#passTaken
    return {
      type: 'error',
      error: { reason, status, hasHead: this.#hasHead, state, flags, position, input: this.#pass },
    }
  }
}
