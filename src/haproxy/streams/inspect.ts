/** `tcp-request content` and `tcp-response content` (`tcp_inspect_request` and `tcp_inspect_response`, src/tcp_rules.c). */
import { EndEvent } from '../connections/end-events.js'
import { evaluateRules, type Verdict } from '../rules/evaluate.js'
import { RequestAnalyser, ResponseAnalyser } from './analysers.js'
import { NEVER } from './channel.js'
import { INPUT_CLOSED, SideFlag } from './connector.js'
import { countBackend, countFrontend, countServer } from './counting.js'
import { samplesOf } from './samples.js'
import type { Stream } from './stream.js'

export const inspectRequest = (stream: Stream, analyser: number): boolean => {
  const { front, request, backend, session, context, now } = stream
  const plan = context.plan(backend)
  const delay = plan.traffic?.requestInspectDelay ?? 0
  const isLate = delay === 0 || stream.rulesExpire <= now
  const isComplete = front.has(INPUT_CLOSED) || request.isFull || front.has(SideFlag.NEED_ROOM) || isLate
  const sharesDefaults = backend.config.defaultRules === session.frontend.config.defaultRules
  const verdict = evaluateRules({
    stream,
    proxy: backend,
    lists: plan.rules('tcp-request content'),
    withDefaults: analyser === RequestAnalyser.INSPECT_FRONTEND || !sharesDefaults,
    isResponse: false,
    isComplete,
    isFinal: isComplete && (front.has(SideFlag.ERROR) || isLate),
    samples: samplesOf(stream, backend, isComplete),
  })
  if (verdict === 'missing' || (verdict === 'yield' && stream.position)) {
    request.dontConnect()
    if (stream.rulesExpire === NEVER && delay > 0) stream.rulesExpire = now + delay
    request.analyseExpires = Math.min(request.isLate(now) ? NEVER : request.analyseExpires, stream.rulesExpire)
    return false
  }
  request.analyseExpires = stream.rulesExpire = NEVER
  if (verdict === 'continue' || verdict === 'stop' || verdict === 'done') {
    request.analysers &= ~analyser
    return true
  }
  refuseRequest(stream, verdict)
  return false
}

const eventOf = (verdict: Verdict): string => {
  if (verdict === 'deny' || verdict === 'abort') return EndEvent.INTERCEPTED
  return verdict === 'invalid' ? EndEvent.PROTOCOL_ERROR : EndEvent.INTERNAL_ERROR
}

const refuseRequest = (stream: Stream, verdict: Verdict): void => {
  const { front, request, context, backend } = stream
  front.report(eventOf(verdict))
  if (verdict === 'deny') countFrontend(stream, 'deniedRequests')
  else if (verdict === 'invalid') countFrontend(stream, 'failedRequests')
  else if (verdict !== 'abort') {
    countFrontend(stream, 'internalErrors')
    stream.endBy('I')
    if (verdict === 'yield')
      context.process.logger.send(
        backend,
        4,
        'Internal error: yield not allowed if the inspect-delay expired for the tcp-request content actions.',
      )
  }
  if (verdict !== 'abort') {
    if (front.endpoint) front.endpoint.killsConnection = true
    stream.abort()
  }
  request.analysers &= RequestAnalyser.END
  stream.endBy('P')
  stream.endIn('R')
}

export const inspectResponse = (stream: Stream): boolean => {
  const { back, response, backend, context, now } = stream
  const plan = context.plan(backend)
  const delay = plan.traffic?.responseInspectDelay ?? 0
  const isLate = delay === 0 || stream.rulesExpire <= now
  const isComplete = back.has(INPUT_CLOSED) || response.isFull || back.has(SideFlag.NEED_ROOM) || isLate
  const verdict = evaluateRules({
    stream,
    proxy: backend,
    lists: plan.rules('tcp-response content'),
    withDefaults: true,
    isResponse: true,
    isComplete,
    isFinal: isComplete && (back.has(SideFlag.ERROR) || isLate),
    samples: samplesOf(stream, backend, isComplete, 'response'),
  })
  if (verdict === 'missing' || (verdict === 'yield' && stream.position)) {
    response.dontClose()
    if (stream.rulesExpire === NEVER && delay > 0) stream.rulesExpire = now + delay
    response.analyseExpires = Math.min(response.isLate(now) ? NEVER : response.analyseExpires, stream.rulesExpire)
    return false
  }
  response.analyseExpires = stream.rulesExpire = NEVER
  if (verdict === 'continue' || verdict === 'stop' || verdict === 'done') {
    response.analysers &= ~ResponseAnalyser.INSPECT
    return true
  }
  refuseResponse(stream, verdict)
  return false
}

const refuseResponse = (stream: Stream, verdict: Verdict): void => {
  const { back, response, front } = stream
  // HAProxy reports errors on the side of the client
  const side = verdict === 'deny' || verdict === 'abort' ? back : front
  side.report(eventOf(verdict))
  if (verdict === 'deny') {
    countFrontend(stream, 'deniedResponses')
    countBackend(stream, 'deniedResponses')
    countServer(stream, 'deniedResponses')
  } else if (verdict === 'invalid') {
    countBackend(stream, 'failedResponses')
    countServer(stream, 'failedResponses')
  } else if (verdict !== 'abort') {
    countBackend(stream, 'internalErrors')
    countFrontend(stream, 'internalErrors')
    countServer(stream, 'internalErrors')
    stream.endBy('I')
  }
  if (verdict !== 'abort') {
    if (back.endpoint) back.endpoint.killsConnection = true
    stream.abort()
  }
  response.analysers &= ResponseAnalyser.END
  stream.endBy('P')
  stream.endIn('D')
}
