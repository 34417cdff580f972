/** The trace records of requests that clients have sent. */
import { fromByteString } from '../../bytes/text.js'
import type { Micros, Trace, TraceRecord } from '../../engine/index.js'
import type { HttpAnswer } from './answer.js'
import type { HttpExchange } from './exchange.js'

/** The trace record of a request when it has ended. Texts are decoded as UTF-8. */
export interface ClientRecord extends TraceRecord {
  readonly type: 'client'
  /** the name of the client */
  readonly client: string
  readonly method: string
  readonly url: string
  /** of the answer */
  readonly status?: number
  readonly reason?: string
  /** number of bytes of the body of the answer */
  readonly length?: number
  /** why the request failed */
  readonly error?: string
  /** time since the start of the request, in microseconds */
  readonly took: Micros
  /** request and answer in full, of clients with the option `detailed` */
  readonly request?: MessageText
  readonly answer?: MessageText
}

/** A message as text. */
export interface MessageText {
  /** the first line and the header fields, one on each line */
  readonly head: string
  readonly body: string
}

/** Writes the records of one client. */
export class ClientTrace {
  constructor(
    readonly trace: Trace,
    readonly name: string,
    readonly detailed: boolean,
  ) {}

  /** Writes the record of an exchange that has ended. */
  write(exchange: HttpExchange): void {
    const { method, url, answer, error } = exchange
    const outcome = answer
      ? { status: answer.status, reason: fromByteString(answer.reason), length: answer.body.length }
      : { error: error!.message }
    this.trace.write('client', {
      client: this.name,
      method,
      url,
      ...outcome,
      took: this.trace.clock.now - exchange.startedAt,
      ...(this.detailed && { request: requestText(exchange), ...(answer && { answer: answerText(answer) }) }),
    })
  }
}

const requestText = ({ message: { head, body } }: HttpExchange): MessageText & { readonly [key: string]: string } => ({
  head: fromByteString(head.replaceAll('\r\n', '\n').trimEnd()),
  body: fromByteString(body.pieces.join('')),
})

const answerText = (answer: HttpAnswer): MessageText & { readonly [key: string]: string } => ({
  head: fromByteString(
    [
      `HTTP/${answer.version} ${answer.status} ${answer.reason}`.trimEnd(),
      ...answer.headers.entries().map(([name, value]) => `${name}: ${value}`),
    ].join('\n'),
  ),
  body: fromByteString(answer.body),
})
