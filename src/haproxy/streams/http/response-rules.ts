/** The `http-response` and `http-after-response` rules, of the backend and of the frontend (`http_process_res_common`). */
import { EndEvent } from '../../connections/end-events.js'
import { adjustHealth } from '../../checks/observe.js'
import type { Proxy } from '../../proxy/proxy.js'
import { evaluateRules } from '../../rules/evaluate.js'
import type { Verdict } from '../../rules/evaluate.js'
import { RequestAnalyser, ResponseAnalyser } from '../analysers.js'
import { NEVER } from '../channel.js'
import { INPUT_CLOSED, SideFlag } from '../connector.js'
import {
  countBackend,
  countFailedResponse,
  countFailedRewrite,
  countFrontend,
  countInternalError,
  countServer,
} from '../counting.js'
import { samplesOf } from '../samples.js'
import { setHttpEndState } from '../set-end-state.js'
import { logResponse } from '../stream-log.js'
import type { Stream } from '../stream.js'
import { evaluateAfterResponse } from './after-response.js'
import { manageResponseCookies } from './response-cookies.js'
import { replyAndClose } from './replies.js'
import { MessageState } from './transaction.js'

export const processResponseRules = (stream: Stream): boolean => {
  const { response, session, backend, context } = stream
  const transaction = stream.transaction!
  if (transaction.response.state < MessageState.BODY) return false
  const { position } = stream
  const frontLists = context.plan(session.frontend).rules('http-response')
  const isInFrontend =
    position !== undefined && (position.rules === frontLists.own || position.rules === frontLists.defaults)
  const proxies = isInFrontend || backend === session.frontend ? [session.frontend] : [backend, session.frontend]
  for (const proxy of proxies) {
    const verdict = evaluate(stream, proxy)
    if (verdict === 'done') return finish(stream)
    if (verdict !== 'continue' && verdict !== 'stop') return handleVerdict(stream, verdict)
  }
  transaction.response.isSoft = false
  const cookies = manageResponseCookies(stream)
  if (cookies === 'blocked') return handleVerdict(stream, 'deny')
  if (cookies === 'failed') {
    stream.endBy('P')
    countFailedRewrite(stream)
    return fail(stream)
  }
  if (!evaluateAfterResponse(stream)) return fail(stream)
  response.analysers &= ~ResponseAnalyser.FILTER_DATA
  response.analysers |= ResponseAnalyser.FORWARD_BODY
  if (stream.filters?.isActive) response.analysers |= ResponseAnalyser.FILTER_HEADERS
  logResponse(stream)
  return finish(stream)
}

const evaluate = (stream: Stream, proxy: Proxy): Verdict => {
  const { session, backend, front, context } = stream
  const isAborted = front.has(INPUT_CLOSED) && proxy.config.options.has('abortonclose')
  const isBackend = proxy === backend
  const { response } = stream.transaction!
  return evaluateRules({
    stream,
    proxy,
    lists: context.plan(proxy).rules('http-response'),
    withDefaults:
      isBackend || proxy.config.defaultRules !== backend.config.defaultRules || session.frontend === backend,
    isResponse: true,
    isComplete: true,
    isFinal: front.has(SideFlag.ERROR) || isAborted,
    samples: samplesOf(stream, proxy, true, 'response'),
    onList: () => (response.isSoft = false),
  })
}

const finish = (stream: Stream): true => {
  const { response } = stream
  response.analysers &= ~ResponseAnalyser.PROCESS
  response.analyseExpires = NEVER
  stream.position = undefined
  return true
}

const handleVerdict = (stream: Stream, verdict: Verdict): false => {
  const { response, server, back } = stream
  const transaction = stream.transaction!
  switch (verdict) {
    case 'yield':
      if (stream.position === undefined) return fail(stream)
      response.dontClose()
      return false
    case 'deny':
      if (transaction.reply === undefined) transaction.status = 502
      back.report(EndEvent.INTERCEPTED)
      countFrontend(stream, 'deniedResponses')
      countBackend(stream, 'deniedResponses')
      countServer(stream, 'deniedResponses')
      return refuse(stream)
    case 'abort':
      back.report(EndEvent.INTERCEPTED)
      return end(stream)
    case 'invalid':
      stream.times.data = -1
      back.report(EndEvent.PROTOCOL_ERROR)
      transaction.status = 502
      countFailedResponse(stream)
      if (server) adjustHealth(server, 'HTTP response')
      return refuse(stream)
    default:
      return fail(stream)
  }
}

const fail = (stream: Stream): false => {
  stream.transaction!.status = 500
  stream.back.report(EndEvent.INTERNAL_ERROR)
  stream.endBy('I')
  countInternalError(stream, false)
  return refuse(stream)
}

const refuse = (stream: Stream): false => {
  setHttpEndState(stream)
  replyAndClose(stream)
  return end(stream)
}

const end = (stream: Stream): false => {
  const { response, request, back } = stream
  back.flags |= SideFlag.NOLINGER
  setHttpEndState(stream)
  response.analysers &= ResponseAnalyser.END
  request.analysers &= RequestAnalyser.END
  response.analyseExpires = NEVER
  stream.position = undefined
  return false
}
