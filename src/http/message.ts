/** Heads of HTTP messages, independent of the protocol version. All strings are byte strings. */
import type { Fields } from './fields.js'

/**
 * How a body is delimited:
 * - `none`: no body
 * - `length`: by `Content-Length`
 * - `chunked`: by chunks, followed by trailers
 * - `close`: by the end of the connection
 * - `tunnel`: no body; afterwards the connection carries another protocol in both directions
 */
export type BodyKind = 'none' | 'length' | 'chunked' | 'close' | 'tunnel'

/** The options of `Connection`. `close` is also set where HAProxy closes because the framing of the message is unsafe. */
export interface ConnectionOptions {
  readonly close: boolean
  readonly keepAlive: boolean
  readonly upgrade: boolean
}

interface Head {
  /** `HTTP/1.1` */
  version: string
  /** HTTP/1.1 or later */
  isVersion11: boolean
  readonly fields: Fields
  readonly connection: ConnectionOptions
  body: BodyKind
  /** the effective `Content-Length`, also for messages without a body such as responses to HEAD; not exact above 2^53 */
  length: number | undefined
  /** the last transfer coding is chunked, also for messages without a body */
  isChunked: boolean
  /** `Transfer-Encoding` is present */
  hasTransferCoding: boolean
}

export interface RequestHead extends Head {
  method: string
  /** the request target */
  uri: string
  /** the target is absolute, and HTTP/1 is written with its path (`HTX_SL_F_NORMALIZED_URI`) */
  readonly isNormalized?: boolean
}

export interface ResponseHead extends Head {
  status: number
  /** the status as received */
  statusText: string
  /** may be empty */
  reason: string
  /** 1xx except 101: another response follows */
  readonly isInterim: boolean
}
