/** An HTTP/1 server that responds 200 by default (RFC 9110, RFC 9112). */
import { decodeText, fromByteString, toByteString } from '../../bytes/text.js'
import type { Connection } from '../../net/network.js'
import { toMicros, type Duration } from '../duration.js'
import { modeOfRequest, RequestReader, type RequestHead, type RequestReaderOptions } from '../../http/index.js'
import type { Micros } from '../../engine/index.js'
import { formatResponse, reasonPhrase, type FormattedResponse } from './http-response.js'
import { ServerActor } from './server.js'
import { Session, latin1Bytes, toText } from './session.js'

/** A received request. */
export interface HttpRequest {
  readonly method: string
  /** the request target */
  readonly path: string
  /** `1.0` or `1.1` */
  readonly version: string
  /** by lower-case name; repeated fields are joined with `, ` */
  readonly headers: Readonly<Record<string, string>>
  /** one character per byte */
  readonly body: string
  /** the body as text; invalid UTF-8 bytes are lone surrogates, U+DC80 to U+DCFF */
  readonly text: string
  /** the body as bytes */
  readonly bytes: Uint8Array
  /** when it was complete, in microseconds since the start of the run */
  readonly at: Micros
}

/** A response. */
export interface HttpResponse {
  /** default 200 */
  readonly status?: number
  /** reason phrase (default: that of RFC 9110) */
  readonly reason?: string
  readonly headers?: Readonly<Record<string, string | number>>
  /** strings are sent as UTF-8 */
  readonly body?: string | Uint8Array
  /** close the connection after the response */
  readonly close?: boolean
  /** delay before the response; milliseconds or a HAProxy duration */
  readonly delay?: Duration
}

/** A status, a response, or the way to end the connection without a response. */
export type HttpReply = number | HttpResponse | 'close' | 'reset'

/** A fixed reply or a function that returns one; `undefined` means no response. */
export type HttpResponder = HttpReply | ((request: HttpRequest) => HttpReply | undefined)

/** An HTTP server. */
export class HttpServer extends ServerActor<HttpSession> {
  /** all complete requests in order */
  readonly requests: HttpRequest[] = []
  #responder: HttpResponder = 200

  /** Restores the default behavior, including the response 200. */
  override accept(): this {
    this.#responder = 200
    return super.accept()
  }

  /** Sets the response to requests. Throws a RangeError for an invalid one. */
  respond(responder: HttpResponder): this {
    if (typeof responder !== 'function') validated(responder)
    this.#responder = responder
    return this
  }

  /** @internal */
  answer(request: HttpRequest): HttpResponse | 'close' | 'reset' | undefined {
    this.requests.push(request)
    const { method, path } = request
    this.world.scheduler.trace.write('request', { server: this.name, method, path: fromByteString(path) })
    const given = typeof this.#responder === 'function' ? this.#responder(request) : this.#responder
    return given === undefined ? undefined : validated(given)
  }

  protected session(connection: Connection): HttpSession {
    return new HttpSession(this, connection)
  }
}

const validated = (response: HttpReply): HttpResponse | 'close' | 'reset' => {
  if (response === 'close' || response === 'reset') return response
  if (typeof response === 'string')
    throw new RangeError(`invalid response '${response as string}': expected a status, a table, 'close' or 'reset'`)
  const full = typeof response === 'number' ? { status: response } : response
  const status = full.status ?? 200
  if (!Number.isInteger(status) || status < 100 || status > 999) throw new RangeError(`${status} is not an HTTP status`)
  const { body } = full
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array))
    throw new RangeError(`the body of a response is text or bytes, not ${typeof body}`)
  return full
}

/** The server accepts what HAProxy's parser can accept, with larger limits: it is not what a test is about. */
const PARSER: RequestReaderOptions = {
  limits: { headers: 1001, buffer: 65_536, reserve: 0 },
  relaxed: true,
  acceptsAnyBody: true,
  keepsConnection: true,
}

/** A connection; requests are handled sequentially. */
class HttpSession extends Session {
  readonly #reader = new RequestReader(PARSER)
  #head: RequestHead | undefined
  #body = ''

  constructor(
    readonly server: HttpServer,
    connection: Connection,
  ) {
    super(server, connection)
  }

  protected handleInput(): void {
    while (this.open && !this.busy && !this.closing && this.#handleNext());
    if (this.open && !this.busy && !this.closing && this.connection.ended) this.close()
  }

  /** Processes the next part of a request; returns whether there was one. */
  #handleNext(): boolean {
    const event = this.#reader.next()
    switch (event?.type) {
      case undefined: {
        const bytes = this.connection.read(this.#reader.room)
        if (bytes.length > 0) this.#reader.push(toText(bytes))
        return bytes.length > 0
      }
      case 'head': {
        const status = refusedStatus(event.head)
        if (status !== undefined) this.#refuse(status)
        this.#head = event.head
        break
      }
      case 'data':
        this.#body += event.data
        break
      case 'error':
        this.#refuse(event.error.status)
        break
      case 'end':
        this.#answer(this.#head!, this.#body)
        this.#body = ''
        this.#reader.startNext()
    }
    return true
  }

  #answer(head: RequestHead, body: string): void {
    const { method, uri, version } = head
    const response = this.server.answer({
      method,
      path: uri,
      version: version.slice('HTTP/'.length),
      headers: recordOf(head),
      body,
      text: decodeText(latin1Bytes(body)),
      bytes: latin1Bytes(body),
      at: this.owner.world.scheduler.clock.now,
    })
    if (response === undefined) return
    if (response === 'close') return this.close()
    if (response === 'reset') return this.reset()
    const keepAlive = modeOfRequest(head) === 'keep-alive'
    this.after(toMicros(response.delay ?? 0), () => this.#send(response, method, keepAlive, head.isVersion11))
  }

  #refuse(status: number): void {
    this.#send({ status }, 'GET', false, true)
  }

  #send(response: HttpResponse, method: string, keepAlive: boolean, isVersion11: boolean): void {
    const status = response.status ?? 200
    const headers = Object.entries(response.headers ?? {}).map(([name, value]) => [name, String(value)] as const)
    const connectionHeader = headers.find(([name]) => name.toLowerCase() === 'connection')?.[1]
    const answer: FormattedResponse = {
      status,
      reason: response.reason ?? reasonPhrase(status),
      headers: Object.fromEntries(headers),
      body: typeof response.body === 'object' ? toText(response.body) : toByteString(response.body ?? ''),
    }
    const persists = keepAlive && response.close !== true && connectionHeader?.toLowerCase() !== 'close'
    this.send(formatResponse(answer, { method, keepAlive: persists, isVersion11 }))
    if (!persists) this.close()
  }
}

/** The status for requests that an HTTP/1 server must not accept (RFC 9110, section 15.6.6; RFC 9112, section 3.2). */
const refusedStatus = ({ version, isVersion11, fields }: RequestHead): number | undefined => {
  if (!version.startsWith('HTTP/1.')) return 505
  return isVersion11 && !fields.has('host') ? 400 : undefined
}

const recordOf = ({ fields }: RequestHead): Record<string, string> => {
  const record = new Map<string, string>()
  for (const { name, value } of fields) {
    const before = record.get(name)
    record.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(record)
}
