/**
 * A client: sends HTTP requests, and opens connections on which a test sends and receives bytes. Methods that wait advance virtual time;
 * {@link Client.send} does not, so that any number of requests can be outstanding at once.
 */
import { isIp, isLoopback, parseAddress, type Address, type IpAddress } from '../../net/address.js'
import type { ConnectionEvents } from '../../net/network.js'
import type { Duration } from '../duration.js'
import type { HttpAnswer } from './answer.js'
import { ClientSession, WAIT_LIMIT, type ClientConnection } from './client-session.js'
import { parseUrl, type Destination } from './destination.js'
import { HttpExchange, RequestError } from './exchange.js'
import { HttpConnection, type HttpConnectionOwner } from './http-connection.js'
import { composeRequest, type RequestMessage, type RequestOptions } from './request-message.js'
import { ClientTrace } from './client-trace.js'
import { runUntil, type ActorContext } from './world.js'

/** Options of a raw connection. */
export interface ConnectOptions {
  /** the local address to connect from (default: that of the client) */
  readonly from?: Address
  /** Called with received data. */
  readonly receive?: (text: string, connection: ClientConnection) => void
}

/** Options of a request whose answer is waited for. */
export interface WaitOptions extends RequestOptions {
  /** how long to wait for the complete answer, in virtual time (default 1m) */
  readonly limit?: Duration
}

/** What clients of a simulation have in common. */
export interface ClientRegistry {
  /** exchanges without an answer */
  readonly outstanding: Set<HttpExchange>
  /** open connections without an outstanding answer */
  readonly idle: Set<HttpConnection>
}

/** Options of a client. */
export interface ClientOptions {
  /** its name in the trace (default: its address, or `client`) */
  readonly name?: string
  /** write requests and answers to the trace in full, not only their first lines */
  readonly detailed?: boolean
}

/** Where a client is. */
export interface ClientPlace extends ClientOptions {
  /** the local address of its connections */
  readonly from?: IpAddress | undefined
  /** why it cannot connect to loopback addresses, if so */
  readonly noLoopback?: string | undefined
  /** resolves a host name (default: names are those of the network) */
  readonly resolve?: (name: string) => readonly string[]
  readonly registry?: ClientRegistry
}

/** Maximum number of URLs whose parts are kept. */
const MAX_URLS = 1000

/** A client on a simulated host. */
export class Client implements HttpConnectionOwner {
  /** raw connections in the order of {@link connect} */
  readonly connections: ClientConnection[] = []
  /** @internal */
  readonly isHung = false
  readonly name: string
  readonly #trace: ClientTrace
  readonly #registry: ClientRegistry
  readonly #idle = new Map<string, HttpConnection[]>()
  readonly #urls = new Map<string, Destination>()
  readonly #outstanding = new Set<HttpExchange>()

  constructor(
    readonly world: ActorContext,
    private readonly place: ClientPlace = {},
  ) {
    this.name = place.name ?? place.from?.ip ?? 'client'
    this.#registry = place.registry ?? { outstanding: new Set(), idle: new Set() }
    this.#trace = new ClientTrace(world.scheduler.trace, this.name, place.detailed === true)
  }

  /** Sends a GET request and waits for the answer, as {@link request}. */
  get(url: string, options?: WaitOptions): HttpAnswer {
    return this.request('GET', url, options)
  }

  /** Sends a HEAD request and waits for the answer, as {@link request}. */
  head(url: string, options?: WaitOptions): HttpAnswer {
    return this.request('HEAD', url, options)
  }

  /** Sends a POST request and waits for the answer, as {@link request}. */
  post(url: string, options?: WaitOptions): HttpAnswer {
    return this.request('POST', url, options)
  }

  /** Sends a PUT request and waits for the answer, as {@link request}. */
  put(url: string, options?: WaitOptions): HttpAnswer {
    return this.request('PUT', url, options)
  }

  /** Sends a PATCH request and waits for the answer, as {@link request}. */
  patch(url: string, options?: WaitOptions): HttpAnswer {
    return this.request('PATCH', url, options)
  }

  /** Sends a DELETE request and waits for the answer, as {@link request}. */
  delete(url: string, options?: WaitOptions): HttpAnswer {
    return this.request('DELETE', url, options)
  }

  /** Sends an OPTIONS request and waits for the answer, as {@link request}. */
  options(url: string, options?: WaitOptions): HttpAnswer {
    return this.request('OPTIONS', url, options)
  }

  /**
   * Sends a request and advances time until the answer is complete. Throws a {@link RequestError} if it fails, or
   * is not complete within `options.limit` (default 1m), after which the connection is closed, and a RangeError for invalid arguments.
   *
   * @param url `http://127.0.0.1:8080/path?query`, or `https://…`
   */
  request(method: string, url: string, { limit = WAIT_LIMIT, ...options }: WaitOptions = {}): HttpAnswer {
    const exchange = this.send(method, url, options)
    try {
      return exchange.wait(limit)
    } catch (error) {
      if (error instanceof RequestError) exchange.abort()
      throw error
    }
  }

