/** A web server that answers 200 to every well-formed request, or what it is told to (RFC 9110, RFC 9112). */
import { fromByteString, toByteString } from '../../bytes/text.js'
import type { Connection } from '../../net/network.js'
import { toMicros, type Duration } from '../duration.js'
import {
  HttpReader,
  keepsAlive,
  reasonOf,
  writeResponse,
  type HttpAnswer,
  type HttpRequest,
  type Reading,
} from './http-message.js'
import { Server } from './server.js'
import { Session, toText } from './session.js'

export type { HttpRequest } from './http-message.js'

export interface HttpResponse {
  /** default 200 */
  readonly status?: number
  /** default: what RFC 9110 calls the status */
  readonly reason?: string
  readonly headers?: Readonly<Record<string, string | number>>
  /** text is sent as UTF-8 */
  readonly body?: string | Uint8Array
  /** the connection is closed after the response, which says so */
  readonly close?: boolean
  /** how long it thinks before it answers; milliseconds, or a duration of HAProxy's */
  readonly delay?: Duration
}

/** A status, a whole response, or the end of the connection instead of one. */
export type HttpReply = number | HttpResponse | 'close' | 'reset'

/** What is answered: always the same, or what a function makes of the request. `undefined` leaves it without an answer. */
export type HttpResponder = HttpReply | ((request: HttpRequest) => HttpReply | undefined)

export class HttpServer extends Server<HttpSession> {
  /** all complete requests, in the order in which they came */
  readonly requests: HttpRequest[] = []
  #responder: HttpResponder = 200

  /** Everything as usual again, 200 for everything included. */
  override accept(): this {
    this.#responder = 200
    return super.accept()
  }

  /** Answers so from now on. Throws a RangeError for what is no status. */
  respond(responder: HttpResponder): this {
    if (typeof responder !== 'function') checked(responder)
    this.#responder = responder
    return this
  }

  /** @internal */
  answer(request: HttpRequest): HttpResponse | 'close' | 'reset' | undefined {
    this.requests.push(request)
    const { method, path } = request
    this.world.scheduler.trace.write('request', { server: this.name, method, path: fromByteString(path) })
    const given = typeof this.#responder === 'function' ? this.#responder(request) : this.#responder
    return given === undefined ? undefined : checked(given)
  }

  protected session(connection: Connection): HttpSession {
    return new HttpSession(this, connection)
  }
}

const checked = (response: HttpReply): HttpResponse | 'close' | 'reset' => {
  if (response === 'close' || response === 'reset') return response
  if (typeof response === 'string')
    throw new RangeError(`'${response as string}' is no response: a status, a table, 'close' or 'reset' is expected`)
  const whole = typeof response === 'number' ? { status: response } : response
  const status = whole.status ?? 200
  if (!Number.isInteger(status) || status < 100 || status > 999) throw new RangeError(`${status} is not an HTTP status`)
  const { body } = whole
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array))
    throw new RangeError(`the body of a response is text or bytes, not ${typeof body}`)
  return whole
}

/** One connection: requests are answered one after the other. */
class HttpSession extends Session {
  readonly #reader = new HttpReader()

  constructor(
    readonly server: HttpServer,
    connection: Connection,
  ) {
    super(server, connection)
  }

  protected take(): void {
    this.#reader.add(toText(this.connection.read()))
    while (this.open && !this.busy && !this.closing) {
      const reading = this.#reader.next()
      if (reading === 'more') break
      this.#answer(reading)
    }
    if (this.open && !this.busy && !this.closing && this.connection.ended) this.close()
  }

  #answer(reading: Exclude<Reading, 'more'>): void {
    if ('status' in reading) return this.#say({ status: reading.status }, 'GET', false, '1.1')
    const request: HttpRequest = { ...reading, at: this.owner.world.scheduler.clock.now }
    const response = this.server.answer(request)
    if (response === undefined) return
    if (response === 'close') return this.close()
    if (response === 'reset') return this.reset()
    this.after(toMicros(response.delay ?? 0), () =>
      this.#say(response, request.method, keepsAlive(request), request.version),
    )
  }

  #say(response: HttpResponse, method: string, keepAlive: boolean, version: string): void {
    const status = response.status ?? 200
    const headers = Object.entries(response.headers ?? {}).map(([name, value]) => [name, String(value)] as const)
    const asked = headers.find(([name]) => name.toLowerCase() === 'connection')?.[1]
    const answer: HttpAnswer = {
      status,
      reason: response.reason ?? reasonOf(status),
      headers: Object.fromEntries(headers),
      body: typeof response.body === 'object' ? toText(response.body) : toByteString(response.body ?? ''),
    }
    const stays = keepAlive && response.close !== true && asked?.toLowerCase() !== 'close'
    this.send(writeResponse(answer, { method, keepAlive: stays, version }))
    if (!stays) this.close()
  }
}
