/** Clients that rules keep waiting (`http_process_tarpit`). */
import { EndEvent } from '../../connections/end-events.js'
import { INPUT_CLOSED, SideFlag } from '../connector.js'
import { setHttpEndState } from '../set-end-state.js'
import type { Stream } from '../stream.js'
import { closeWithoutReply, replyAndClose } from './replies.js'

export const processTarpit = (stream: Stream): boolean => {
  const { request, front, now } = stream
  request.dontConnect()
  if (!front.has(INPUT_CLOSED) && !request.isLate(now)) {
    request.erase()
    return false
  }
  stream.times.queue = stream.elapsed
  front.report(EndEvent.INTERCEPTED)
  setHttpEndState(stream)
  if (front.has(SideFlag.ERROR)) closeWithoutReply(stream)
  else replyAndClose(stream)
  return false
}
