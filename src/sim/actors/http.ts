/** An HTTP/1 server that responds 200 by default (RFC 9110, RFC 9112). */
import { fromByteString, toByteString } from '../../bytes/text.js'
import type { Connection } from '../../net/network.js'
import { toMicros, type Duration } from '../duration.js'
import {
  HttpReader,
  keepsAlive,
  reasonPhrase,
  formatResponse,
  type FormattedResponse,
  type HttpRequest,
  type ParsedRequest,
} from './http-message.js'
import { Server } from './server.js'
import { Session, toText } from './session.js'

export type { HttpRequest } from './http-message.js'

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
export class HttpServer extends Server<HttpSession> {
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
    throw new RangeError(`'${response as string}' is no response: a status, a table, 'close' or 'reset' is expected`)
  const full = typeof response === 'number' ? { status: response } : response
  const status = full.status ?? 200
  if (!Number.isInteger(status) || status < 100 || status > 999) throw new RangeError(`${status} is not an HTTP status`)
  const { body } = full
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array))
    throw new RangeError(`the body of a response is text or bytes, not ${typeof body}`)
  return full
}

/** A connection; requests are handled sequentially. */
class HttpSession extends Session {
  readonly #reader = new HttpReader()

  constructor(
    readonly server: HttpServer,
    connection: Connection,
  ) {
    super(server, connection)
  }

  protected handleInput(): void {
    this.#reader.add(toText(this.connection.read()))
    while (this.open && !this.busy && !this.closing) {
      const reading = this.#reader.next()
      if (reading === 'more') break
      this.#answer(reading)
    }
    if (this.open && !this.busy && !this.closing && this.connection.ended) this.close()
  }

  #answer(reading: Exclude<ParsedRequest, 'more'>): void {
    if ('status' in reading) return this.#send({ status: reading.status }, 'GET', false, '1.1')
    const request: HttpRequest = { ...reading, at: this.owner.world.scheduler.clock.now }
    const response = this.server.answer(request)
    if (response === undefined) return
    if (response === 'close') return this.close()
    if (response === 'reset') return this.reset()
    this.after(toMicros(response.delay ?? 0), () =>
      this.#send(response, request.method, keepsAlive(request), request.version),
    )
  }

  #send(response: HttpResponse, method: string, keepAlive: boolean, version: string): void {
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
    this.send(formatResponse(answer, { method, keepAlive: persists, version }))
    if (!persists) this.close()
  }
}
