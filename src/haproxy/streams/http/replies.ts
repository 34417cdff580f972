/**
 * Replies of HAProxy's own: error pages, and what rules return; they take the place of a response (`http_reply_and_close`,
 * `http_reply_to_htx` and `http_forward_proxy_resp` in src/http_ana.c).
 */
import type { HttpReply } from '../../../config/model/replies.js'
import {
  errorMessage,
  ERROR_STATUSES,
  Fields,
  parseStoredResponse,
  reasonOf,
  type BodyKind,
  type ResponseHead,
  type StoredResponse,
} from '../../../http/index.js'
import { formatText } from '../../samples/log-format.js'
import { BLOCK_SIZE } from '../../../http/h1/limits.js'
import { RequestAnalyser, ResponseAnalyser } from '../analysers.js'
import { NEVER } from '../channel.js'
import { SideFlag } from '../connector.js'
import { abortChannel, type Stream } from '../stream.js'
import { samplesOf } from '../samples.js'
import { evaluateAfterResponse } from './after-response.js'
import { errorPageOf, pageOfSection } from './error-pages.js'

/** A reply ready to be sent. */
export interface Reply {
  readonly head: ResponseHead
  readonly body: string
}

const builtIn = new Map<number, StoredResponse>()

/** HAProxy's own page for a status; that of 500 where it has none. */
const builtInPage = (stream: Stream, status: number): StoredResponse => {
  const known = ERROR_STATUSES.includes(status) ? status : 500
  let page = builtIn.get(known)
  if (!page) {
    page = parseStoredResponse(errorMessage(known), stream.context.limits) as StoredResponse
    builtIn.set(known, page)
  }
  return page
}

const noConnection = { close: false, keepAlive: false, upgrade: false }

/** How a body is delimited; that of an error page without a length ends with the connection. */
const bodyKind = (status: number, fields: Fields, body: string, stored: StoredResponse | undefined): BodyKind => {
  if (stored && !fields.has('content-length') && status !== 204 && status !== 304) return 'close'
  return body === '' ? 'none' : 'length'
}

/** The head of a response that HAProxy makes. */
export const makeHead = (status: number, fields: Fields, body: string, stored?: StoredResponse): ResponseHead => ({
  version: stored?.version ?? 'HTTP/1.1',
  isVersion11: (stored?.version ?? 'HTTP/1.1') >= 'HTTP/1.1',
  status,
  statusText: stored?.statusText ?? String(status),
  reason: stored?.reason ?? reasonOf(status),
  isInterim: status < 200 && status !== 101,
  fields,
  connection: noConnection,
  body: bodyKind(status, fields, body, stored),
  length: fields.has('content-length') ? body.length : undefined,
  isChunked: false,
  hasTransferCoding: false,
})

const fromStored = (stored: StoredResponse): Reply => {
  const fields = new Fields([...stored.fields].map(({ name, value }) => [name, value] as const))
  return { head: makeHead(stored.status, fields, stored.body, stored), body: stored.body }
}

/** HAProxy's own page for a status, also if the configuration has another. */
export const builtInReply = (stream: Stream, status: number): Reply => fromStored(builtInPage(stream, status))

/** The reply with the status of the transaction: that of a rule, or the error page of the backend or the frontend, or HAProxy's own. */
const currentReply = (stream: Stream): Reply | undefined => {
  const transaction = stream.transaction!
  const { reply } = transaction
  stream.response.truncate()
  return reply ? compose(stream, reply) : errorPage(stream, transaction.status)
}

const errorPage = (stream: Stream, status: number): Reply | undefined => {
  const { backend, session } = stream
  const { configuration } = stream.context.process
  const page = errorPageOf(configuration, backend, status) ?? errorPageOf(configuration, session.frontend, status)
  if (page === 'none') return undefined
  if (page === undefined || page === 'built-in') return fromStored(builtInPage(stream, status))
  return 'freeSpace' in page ? fromStored(page) : compose(stream, page)
}