  /** Starts a request without waiting for the answer. Throws a RangeError for invalid arguments. */
  send(method: string, url: string, options: RequestOptions = {}): HttpExchange {
    return this.prepare(method, url, options)()
  }

  /** Like {@link send}, but only validates the arguments; the function that it returns starts the request. */
  prepare(method: string, url: string, options: RequestOptions = {}): () => HttpExchange {
    const destination = this.#destination(url, options.to)
    const target = options.target ?? (method === 'CONNECT' ? destination.authority : destination.target)
    const message = composeRequest(method, destination.host, target, options)
    return () => this.#start(method, url, destination, message, options.connection)
  }

  #start(
    method: string,
    url: string,
    destination: Destination,
    message: RequestMessage,
    connection: RequestOptions['connection'],
  ): HttpExchange {
    const exchange = new HttpExchange(this.world, method, url, message)
    this.#outstanding.add(exchange)
    this.#registry.outstanding.add(exchange)
    exchange.onEnd((ended) => this.#ended(ended))
    this.#connectionFor(destination, connection).submit(exchange)
    return exchange
  }

  /** Advances time until no request is outstanding; returns whether that succeeded within `limit` (default 1m). */
  wait(limit: Duration = WAIT_LIMIT): boolean {
    return runUntil(this.world, () => this.#outstanding.size === 0, limit)
  }

  /** Opens a connection for bytes. Throws a RangeError for an invalid address. @param to `127.0.0.1:80`, `/run/haproxy.sock` */
  connect(to: string | Address, options: ConnectOptions = {}): ClientConnection {
    const address = typeof to === 'string' ? this.#parseAddress(to) : to
    const session = new ClientSession(this, this.#opener(address, options.from), { receive: options.receive })
    this.connections.push(session)
    return session
  }

  /** Closes all idle HTTP connections. */
  close(): void {
    for (const connections of [...this.#idle.values()]) for (const each of [...connections]) each.close()
  }

  /** @internal */
  connectionIdle(connection: HttpConnection): void {
    const list = this.#idle.get(connection.destination)
    if (list === undefined) this.#idle.set(connection.destination, [connection])
    else list.push(connection)
    this.#registry.idle.add(connection)
  }

  /** @internal */
  sessionEnded(session: object): void {
    if (session instanceof HttpConnection) this.#forgetIdle(session)
  }

  #ended(exchange: HttpExchange): void {
    this.#outstanding.delete(exchange)
    this.#registry.outstanding.delete(exchange)
    this.#trace.write(exchange)
  }

  #forgetIdle(connection: HttpConnection): void {
    if (!this.#registry.idle.delete(connection)) return
    const list = this.#idle.get(connection.destination)!
    list.splice(list.indexOf(connection), 1)
    if (list.length === 0) this.#idle.delete(connection.destination)
  }

  #connectionFor(destination: Destination, wanted: RequestOptions['connection']): HttpConnection {
    if (wanted !== undefined && wanted !== 'new') {
      if (!(wanted instanceof HttpConnection))
        throw new RangeError("'connection' is 'new' or that of an earlier request")
      if (wanted.state === 'closed') throw new RangeError('the connection is closed')
      this.#forgetIdle(wanted)
      return wanted
    }
    const idle = wanted === undefined ? this.#idle.get(destination.key)?.at(-1) : undefined
    if (idle) {
      this.#forgetIdle(idle)
      return idle
    }
    const { address, tls } = destination
    return new HttpConnection(this, destination.key, this.#opener(address), { tls })
  }

  #opener(address: Address, from: Address | undefined = this.#source(address)) {
    return (events: ConnectionEvents) => this.world.host.connect(address, events, from)
  }

  /** Its own address as the source of a connection, if the family is that of the destination. */
  #source(to: Address): Address | undefined {
    const { from } = this.place
    return from !== undefined && isIp(to) && to.family === from.family ? from : undefined
  }

  #destination(url: string, to: string | undefined): Destination {
    const key = to === undefined ? url : `${to} ${url}`
    let known = this.#urls.get(key)
    if (known === undefined) {
      known = parseUrl(url, (text) => this.#parseAddress(text), to)
      if (this.#urls.size >= MAX_URLS) this.#urls.clear()
      this.#urls.set(key, known)
    }
    return known
  }

  #parseAddress(text: string): Address {
    const resolve = this.place.resolve ?? ((name: string) => this.world.host.resolve(name))
    const parsed = parseAddress(text, { resolve, portOk: true, portMandatory: true })
    if ('error' in parsed) throw new RangeError(parsed.error)
    if (this.place.noLoopback !== undefined && isLoopback(parsed.address))
      throw new RangeError(`'${text}': ${this.place.noLoopback}`)
    return parsed.address
  }
}
