/** The ends of messages: what follows once a request or a response is forwarded whole (`http_end_request`, `http_end_response`). */
import { RequestAnalyser, ResponseAnalyser } from '../analysers.js'
import { ChannelFlag } from '../channel.js'
import { ANY_SHUT, SideFlag, SideState } from '../connector.js'
import { abortChannel, type Stream } from '../stream.js'
import { MessageState } from './transaction.js'

const { DONE, CLOSING, CLOSED, TUNNEL, BODY } = MessageState

export const endRequest = (stream: Stream): void => {
  const { request, response, front, back, transaction, abortsOnClose } = stream
  const { request: message, response: answer } = transaction!
  if (message.state < DONE) return
  if (message.state === DONE) {
    if (!abortsOnClose && transaction!.method !== 'POST') request.dontRead()
    back.flags |= SideFlag.NOHALF | SideFlag.SND_NEVERWAIT
    if (answer.state < BODY || (answer.state < DONE && back.state !== SideState.CLO)) return
    if (transaction!.wantsTunnel) {
      request.autoRead()
      back.flags &= ~SideFlag.NOHALF
      message.state = TUNNEL
      if (answer.state !== TUNNEL) response.flags |= ChannelFlag.WAKE_ONCE
    } else if ((answer.hasLength || answer.state === CLOSED) && !back.has(ANY_SHUT)) {
      front.scheduleAbort()
      back.scheduleShutdown()
    }
    // a response that was complete before waits for this
    if (answer.state === DONE) response.flags |= ChannelFlag.WAKE_ONCE
    if (back.has(ANY_SHUT)) message.state = CLOSING
  } else if (message.state === TUNNEL && back.has(ANY_SHUT)) message.state = CLOSING
  if (message.state === CLOSING) {
    if (request.buffer.hasOutput) return
    message.state = CLOSED
  }
  if (message.state === CLOSED) {
    if (answer.hasLength) back.flags |= SideFlag.NOLINGER
    if (!abortsOnClose) request.dontRead()
  }
  request.analysers &= RequestAnalyser.END
  if (message.state === TUNNEL) {
    back.flags |= SideFlag.SND_NEVERWAIT
    if (stream.filters?.hasDataFilters(request)) request.analysers |= RequestAnalyser.FILTER_DATA
    else request.buffer.forward()
  }
  request.autoClose()
  request.autoRead()
}

export const endResponse = (stream: Stream): void => {
  const { request, response, front, back, transaction } = stream
  const { request: message, response: answer } = transaction!
  if (answer.state < DONE) return
  if (answer.state === DONE) {
    if (message.state < DONE && front.state !== SideState.CLO) return
    if (transaction!.wantsTunnel) {
      response.autoRead()
      answer.state = TUNNEL
      if (message.state !== TUNNEL) request.flags |= ChannelFlag.WAKE_ONCE
    } else if (!front.has(ANY_SHUT)) {
      back.scheduleAbort()
      front.scheduleShutdown()
    }
    if (front.has(ANY_SHUT)) answer.state = CLOSING
  } else if (answer.state === TUNNEL && front.has(ANY_SHUT)) answer.state = CLOSING
  if (answer.state === CLOSING) {
    if (response.buffer.hasOutput) return
    answer.state = CLOSED
  }
  if (answer.state === CLOSED) {
    request.truncate()
    abortChannel(request, front, back)
  }
  response.analysers &= ResponseAnalyser.END
  if (answer.state === TUNNEL) {
    front.flags |= SideFlag.SND_NEVERWAIT
    if (stream.filters?.hasDataFilters(response)) response.analysers |= ResponseAnalyser.FILTER_DATA
    else response.buffer.forward()
  }
  response.autoClose()
  response.autoRead()
}
