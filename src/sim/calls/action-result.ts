/** What an action of a script has done: what it has returned, changed, answered and logged. */
import { fromByteString } from '../../bytes/text.js'
import type { Micros } from '../../engine/clock.js'
import type { LogRecord, MessageRecord } from '../../haproxy/logs/logger.js'
import type { Outcome } from '../../haproxy/rules/action.js'
import type { VariableStore } from '../../haproxy/samples/variables.js'
import type { Stream } from '../../haproxy/streams/stream.js'
import { splitQuery, type RequestHead, type ResponseHead } from '../../http/index.js'
import { HttpAnswer } from '../actors/answer.js'
import { HttpHeaders } from '../actors/headers.js'
import type { CalledProcess } from './called-process.js'
import type { Received } from './client-end.js'
import type { StreamCall } from './stream-call.js'
import { fromSample, type CallValue } from './values.js'

/** A request as an action has left it. Texts are byte strings (one character per byte). */
export interface CalledRequest {
  readonly method: string
  /** the request target: path and query */
  readonly target: string
  readonly path: string
  readonly query: string | undefined
  readonly headers: HttpHeaders
}

/** A response as an action has left it. Texts are byte strings. */
export interface CalledResponse {
  readonly status: number
  readonly reason: string
  readonly headers: HttpHeaders
}

/** What an action has done. */
export interface ActionResult {
  /** what it has returned, as the constants of `act` are named: `continue` for `act.CONTINUE`, also if it has returned nothing */
  readonly act: Exclude<Outcome, 'yield'>
  /** the request afterwards; undefined for TCP */
  readonly request: CalledRequest | undefined
  /** the response of the server afterwards; undefined in rules on requests, and for TCP */
  readonly response: CalledResponse | undefined
  /** what the client gets in place of a response of the server: by `txn:done`, or HAProxy's own page after `act.DENY` and others */
  readonly reply: HttpAnswer | undefined
  /** variables afterwards, by name: `txn.user` */
  readonly variables: Readonly<Record<string, CallValue>>
  /** what has reached the server, and the client, of a TCP connection, as byte strings; undefined for HTTP */
  readonly forwarded: string | undefined
  readonly received: string | undefined
  /** log lines that were sent to the log targets of the section `global` */
  readonly logs: readonly LogRecord[]
  /** messages on standard error */
  readonly messages: readonly MessageRecord[]
  /** how long it took, in microseconds of virtual time */
  readonly took: Micros
}

/** Outcomes after which the message is forwarded. */
const FORWARDS: ReadonlySet<Outcome> = new Set<Outcome>(['continue', 'stop', 'done'])

/** Takes note of what an action has done. */
export class CallRecord {
  readonly #startedAt: Micros
  readonly #logs: number
  readonly #messages: number
  #taken: Pick<ActionResult, 'act' | 'request' | 'response' | 'variables' | 'took'> | undefined

  constructor(readonly process: CalledProcess) {
    this.#startedAt = process.proxyContext.clock.now
    this.#logs = process.logs.length
    this.#messages = process.messages.length
  }

  /** The action has ended. */
  take(stream: Stream, outcome: Outcome, isResponse: boolean): void {
    const { request, response } = stream.transaction ?? {}
    this.#taken = {
      act: outcome as ActionResult['act'],
      request: request?.head && calledRequest(request.head),
      response: isResponse && response?.head ? calledResponse(response.head) : undefined,
      variables: variablesOf(stream),
      took: stream.now - this.#startedAt,
    }
  }

  /** @param missing what is thrown if the action was not called */
  result({ client, stream, forwarded }: StreamCall, missing: Error): ActionResult {
    const { process } = this
    if (!this.#taken) throw missing
    const { received } = client
    const isAnswered = stream.isHttp && !FORWARDS.has(this.#taken.act)
    return {
      ...this.#taken,
      reply: isAnswered ? answerOf(received, this.#startedAt, process.proxyContext.clock.now) : undefined,
      forwarded: stream.isHttp ? undefined : forwarded,
      received: stream.isHttp ? undefined : received.data,
      logs: process.logs.slice(this.#logs),
      messages: process.messages.slice(this.#messages),
    }
  }
}

/** What the client has received as an answer; undefined: nothing. */
export const answerOf = (received: Received, startedAt: Micros, at: Micros): HttpAnswer | undefined => {
  const { head, data, trailers, interim } = received
  if (!head) return undefined
  const interimAnswers = interim.map((each) => ({ ...answerHead(each), at }))
  return new HttpAnswer(answerHead(head), data, headersOf(trailers), interimAnswers, at, at - startedAt)
}

const answerHead = ({ status, reason, version, fields }: ResponseHead) => ({
  status,
  reason,
  version: version.slice('HTTP/'.length),
  headers: headersOf(fields),
})

const headersOf = (fields: Iterable<{ readonly name: string; readonly value: string }>): HttpHeaders =>
  new HttpHeaders([...fields].flatMap(({ name, value }) => [name, value]))

const calledRequest = ({ method, uri, fields }: RequestHead): CalledRequest => {
  const { path, query } = splitQuery(uri)
  return { method, target: uri, path, query, headers: headersOf(fields) }
}

const calledResponse = ({ status, reason, fields }: ResponseHead): CalledResponse => ({
  status,
  reason,
  headers: headersOf(fields),
})

const variablesOf = ({
  context,
  session,
  transactionVariables,
  messageVariables,
}: Stream): ActionResult['variables'] => {
  const found: Record<string, CallValue> = {}
  const add = ({ scope, variables }: VariableStore): void => {
    for (const [name, { value }] of variables) if (value) found[`${scope}.${fromByteString(name)}`] = fromSample(value)
  }
  for (const store of [context.process.variables.store, session.variables, transactionVariables, messageVariables])
    add(store)
  return found
}
