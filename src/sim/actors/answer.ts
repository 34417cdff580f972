/** The answer of a server to a request of a {@link Client}. */
import { toBytes } from '../../bytes/latin1.js'
import { decodeText } from '../../bytes/text.js'
import type { Micros } from '../../engine/index.js'
import type { AnswerHead } from './answer-reader.js'
import type { HttpHeaders } from './headers.js'

/** An interim response (1xx) that preceded an answer. */
export interface InterimAnswer extends AnswerHead {
  /** when it arrived, in microseconds since the start of the run */
  readonly at: Micros
}

/** A complete answer. Its texts are byte strings (one character per byte), except {@link text}. */
export class HttpAnswer {
  readonly status: number
  /** the reason phrase, as sent */
  readonly reason: string
  /** `1.0` or `1.1` */
  readonly version: string
  /** header fields as sent: `get(name)`, `all(name)`, `has(name)`, `entries()` */
  readonly headers: HttpHeaders

  /** @internal */
  constructor(
    head: AnswerHead,
    /** the body without the framing of chunks */
    readonly body: string,
    /** trailer fields */
    readonly trailers: HttpHeaders,
    /** interim responses (1xx) before it, in order */
    readonly interim: readonly InterimAnswer[],
    /** when it was complete, in microseconds since the start of the run */
    readonly at: Micros,
    /** time from the start of the request until it was complete, in microseconds */
    readonly took: Micros,
  ) {
    this.status = head.status
    this.reason = head.reason
    this.version = head.version
    this.headers = head.headers
  }

  /** The body as bytes. */
  get bytes(): Uint8Array {
    return toBytes(this.body)
  }

  /** The body as text; invalid UTF-8 bytes are lone surrogates, U+DC80 to U+DCFF. */
  text(): string {
    return decodeText(this.bytes)
  }
}
