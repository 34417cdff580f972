/** The first analyser of HTTP requests: takes the head, answers `monitor-uri`, prepares logs and captures (`http_wait_for_request`). */
import { EndEvent } from '../../connections/end-events.js'
import { parseUri, type RequestHead } from '../../../http/index.js'
import { evaluateCondition } from '../../samples/expression.js'
import { RequestAnalyser } from '../analysers.js'
import { NEVER } from '../channel.js'
import { countFrontend, countRequest } from '../counting.js'
import { samplesOf } from '../samples.js'
import { setHttpEndState } from '../set-end-state.js'
import type { Stream } from '../stream.js'
import { keepsRequestLine, logRequest } from '../stream-log.js'
import { captureFields } from './captures.js'
import { replyToFailedConnect } from './connect-failure.js'
import { replyAndClose } from './replies.js'
import { MessageState } from './transaction.js'
import { waitForUpgrade } from './upgrade.js'

/** Methods whose responses caches may keep. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

export const waitForRequest = (stream: Stream): boolean => {
  if (!stream.isHttp) return waitForUpgrade(stream)
  const { request, session, context } = stream
  const { frontend } = session
  const transaction = stream.transaction!
  const { buffer } = request
  const head = buffer.head as RequestHead | undefined
  if (buffer.problem !== undefined || !head) {
    countRequest(session, 1)
    const isParsing = buffer.problem !== 'processing'
    transaction.status = isParsing ? 400 : 500
    // HAProxy reports it on the side of the server
    stream.back.report(isParsing ? EndEvent.PROTOCOL_ERROR : EndEvent.INTERNAL_ERROR)
    if (isParsing) countFrontend(stream, 'failedRequests')
    else {
      stream.endBy('I')
      countFrontend(stream, 'internalErrors')
    }
    return refuse(stream)
  }
  stream.onConnectFailure = replyToFailedConnect
  transaction.request.head = head
  transaction.request.isVersion11 = head.isVersion11
  transaction.request.state = MessageState.BODY
  transaction.request.hasAuthority = parseUri(head.uri).authority !== undefined
  transaction.method = head.method
  countRequest(session, Number(head.version[5]))
  request.analyseExpires = NEVER
  if (head.method.toUpperCase() === 'PRI') {
    transaction.status = 400
    countFrontend(stream, 'failedRequests')
    return refuse(stream)
  }
  if (isMonitored(frontend.config.monitorUri, head.uri)) {
    stream.isMonitor = true
    countFrontend(stream, 'interceptedRequests')
    const failures = context.plan(frontend).traffic?.monitorFailures ?? []
    const isFailing = failures.some((condition) => evaluateCondition(condition, samplesOf(stream, frontend)) === 'pass')
    transaction.status = isFailing ? 503 : 200
    stream.endBy('L')
    stream.front.report(EndEvent.INTERCEPTED)
    return refuse(stream)
  }
  if (keepsRequestLine(stream)) {
    const { requestLineLength } = context.process.configuration.global
    transaction.requestLine = `${head.method} ${head.uri} ${head.version}`.slice(0, requestLineLength)
  }
  logRequest(stream)
  if (frontend.config.options.has('http-use-proxy-header') && !/^[/*]/.test(head.uri))
    transaction.usesProxyConnection = true
  captureFields(stream, 'request', head.fields)
  if (stream.backend.config.options.has('http-buffer-request')) request.analysers |= RequestAnalyser.HTTP_BODY
  if (SAFE.has(head.method)) transaction.isCacheable = transaction.mayCacheCookies = true
  request.analysers &= ~RequestAnalyser.WAIT_HTTP
  request.analyseExpires = NEVER
  return true
}

const refuse = (stream: Stream): false => {
  setHttpEndState(stream)
  replyAndClose(stream)
  return false
}

/** Whether a request is for `monitor-uri`: by its path if that begins with a slash, or by the whole target. */
const isMonitored = (monitorUri: string | undefined, uri: string): boolean => {
  if (monitorUri === undefined) return false
  return uri === monitorUri || (monitorUri.startsWith('/') && pathAndQuery(uri) === monitorUri)
}

const pathAndQuery = (uri: string): string => {
  if (uri.startsWith('/')) return uri
  const authority = uri.indexOf('://')
  if (authority < 0) return ''
  const slash = uri.indexOf('/', authority + 3)
  return slash < 0 ? '' : uri.slice(slash)
}