/** Makes the reply that a rule or `http-error` describes, whose expressions see no response of the server. */
const compose = (stream: Stream, reply: HttpReply): Reply | undefined => {
  const { body: source, status } = reply
  const samples = samplesOf(stream, stream.backend)
  switch (source.from) {
    case 'default-errorfiles':
      return errorPage(stream, status)
    case 'errorfiles': {
      const page = pageOfSection(stream.context.process.configuration, source.section, status)
      if (page === undefined) return errorPage(stream, status)
      return page === 'none' ? undefined : fromStored(page)
    }
    case 'errorfile':
      return source.response ? fromStored(source.response) : undefined
  }
  const body = source.from === 'text' ? source.text : source.from === 'format' ? formatText(source.format, samples) : ''
  const fields = new Fields()
  for (const { name, value } of reply.fields) {
    const text = formatText(value, samples)
    if (text !== '') fields.append(name, text)
  }
  fields.append('content-length', String(body.length))
  if (body !== '' && reply.contentType !== undefined) fields.append('content-type', reply.contentType)
  return { head: makeHead(status, fields, body), body }
}

/** Ends a transaction with the reply for its status. */
export const replyAndClose = (stream: Stream): void => {
  const transaction = stream.transaction!
  const reply = currentReply(stream)
  if (reply && transaction.status === -1) transaction.status = reply.head.status
  if (reply && !putReply(stream, reply)) {
    stream.response.truncate()
    stream.endBy('P')
    if (transaction.status !== 500 || !transaction.isConstReply) {
      if (transaction.status === 500) transaction.isConstReply = true
      transaction.status = 500
      transaction.reply = undefined
      return replyAndClose(stream)
    }
  }
  closeTransaction(stream)
}

/**
 * Puts the reply of a rule in place of the response, and ends the transaction (`http_reply_message`). Returns false if there is no room, or
 * `http-after-response` rules have failed.
 */
export const sendReply = (stream: Stream, reply: HttpReply): boolean => {
  stream.response.truncate()
  const composed = compose(stream, reply)
  if (!composed) closeWithoutReply(stream)
  else if (!putReply(stream, composed)) {
    stream.response.truncate()
    stream.endBy('P')
    return false
  }
  return true
}

/** The same with the error page for the status of the transaction. @param change of its fields */
export const sendErrorPage = (stream: Stream, change: (fields: Fields) => void): boolean => {
  const reply = currentReply(stream)
  if (!reply) return false
  change(reply.head.fields)
  if (putReply(stream, reply)) return true
  stream.response.truncate()
  return false
}

/** Ends a transaction without a reply. */
export const closeWithoutReply = (stream: Stream): void => {
  stream.response.truncate()
  closeTransaction(stream)
}

const closeTransaction = (stream: Stream): void => {
  const { request, response } = stream
  request.analysers &= RequestAnalyser.END
  request.analyseExpires = NEVER
  response.analysers &= ResponseAnalyser.END
  response.analyseExpires = NEVER
  closeChannels(stream)
}

/** Drops the rest of the request, and closes both sides once the response is sent. */
export const closeChannels = ({ request, response, front, back }: Stream): void => {
  request.autoRead()
  abortChannel(request, front, back)
  request.erase()
  response.autoRead()
  response.autoClose()
  back.scheduleAbort()
}

/** Puts a reply in place of the response. Returns false if there is no room, or `http-after-response` rules have failed. */
export const putReply = (stream: Stream, { head, body }: Reply): boolean => {
  const { response } = stream
  response.truncate()
  response.buffer.push({ kind: 'head', head })
  if (body.length + BLOCK_SIZE > response.buffer.room(0)) return false
  if (body !== '') response.buffer.push({ kind: 'data', bytes: body, announced: undefined })
  response.buffer.isComplete = true
  return forwardReply(stream, head)
}

/** Forwards a reply that is in the buffer of the response, and ends the transaction (`http_forward_proxy_resp`). */
export const forwardReply = (stream: Stream, head: ResponseHead): boolean => {
  const { response, back } = stream
  const transaction = stream.transaction!
  if (transaction.serverStatus === -1) transaction.serverStatus = 0
  transaction.response.head = head
  if (!evaluateAfterResponse(stream)) return false
  if (transaction.method === 'HEAD') response.buffer.dropBody()
  closeChannels(stream)
  back.flags |= SideFlag.EOI
  response.buffer.isComplete = true
  response.total += response.buffer.forward()
  return true
}

/** Sends an interim response at once. */
export const sendInterim = (stream: Stream, status: number, reason: string, fields: Fields): void => {
  const { response } = stream
  response.buffer.push({ kind: 'head', head: { ...makeHead(status, fields, ''), reason } })
  response.total += response.buffer.forward()
}
