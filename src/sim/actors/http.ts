/** An HTTP/1 server that responds 200 by default (RFC 9110, RFC 9112). */
import { fromBytes, toBytes } from '../../bytes/latin1.js'
import { fromByteString } from '../../bytes/text.js'
import { formatAddress, type Address } from '../../net/address.js'
import type { Connection } from '../../net/network.js'
import {
  modeOfRequest,
  RequestReader,
  type Fields,
  type RequestHead,
  type RequestReaderOptions,
} from '../../http/index.js'
import { Reply, type HttpReply, type ReplyBytes } from './http-reply.js'
import { HttpRequest } from './http-request.js'
import { compileCondition, type HttpCondition } from './http-rules.js'
import { ServerActor, type ServerOptions } from './server.js'
import { Session } from './session.js'
import type { ActorContext } from './world.js'

/** A fixed reply or a function that returns one; `undefined` means no response. */
export type HttpResponder = HttpReply | ((request: HttpRequest) => HttpReply | undefined)

/** Options of an HTTP server. */
export interface HttpServerOptions extends ServerOptions {
  /** how many requests {@link HttpServer.requests} keeps, the latest ones (default: all) */
  readonly keepRequests?: number | undefined
}

/** A responder and the requests it applies to. */
interface Rule {
  readonly condition: HttpCondition | undefined
  readonly matches: (request: HttpRequest) => boolean
  readonly respond: (request: HttpRequest) => Reply | undefined
}

/** An HTTP server. */
export class HttpServer extends ServerActor<HttpSession> {
  /** complete requests in order: all, or the latest ones ({@link HttpServerOptions.keepRequests}) */
  readonly requests: HttpRequest[] = []
  /** number of accepted connections */
  connections = 0
  readonly #keepRequests: number
  /** replies that are a status, by status */
  readonly #statuses = new Map<number, Reply>()
  /** the latest first; the last one applies to all requests */
  #rules: readonly Rule[]

  constructor(world: ActorContext, address: Address, options: HttpServerOptions = {}) {
    super(world, address, options)
    this.#keepRequests = options.keepRequests ?? Infinity
    this.#rules = [this.#rule(undefined, 200)]
  }

  /** Restores the default behavior, including the response 200. */
  override accept(): this {
    this.#rules = [this.#rule(undefined, 200)]
    return super.accept()
  }

  /** Sets the response to all requests; those of conditions are removed. Throws a RangeError for an invalid one. */
  respond(responder: HttpResponder): this
  /**
   * Sets the response to requests that match a condition: a path such as `/login` or `/api/*`, a table of `method`, `path`, `query` and
   * `headers`, or a function. Where several match, the one set last applies.
   */
  respond(condition: HttpCondition, responder: HttpResponder): this
  respond(...args: readonly [HttpResponder] | readonly [HttpCondition, HttpResponder]): this {
    if (args.length === 1) {
      this.#rules = [this.#rule(undefined, args[0])]
      return this
    }
    const rule = this.#rule(args[0], args[1])
    this.#rules = [rule, ...this.#rules.filter(({ condition }) => condition !== rule.condition)]
    return this
  }

  /** @internal records a request and returns the reply; undefined: no response */
  answer(request: HttpRequest): Reply | undefined {
    this.requests.push(request)
    if (this.requests.length > this.#keepRequests) this.requests.shift()
    const { method, target } = request
    this.world.scheduler.trace.write('request', { server: this.name, method, path: fromByteString(target) })
    return this.#rules.find((rule) => rule.matches(request))!.respond(request)
  }

  /** @internal a validated reply; those that are a status are kept */
  reply(reply: HttpReply): Reply {
    if (typeof reply !== 'number') return new Reply(reply)
    let known = this.#statuses.get(reply)
    if (known === undefined) this.#statuses.set(reply, (known = new Reply(reply)))
    return known
  }

  protected session(connection: Connection): HttpSession {
    return new HttpSession(this, connection, ++this.connections)
  }

  #rule(condition: HttpCondition | undefined, responder: HttpResponder): Rule {
    const matches = condition === undefined ? () => true : compileCondition(condition)
    if (typeof responder !== 'function') {
      const reply = this.reply(responder)
      return { condition, matches, respond: () => reply }
    }
    const respond = (request: HttpRequest): Reply | undefined => {
      const given = responder(request)
      return given === undefined ? undefined : this.reply(given)
    }
    return { condition, matches, respond }
  }
}

