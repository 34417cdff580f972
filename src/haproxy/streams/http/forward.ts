/** Forwarding the bodies of messages, and their ends (`http_request_forward_body` and `http_response_forward_body`). */
import { EndEvent } from '../../connections/end-events.js'
import { adjustHealth } from '../../checks/observe.js'
import { RequestAnalyser, ResponseAnalyser } from '../analysers.js'
import { ChannelFlag, type Channel } from '../channel.js'
import { INPUT_CLOSED, SideFlag } from '../connector.js'
import { countAbort, countFailedResponse, countFrontend, countInternalError } from '../counting.js'
import type { Filtering } from '../filtering.js'
import { setHttpEndState } from '../set-end-state.js'
import type { Stream } from '../stream.js'
import { endRequest, endResponse } from './end-message.js'
import { closeWithoutReply, replyAndClose } from './replies.js'
import { MessageState } from './transaction.js'

const { SHUT_DONE, EOI, NOLINGER } = SideFlag

export const forwardRequestBody = (stream: Stream): boolean => {
  const { request, response, front, back, abortsOnClose, filters } = stream
  const transaction = stream.transaction!
  const { request: message } = transaction
  const { buffer } = request
  if (buffer.problem !== undefined) return failRequest(stream, buffer.problem)
  if (message.state === MessageState.BODY) message.state = MessageState.DATA
  request.autoClose()
  if (request.forwardsAll && front.has(EOI)) message.state = Math.max(message.state, MessageState.ENDING)
  if (message.state < MessageState.ENDING) {
    if (transaction.method === 'CONNECT') message.state = MessageState.ENDING
    else {
      if (filters?.hasDataFilters(request)) {
        if (!forwardFiltered(request, filters)) return failRequest(stream, 'parsing')
      } else {
        buffer.forward()
        if (!message.head!.connection.upgrade || buffer.isComplete) request.forwardsAll = true
      }
      if (buffer.hasInput || !buffer.isComplete) return waitForRequestData(stream)
      message.state = MessageState.ENDING
    }
  }
  if (message.state < MessageState.DONE) {
    if (filters?.hasDataFilters(request)) {
      const result = filters.endMessage(request)
      if (result < 0) return failRequest(stream, 'parsing')
      if (result === 0) return waitForRequestData(stream)
    }
    if (transaction.method === 'CONNECT') message.state = MessageState.TUNNEL
    else {
      message.state = MessageState.DONE
      request.forwardsAll = false
    }
  }
  if (!transaction.wantsTunnel) request.dontClose()
  const isLost = back.has(SHUT_DONE) && buffer.hasOutput
  if (isLost && transaction.response.state >= MessageState.BODY && response.buffer.isEmpty)
    return abortRequest(stream, 'server')
  endRequest(stream)
  if (!(request.analysers & RequestAnalyser.FORWARD_BODY)) return true
  if (abortsOnClose) {
    request.autoRead()
    if (front.has(INPUT_CLOSED) && !transaction.wantsTunnel) back.flags |= NOLINGER
    request.autoClose()
  } else if (transaction.method === 'POST') request.autoRead()
  return false
}

/** Forwards what filters let through. Returns false if one has failed. */
const forwardFiltered = (channel: Channel, filters: Filtering): boolean => {
  const length = filters.filterHttpPayload(channel)
  if (length > 0) channel.buffer.advance(length)
  return length >= 0
}

const waitForRequestData = (stream: Stream): boolean => {
  const { request, response, front, back, transaction } = stream
  const { request: message, response: answer } = transaction!
  if (message.state < MessageState.ENDING && front.has(INPUT_CLOSED)) return abortRequest(stream, 'client')
  if (back.has(SHUT_DONE) && answer.state >= MessageState.BODY && response.buffer.isEmpty)
    return abortRequest(stream, 'server')
  request.dontClose()
  return false
}

const abortRequest = (stream: Stream, by: 'client' | 'server'): false => {
  const { request } = stream
  countAbort(stream, by)
  if (by === 'client') stream.endBy(request.has(ChannelFlag.READ_TIMEOUT) ? 'c' : 'C')
  else stream.endBy(request.has(ChannelFlag.WRITE_TIMEOUT) ? 's' : 'S')
  return closeRequest(stream, by === 'client' ? 400 : 502)
}

