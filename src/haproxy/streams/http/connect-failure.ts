/** What clients of HTTP are answered when no server could be reached (`http_return_srv_error`). */
import { connectFailure, ConnectError, type EndCause } from '../termination.js'
import type { Stream } from '../stream.js'
import { closeWithoutReply, replyAndClose } from './replies.js'

/** Failures that are not answered after the first request of a connection, so that clients try again. */
const SILENT_LATER = ConnectError.TIMEOUT | ConnectError.RESOURCE

/** A stream that was ended by order, which is not answered. */
const KILLS: ReadonlySet<EndCause> = new Set(['D', 'U', 'K'])

export const replyToFailedConnect = (stream: Stream): void => {
  const transaction = stream.transaction!
  const isKilled = KILLS.has(stream.endCause)
  const { cause, state, status } = connectFailure(stream.connectError)
  transaction.status = status ?? -1
  stream.endBy(cause)
  stream.endIn(state)
  const isSilent =
    isKilled ||
    status === undefined ||
    (cause === 'S' && state === 'C' && stream.isReused) ||
    ((stream.connectError & SILENT_LATER) !== 0 && state === 'C' && transaction.isNotFirst)
  if (isSilent) closeWithoutReply(stream)
  else replyAndClose(stream)
}

/** The same for streams of other protocols (`default_srv_error`). */
export const recordFailedConnect = (stream: Stream): void => {
  const { cause, state } = connectFailure(stream.connectError)
  stream.endBy(cause)
  stream.endIn(state)
}
