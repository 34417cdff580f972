/** The first analyser of HTTP responses: takes the head, or answers in place of the server (`http_wait_for_response`). */
import { EndEvent } from '../../connections/end-events.js'
import { LogWait } from '../../../config/samples/log-waits.js'
import { listValues, type ResponseHead } from '../../../http/index.js'
import { streamsOf } from '../../balance/server-streams.js'
import type { Observation } from '../../checks/observe.js'
import { adjustHealth } from '../../checks/observe.js'
import { H1Server } from '../../mux/h1-server.js'
import { ResponseAnalyser } from '../analysers.js'
import { ChannelFlag, NEVER } from '../channel.js'
import { INPUT_CLOSED, SideFlag } from '../connector.js'
import { countAbort, countFailedResponse, countInternalError } from '../counting.js'
import { setHttpEndState } from '../set-end-state.js'
import type { Stream } from '../stream.js'
import type { EndCause } from '../termination.js'
import { captureFields } from './captures.js'
import { closeWithoutReply, replyAndClose } from './replies.js'
import { mayRetryFor, retryRequest } from './retry.js'
import { MessageState } from './transaction.js'

/** Statuses that caches may keep without being asked to (RFC 9110, section 15.1). */
const CACHEABLE: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501])

const observe = ({ server }: Stream, observation: Observation): void => {
  if (server) adjustHealth(server, observation)
}

export const waitForResponse = (stream: Stream): boolean => {
  const { response } = stream
  for (;;) {
    const { problem, head } = response.buffer
    if (problem === 'parsing') {
      observe(stream, 'HTTP headers')
      return refuseInvalid(stream)
    }
    if (problem === 'processing') {
      countInternalError(stream, false)
      stream.back.report(EndEvent.INTERNAL_ERROR)
      stream.endBy('I')
      return refuse(stream, 500)
    }
    if (!head) return waitOrFail(stream)
    if (!takeHead(stream, head as ResponseHead)) return false
    if (stream.transaction!.response.state === MessageState.BODY) break
  }
  stream.times.data = stream.elapsed
  response.analysers &= ~ResponseAnalyser.WAIT_HTTP
  response.analyseExpires = NEVER
  response.autoClose()
  return true
}

/** There is no response yet: waits for it, or answers itself. */
const waitOrFail = (stream: Stream): false => {
  const { back, front, response } = stream
  if (back.has(SideFlag.ERROR)) return failedToRead(stream, 'HTTP read error')
  if (response.has(ChannelFlag.READ_TIMEOUT)) {
    observe(stream, 'HTTP read timeout')
    if (mayRetryFor(stream, 'response-timeout') && (response.buffer.hasOutput || retryRequest(stream))) return false
    countFailedResponse(stream)
    return answer(stream, 504, 's')
  }
  if (back.has(INPUT_CLOSED) && back.has(SideFlag.SHUT_DONE) && front.has(INPUT_CLOSED)) {
    countAbort(stream, 'client')
    stream.transaction!.status = 400
    stream.endBy('C')
    setHttpEndState(stream)
    replyAndClose(stream)
    return false
  }
  if (back.has(INPUT_CLOSED)) return failedToRead(stream, 'HTTP broken pipe')
  if (front.endpoint?.sendFailed === true) {
    if (stream.isReused) return abandonReused(stream)
    countFailedResponse(stream)
    response.analysers &= ResponseAnalyser.END
    stream.endBy('C')
    setHttpEndState(stream)
    closeWithoutReply(stream)
    return false
  }
  response.dontClose()
  back.flags |= SideFlag.RCV_ONCE
  return false
}

/** The server has closed or reset the connection before it has answered. */
const failedToRead = (stream: Stream, observation: Observation): false => {
  if (!stream.isReused) observe(stream, observation)
  if (mayRetryFor(stream, 'empty-response') && (stream.response.buffer.hasOutput || retryRequest(stream))) return false
  if (stream.isReused) return abandonReused(stream)
  countFailedResponse(stream)
  return answer(stream, 502, 'S')
}

const answer = (stream: Stream, status: number, cause: EndCause): false => {
  stream.transaction!.status = status
  stream.back.flags |= SideFlag.NOLINGER
  stream.endBy(cause)
  setHttpEndState(stream)
  replyAndClose(stream)
  return false
}

/** A connection that was used before has failed: the client has to try again, as it was not told of it. */
const abandonReused = (stream: Stream): false => {
  stream.transaction!.status = 0
  stream.logWaits = 0
  stream.logLevel = undefined
  closeWithoutReply(stream)
  return false
}

const refuseInvalid = (stream: Stream): false => {
  if (mayRetryFor(stream, 'junk-response') && retryRequest(stream)) return false
  stream.back.report(EndEvent.PROTOCOL_ERROR)
  countFailedResponse(stream)
  return refuse(stream, 502)
}

const refuse = (stream: Stream, status: number): false => {
  stream.transaction!.status = status
  setHttpEndState(stream)
  replyAndClose(stream)
  stream.back.flags |= SideFlag.NOLINGER
  return false
}

/** Takes the head of a response; an interim one is forwarded. Returns false if the request is sent again, or refused. */
const takeHead = (stream: Stream, head: ResponseHead): boolean => {
  const { response, server } = stream
  const transaction = stream.transaction!
  const { status } = head
  const isGood = status >= 100 && (status < 500 || status === 501 || status === 505)
  observe(stream, isGood ? 'HTTP ok' : 'HTTP status')
  if (mayRetryFor(stream, String(status)) && retryRequest(stream)) return false
  transaction.response.head = head
  transaction.response.isVersion11 = head.isVersion11
  transaction.response.state = MessageState.BODY
  transaction.status = transaction.serverStatus = status
  if (server) {
    const group = Math.floor(status / 100)
    server.counting.responses[group < 1 || group > 5 ? 0 : group]!++
    server.counting.requests++
  }
  if (head.isInterim) {
    stream.filters?.resetMessage(response)
    response.buffer.forwardHead()
    transaction.response.state = MessageState.WAITING
    transaction.response.head = undefined
    transaction.status = transaction.serverStatus = 0
    stream.times.data = -1
    return true
  }
  const isUpgrade = transaction.request.head!.connection.upgrade && head.connection.upgrade
  if (status === 101 && !isUpgrade) {
    observe(stream, 'HTTP headers')
    return refuseInvalid(stream)
  }
  if (!CACHEABLE.has(status)) transaction.isCacheable = transaction.mayCacheCookies = false
  stream.logWaits &= ~LogWait.RESPONSE
  captureFields(stream, 'response', head.fields)
  if (status === 101 || (transaction.method === 'CONNECT' && status >= 200 && status < 300))
    transaction.wantsTunnel = true
  if (status === 401 || status === 407) keepPrivate(stream, head)
  return true
}

/** Servers authenticate connections, not requests, with NTLM and what is like it: no other client may use them. */
const AUTHENTICATES_CONNECTIONS = /^(?:nego|ntlm)/i

const keepPrivate = ({ back, server, session }: Stream, { status, fields }: ResponseHead): void => {
  const { endpoint } = back
  const field = status === 401 ? 'www-authenticate' : 'proxy-authenticate'
  if (!(endpoint instanceof H1Server)) return
  const values = fields.all(field).flatMap((value) => [...listValues(value)])
  if (!values.some((value) => AUTHENTICATES_CONNECTIONS.test(value))) return
  session.prefersLastServer = true
  if (endpoint.isPrivate) return
  endpoint.isPrivate = true
  if (server) streamsOf(server).usedConnections--
}
