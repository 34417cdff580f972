/** How streams end, as the termination state of logs shows it (`SF_ERR_*` and `SF_FINST_*`, include/haproxy/stream-t.h; src/log.c). */

/**
 * What has ended a stream first: nothing, HAProxy's own reply (`L`), the client (`C` by closing, `c` by its timeout), the server (`S`, `s`), a
 * rule (`P`), lack of a resource (`R`), an internal error (`I`), a server that went down (`D`) or came up (`U`), the operator (`K`).
 */
export type EndCause = '-' | 'L' | 'c' | 'C' | 's' | 'S' | 'P' | 'R' | 'I' | 'D' | 'K' | 'U'

/**
 * The state in which it ended: waiting for a complete request (`R`), connecting (`C`), waiting for the headers of the response (`H`), sending
 * data (`D`), sending the last data (`L`), in a queue (`Q`), in a tarpit (`T`).
 */
export type EndState = '-' | 'R' | 'C' | 'H' | 'D' | 'L' | 'Q' | 'T'

/** Why no connection to a server was established, bits of `Stream.connectError` (`STRM_ET_*`). */
export const ConnectError = {
  QUEUE_TIMEOUT: 0x1,
  QUEUE_ERROR: 0x2,
  QUEUE_ABORT: 0x4,
  TIMEOUT: 0x8,
  ERROR: 0x10,
  RESOURCE: 0x20,
  OTHER: 0x40,
  ABORT: 0x80,
  DATA_ERROR: 0x100,
} as const

/** What such an error is as the end of a stream, and the status of the reply; undefined: no reply. */
export interface ConnectFailure {
  readonly cause: EndCause
  readonly state: EndState
  readonly status: number | undefined
}

const FAILURES: readonly (readonly [bit: number, failure: ConnectFailure])[] = [
  [ConnectError.QUEUE_ABORT, { cause: 'C', state: 'Q', status: undefined }],
  [ConnectError.ABORT, { cause: 'C', state: 'C', status: undefined }],
  [ConnectError.QUEUE_TIMEOUT, { cause: 's', state: 'Q', status: 503 }],
  [ConnectError.QUEUE_ERROR, { cause: 'S', state: 'Q', status: 503 }],
  [ConnectError.TIMEOUT, { cause: 's', state: 'C', status: 503 }],
  [ConnectError.ERROR, { cause: 'S', state: 'C', status: 503 }],
  [ConnectError.RESOURCE, { cause: 'R', state: 'C', status: 503 }],
]

const INTERNAL: ConnectFailure = { cause: 'I', state: 'C', status: 500 }

/** The first one of several, in HAProxy's order (`default_srv_error`, `http_return_srv_error`). */
export const connectFailure = (errors: number): ConnectFailure =>
  FAILURES.find(([bit]) => (errors & bit) !== 0)?.[1] ?? INTERNAL