const failRequest = (stream: Stream, problem: 'parsing' | 'processing'): false => {
  stream.front.report(problem === 'parsing' ? EndEvent.PROTOCOL_ERROR : EndEvent.INTERNAL_ERROR)
  if (problem === 'parsing') countFrontend(stream, 'failedRequests')
  else {
    stream.endBy('I')
    countInternalError(stream, false)
  }
  return closeRequest(stream, problem === 'parsing' ? 400 : 500)
}

const closeRequest = (stream: Stream, status: number): false => {
  const transaction = stream.transaction!
  setHttpEndState(stream)
  if (transaction.status > 0) closeWithoutReply(stream)
  else {
    transaction.status = status
    replyAndClose(stream)
  }
  return false
}

export const forwardResponseBody = (stream: Stream): boolean => {
  const { response, front, back, filters } = stream
  const transaction = stream.transaction!
  const { response: message } = transaction
  const { buffer } = response
  const isFiltered = filters?.hasDataFilters(response) === true
  if (buffer.problem !== undefined) return failResponse(stream, buffer.problem)
  if (message.state === MessageState.BODY) message.state = MessageState.DATA
  response.autoClose()
  if (response.forwardsAll && back.has(EOI)) message.state = Math.max(message.state, MessageState.ENDING)
  if (message.state < MessageState.ENDING) {
    const { status } = transaction
    const isTunnel = status === 101 || (transaction.method === 'CONNECT' && status >= 200 && status < 300)
    if (isTunnel || (!message.hasLength && !isFiltered)) message.state = MessageState.ENDING
    else {
      if (isFiltered) {
        if (!forwardFiltered(response, filters)) return failResponse(stream, 'parsing')
      } else {
        buffer.forward()
        response.forwardsAll = true
      }
      if (buffer.hasInput) return waitForResponseData(stream)
      const isClosed = !message.hasLength && back.has(INPUT_CLOSED)
      if (!isClosed && !buffer.isComplete) return waitForResponseData(stream)
      message.state = MessageState.ENDING
    }
  }
  if (message.state < MessageState.DONE) {
    if (isFiltered) {
      const result = filters.endMessage(response)
      if (result < 0) return failResponse(stream, 'parsing')
      if (result === 0) return waitForResponseData(stream)
    }
    if (!transaction.wantsTunnel && !message.hasLength) message.state = MessageState.TUNNEL
    else {
      message.state = MessageState.DONE
      response.forwardsAll = false
    }
  }
  response.dontClose()
  if (front.has(SHUT_DONE) && buffer.hasOutput) return abortResponse(stream, 'client')
  endResponse(stream)
  return !(response.analysers & ResponseAnalyser.FORWARD_BODY)
}

const waitForResponseData = (stream: Stream): boolean => {
  const { response, front, back, transaction } = stream
  if (front.has(SHUT_DONE)) return abortResponse(stream, 'client')
  if (transaction!.response.state < MessageState.ENDING && back.has(INPUT_CLOSED)) {
    if (front.has(INPUT_CLOSED) && back.has(SHUT_DONE)) return abortResponse(stream, 'client')
    if (response.buffer.isEmpty) return abortResponse(stream, 'server')
  }
  response.dontClose()
  return false
}

const abortResponse = (stream: Stream, by: 'client' | 'server'): false => {
  const { response } = stream
  countAbort(stream, by)
  if (by === 'server') stream.endBy(response.has(ChannelFlag.READ_TIMEOUT) ? 's' : 'S')
  else stream.endBy(response.has(ChannelFlag.WRITE_TIMEOUT) ? 'c' : 'C')
  return closeResponse(stream)
}

const failResponse = (stream: Stream, problem: 'parsing' | 'processing'): false => {
  const { server, back } = stream
  back.report(problem === 'parsing' ? EndEvent.PROTOCOL_ERROR : EndEvent.INTERNAL_ERROR)
  if (problem === 'parsing') {
    countFailedResponse(stream)
    if (server) adjustHealth(server, 'HTTP response')
  } else {
    countInternalError(stream, false)
    stream.endBy('I')
  }
  return closeResponse(stream)
}

const closeResponse = (stream: Stream): false => {
  setHttpEndState(stream)
  closeWithoutReply(stream)
  return false
}
