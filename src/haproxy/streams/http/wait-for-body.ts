/** Waiting for the body of a message: `option http-buffer-request`, `wait-for-body` (`http_wait_for_msg_body`). */
import { EndEvent } from '../../connections/end-events.js'
import type { Micros } from '../../../engine/clock.js'
import { RequestAnalyser } from '../analysers.js'
import { ChannelFlag, NEVER } from '../channel.js'
import { INPUT_CLOSED, SideFlag } from '../connector.js'
import { countFrontend, countInternalError } from '../counting.js'
import { setHttpEndState } from '../set-end-state.js'
import type { Stream } from '../stream.js'
import { handleExpectation } from './expect.js'
import { replyAndClose } from './replies.js'

/** `abort`: the time is over, and the reply has been sent. */
export type BodyProgress = 'complete' | 'waiting' | 'abort' | 'invalid' | 'error'

/**
 * Whether as much of the body is there as is needed.
 * @param time how long it may take; NEVER: as long as it does
 * @param atLeast bytes that are needed; 0: all, or as much as the buffer holds
 */
export const waitForBody = (stream: Stream, isResponse: boolean, time: Micros, atLeast: number): BodyProgress => {
  const transaction = stream.transaction!
  const channel = isResponse ? stream.response : stream.request
  const producer = isResponse ? stream.back : stream.front
  const message = isResponse ? transaction.response : transaction.request
  const { buffer } = channel
  if (buffer.problem !== undefined) return buffer.problem === 'parsing' ? 'invalid' : 'error'
  if (transaction.method === 'CONNECT' || !message.hasBody) return 'complete'
  if (!isResponse) handleExpectation(stream)
  if (buffer.isComplete || buffer.hasTrailers || channel.isFull || producer.has(SideFlag.NEED_ROOM)) return 'complete'
  if (atLeast > 0 && buffer.inputLength >= atLeast) return 'complete'
  if (channel.has(ChannelFlag.READ_TIMEOUT) || channel.isLate(stream.now)) return abort(stream, isResponse)
  if (producer.has(INPUT_CLOSED)) return 'complete'
  if (channel.analyseExpires === NEVER) channel.analyseExpires = stream.now + time
  return 'waiting'
}

const abort = (stream: Stream, isResponse: boolean): 'abort' => {
  stream.transaction!.status = isResponse ? 504 : 408
  stream.endBy(isResponse ? 's' : 'c')
  if (!isResponse) countFrontend(stream, 'failedRequests')
  setHttpEndState(stream)
  replyAndClose(stream)
  return 'abort'
}

/** The analyser of `option http-buffer-request`. */
export const waitForRequestBody = (stream: Stream): boolean => {
  const { request, backend } = stream
  const transaction = stream.transaction!
  const progress = waitForBody(stream, false, backend.config.timeouts.httpRequest ?? NEVER, 0)
  stream.isWaitingForBody = progress === 'waiting' || progress === 'abort'
  switch (progress) {
    case 'complete':
      stream.times.requestAt = stream.now
      request.analysers &= ~RequestAnalyser.HTTP_BODY
      request.analyseExpires = NEVER
      return true
    case 'waiting':
      request.dontConnect()
      return false
    case 'invalid':
      transaction.status = 400
      stream.front.report(EndEvent.PROTOCOL_ERROR)
      countFrontend(stream, 'failedRequests')
      break
    case 'error':
      transaction.status = 500
      stream.front.report(EndEvent.INTERNAL_ERROR)
      stream.endBy('I')
      countInternalError(stream, true)
      break
    case 'abort':
      stream.front.report(EndEvent.INTERCEPTED)
      return endRequest(stream)
  }
  setHttpEndState(stream)
  replyAndClose(stream)
  return endRequest(stream)
}

const endRequest = ({ request }: Stream): false => {
  request.analysers &= RequestAnalyser.END
  request.analyseExpires = NEVER
  return false
}
