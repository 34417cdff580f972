/** The `http-request` rules of a proxy and what belongs to them (`http_process_req_common`). */
import { EndEvent } from '../../connections/end-events.js'
import type { RedirectAction } from '../../../config/rules/actions/redirect.js'
import type { Proxy } from '../../proxy/proxy.js'
import { evaluateRules } from '../../rules/evaluate.js'
import { evaluateCondition } from '../../samples/expression.js'
import { RequestAnalyser } from '../analysers.js'
import { NEVER } from '../channel.js'
import { INPUT_CLOSED, SideFlag } from '../connector.js'
import { countBackend, countFrontend, countInternalError } from '../counting.js'
import { samplesOf } from '../samples.js'
import { setHttpEndState } from '../set-end-state.js'
import type { Stream } from '../stream.js'
import { handleExpectation } from './expect.js'
import { restrictNames } from './header-names.js'
import { redirect } from './redirect.js'
import { replyAndClose } from './replies.js'
import { hasManagedCookies, manageRequestCookies } from './request-cookies.js'

export const processRequestRules = (stream: Stream, analyser: number, proxy: Proxy): boolean => {
  const { request, front, session, context } = stream
  const transaction = stream.transaction!
  const isFrontend = analyser === RequestAnalyser.PROCESS_FRONTEND
  const isAborted = front.has(INPUT_CLOSED) && proxy.config.options.has('abortonclose')
  const verdict = evaluateRules({
    stream,
    proxy,
    lists: context.plan(proxy).rules('http-request'),
    withDefaults: isFrontend || proxy !== session.frontend,
    isResponse: false,
    isComplete: true,
    isFinal: front.has(SideFlag.ERROR) || isAborted,
    samples: samplesOf(stream, proxy),
    onList: () => (transaction.request.isSoft = false),
  })
  switch (verdict) {
    case 'yield':
      if (stream.position === undefined) return fail(stream)
      request.dontConnect()
      return false
    case 'deny':
      if (transaction.status === -1) transaction.status = 403
      return transaction.isTarpit ? beginTarpit(stream, analyser) : deny(stream)
    case 'abort':
      front.report(EndEvent.INTERCEPTED)
      return end(stream)
    case 'done':
      return finish(stream, analyser)
    case 'invalid':
      transaction.status = 400
      front.report(EndEvent.PROTOCOL_ERROR)
      countFrontend(stream, 'failedRequests')
      return refuse(stream)
    case 'error':
    case 'missing':
      return fail(stream)
  }
  transaction.request.isSoft = false
  if (restrictNames(stream, proxy) === 'refused') {
    transaction.status = 403
    return deny(stream)
  }
  if (stream.applet) return serveByApplet(stream, analyser)
  for (const { action, condition } of context.plan(proxy).traffic?.redirects ?? []) {
    if (condition && evaluateCondition(condition, samplesOf(stream, proxy)) !== 'pass') continue
    const outcome = redirect(stream, action as RedirectAction, samplesOf(stream, proxy), false)
    if (outcome === 'error') return fail(stream)
    if (outcome === 'sent') {
      front.report(EndEvent.INTERCEPTED)
      return finish(stream, analyser)
    }
  }
  return finish(stream, analyser)
}

const finish = (stream: Stream, analyser: number): true => {
  const { request } = stream
  request.analyseExpires = NEVER
  request.analysers &= ~analyser
  stream.position = undefined
  return true
}

/** A rule has chosen a service: it answers. */
const serveByApplet = (stream: Stream, analyser: number): true => {
  const { request, session, backend } = stream
  if (session.frontend === backend) countFrontend(stream, 'interceptedRequests')
  handleExpectation(stream)
  stream.endBy('L')
  setHttpEndState(stream)
  request.analysers &= RequestAnalyser.HTTP_BODY | RequestAnalyser.END
  if (stream.filters?.isActive) request.analysers |= RequestAnalyser.FILTER_HEADERS
  request.analysers |= RequestAnalyser.FORWARD_BODY
  stream.isAssigned = true
  return finish(stream, analyser)
}

const deny = (stream: Stream): false => {
  // for logs
  if (hasManagedCookies(stream)) manageRequestCookies(stream)
  stream.times.requestAt = stream.now
  stream.front.report(EndEvent.INTERCEPTED)
  countFrontend(stream, 'deniedRequests')
  if (stream.hasBackend) countBackend(stream, 'deniedRequests')
  return refuse(stream)
}

/** Keeps the client waiting before it is refused. */
const beginTarpit = (stream: Stream, analyser: number): true => {
  const { request, backend, now } = stream
  if (hasManagedCookies(stream)) manageRequestCookies(stream)
  request.erase()
  request.dontConnect()
  request.analysers = (request.analysers & RequestAnalyser.END) | RequestAnalyser.TARPIT
  const { timeouts, kind } = backend.config
  // frontends have no `timeout connect`
  request.analyseExpires = now + (timeouts.tarpit ?? (kind === 'frontend' ? undefined : timeouts.connect) ?? 0)
  countFrontend(stream, 'deniedRequests')
  if (stream.hasBackend) countBackend(stream, 'deniedRequests')
  request.analysers &= ~analyser
  stream.position = undefined
  return true
}

const fail = (stream: Stream): false => {
  stream.transaction!.status = 500
  stream.front.report(EndEvent.INTERNAL_ERROR)
  stream.endBy('I')
  countInternalError(stream, true)
  return refuse(stream)
}

const refuse = (stream: Stream): false => {
  setHttpEndState(stream)
  replyAndClose(stream)
  return end(stream)
}

const end = (stream: Stream): false => {
  const { request } = stream
  setHttpEndState(stream)
  request.analysers &= RequestAnalyser.END
  request.analyseExpires = NEVER
  stream.position = undefined
  return false
}