/** The server accepts what HAProxy's parser can accept, with larger limits: it is not what a test is about. */
const PARSER: RequestReaderOptions = {
  limits: { headers: 1001, buffer: 65_536, reserve: 0 },
  relaxed: true,
  acceptsAnyBody: true,
  keepsConnection: true,
}

const CONTINUE = toBytes('HTTP/1.1 100 Continue\r\n\r\n')

/** A connection; requests are handled sequentially. */
class HttpSession extends Session {
  readonly #reader = new RequestReader(PARSER)
  readonly #from: string
  #head: RequestHead | undefined
  #headText = ''
  #body = ''
  #trailers: Fields | undefined
  /** a request was not answered: those after it cannot be answered either */
  #isSilent = false

  constructor(
    readonly server: HttpServer,
    connection: Connection,
    readonly number: number,
  ) {
    super(server, connection)
    this.#from = formatAddress(connection.remote)
  }

  protected handleInput(): void {
    if (this.#isSilent) this.connection.read()
    else while (this.open && !this.busy && !this.closing && !this.#isSilent && this.#handleNext());
    if (this.open && !this.busy && !this.closing && this.connection.ended) this.close()
  }

  /** Processes the next part of a request; returns whether there was one. */
  #handleNext(): boolean {
    const reader = this.#reader
    const before = this.#head === undefined ? reader.input : ''
    const event = reader.next()
    switch (event?.type) {
      case undefined: {
        const bytes = this.connection.read(reader.room)
        if (bytes.length > 0) reader.push(fromBytes(bytes))
        return bytes.length > 0
      }
      case 'head':
        this.#headText = before.slice(0, before.length - reader.pending)
        this.#startRequest(event.head)
        break
      case 'data':
        this.#body += event.data
        break
      case 'trailers':
        this.#trailers = event.fields
        break
      case 'error':
        this.#refuse(event.error.status)
        break
      case 'end':
        this.#answer(this.#head!, this.#body)
        this.#head = this.#trailers = undefined
        this.#body = ''
        reader.startNext()
    }
    return true
  }

  #startRequest(head: RequestHead): void {
    const status = refusedStatus(head)
    if (status !== undefined) this.#refuse(status)
    else if (this.#awaitsContinue(head)) this.send(CONTINUE)
    this.#head = head
  }

  /** Whether the client waits for 100 Continue: it has asked for it, and nothing of the body has arrived. */
  #awaitsContinue({ body, isVersion11, fields }: RequestHead): boolean {
    if (body === 'none' || !isVersion11 || this.#reader.pending > 0 || this.connection.available > 0) return false
    return fields.get('expect')?.toLowerCase() === '100-continue'
  }

  #answer(head: RequestHead, body: string): void {
    const request = new HttpRequest({
      head,
      headText: this.#headText,
      body,
      trailers: this.#trailers,
      at: this.owner.world.scheduler.clock.now,
      connection: this.number,
      from: this.#from,
    })
    const reply = this.server.answer(request)
    if (reply === undefined) this.#isSilent = true
    else
      this.after(reply.delay, () =>
        this.#send(reply.bytes(head.method, modeOfRequest(head) === 'keep-alive', head.isVersion11)),
      )
  }

  #refuse(status: number): void {
    this.#send(this.server.reply(status).bytes('GET', false, true))
  }

  #send(reply: ReplyBytes, from = 0): void {
    const { writes, interval, end } = reply
    for (let i = from; i < writes.length; i++) {
      if (i > from && interval > 0) return this.after(interval, () => this.#send(reply, i))
      this.send(writes[i]!)
    }
    if (end === 'close') this.close()
    else if (end === 'reset') this.resetAfterSending()
    else if (end === 'hang') this.#isSilent = true
  }
}

/** The status for requests that an HTTP/1 server must not accept (RFC 9110, section 15.6.6; RFC 9112, section 3.2). */
const refusedStatus = ({ version, isVersion11, fields }: RequestHead): number | undefined => {
  if (!version.startsWith('HTTP/1.')) return 505
  return isVersion11 && !fields.has('host') ? 400 : undefined
}
