/** `use_backend`, `default_backend` and `use-server` (`process_switching_rules` and `process_server_rules`, src/stream.c). */
import type { Condition } from '../../config/model/acl.js'
import { StreamFilters } from '../filters/stream-filters.js'
import type { Proxy } from '../proxy/proxy.js'
import { evaluateCondition } from '../samples/expression.js'
import { formatText } from '../samples/log-format.js'
import { ServerState } from '../server/status.js'
import { RequestAnalyser } from './analysers.js'
import { NEVER } from './channel.js'
import { SideFlag } from './connector.js'
import { switchToHttp } from './http/upgrade.js'
import { samplesOf } from './samples.js'
import type { Stream } from './stream.js'

const holds = (stream: Stream, proxy: Proxy, condition: Condition | undefined): boolean =>
  condition === undefined || evaluateCondition(condition, samplesOf(stream, proxy)) === 'pass'

export const processSwitchingRules = (stream: Stream): boolean => {
  const { request, session } = stream
  const { frontend } = session
  request.analysers &= ~RequestAnalyser.SWITCHING_RULES
  request.analyseExpires = NEVER
  if (!stream.hasBackend) {
    const backend = chooseBackend(stream, frontend) ?? defaultBackend(stream, frontend)
    if (!setBackend(stream, backend)) return fail(stream)
  }
  stream.maxRetries = stream.backend.config.retries
  if (frontend === stream.backend)
    request.analysers &= ~(
      RequestAnalyser.INSPECT_BACKEND |
      RequestAnalyser.PROCESS_BACKEND |
      RequestAnalyser.START_BACKEND
    )
  const rule = stream.context
    .plan(stream.backend)
    .traffic?.persistence.find(({ condition }) => holds(stream, stream.backend, condition))
  if (rule?.force === true) stream.forcesPersistence = true
  else if (rule) stream.ignoresPersistence = true
  return true
}

/** The backend of the first `use_backend` that applies; undefined if no rule applies, or the name is unknown. */
const chooseBackend = (stream: Stream, frontend: Proxy): Proxy | undefined => {
  const { context } = stream
  const rule = context.plan(frontend).traffic?.switching.find(({ condition }) => holds(stream, frontend, condition))
  if (!rule) return undefined
  const name = rule.format ? formatText(rule.format, samplesOf(stream, frontend)) : rule.name
  return context.process.backendNamed(name)
}

const defaultBackend = (stream: Stream, frontend: Proxy): Proxy => {
  const { defaultBackend: name } = frontend.config
  return (name === undefined ? undefined : stream.context.process.backendNamed(name)) ?? stream.backend
}

/** Gives the stream to a backend (`stream_set_backend`, src/proxy.c). Returns false if the backend cannot take it. */
export const setBackend = (stream: Stream, backend: Proxy): boolean => {
  if (stream.hasBackend) return true
  const { context, session, request, now } = stream
  if (context.plan(backend).filters.length > 0) stream.filters ??= new StreamFilters(stream)
  if (stream.filters?.attachBackend(backend) === false) return false
  stream.backend = backend
  const counters = backend.countingBackend
  counters.maxSessions = Math.max(counters.maxSessions, ++backend.backendSessions)
  counters.sessions++
  counters.maxSessionRate = Math.max(counters.maxSessionRate, counters.sessionRate.add(now))
  stream.back.flags &= ~SideFlag.INDEPENDENT
  if (backend.config.options.has('independent-streams')) stream.back.flags |= SideFlag.INDEPENDENT
  let analysers = context.plan(backend).backendRequest
  const buffersRequests = (proxy: Proxy): boolean => proxy.config.options.has('http-buffer-request')
  if (buffersRequests(backend) && !buffersRequests(session.frontend)) analysers |= RequestAnalyser.HTTP_BODY
  if (stream.isHttp && session.frontend.mode !== 'http')
    analysers &= ~(RequestAnalyser.WAIT_HTTP | RequestAnalyser.PROCESS_FRONTEND)
  request.analysers |= analysers & ~context.plan(session.frontend).frontendRequest
  if (stream.isHttp && backend.mode !== 'http') {
    stream.endBy('I')
    return false
  }
  if (!stream.isHttp && backend.mode === 'http' && !switchToHttp(stream, undefined)) return false
  stream.hasBackend = true
  return true
}

const fail = (stream: Stream): false => {
  stream.abort()
  stream.endBy('R')
  stream.endIn('R')
  if (stream.transaction) stream.transaction.status = 500
  stream.request.analysers &= RequestAnalyser.END
  stream.request.analyseExpires = NEVER
  return false
}

export const processServerRules = (stream: Stream): boolean => {
  const { backend, context, request } = stream
  for (const rule of stream.isAssigned ? [] : (context.plan(backend).traffic?.servers ?? [])) {
    if (!holds(stream, backend, rule.condition)) continue
    const server = backend.server(rule.format ? formatText(rule.format, samplesOf(stream, backend)) : rule.name)
    if (!server) break
    if (server.state === ServerState.STOPPED && !backend.config.options.has('persist') && !stream.forcesPersistence)
      continue
    stream.isDirect = stream.isAssigned = true
    stream.target = server
    break
  }
  request.analysers &= ~RequestAnalyser.SERVER_RULES
  request.analyseExpires = NEVER
  return true
}
