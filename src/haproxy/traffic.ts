/** The traffic of a process: its frontends' listeners, the sessions of clients, and all streams. */
import type { MessageLimits } from '../http/index.js'
import type { Connection, ConnectionEvents } from '../net/network.js'
import type { Balancer } from './balance/balancer.js'
import { RoundRobin } from './balance/round-robin.js'
import type { ProcessContext } from './context.js'
import { ServerStreams } from './balance/server-streams.js'
import { clientHandshakes } from './connections/client-handshakes.js'
import { clientOptions } from './connections/origin.js'
import { awaitHandshakes } from './listeners/embryonic.js'
import { FrontendListener } from './listeners/frontend-listener.js'
import type { Listener } from './listeners/listener.js'
import { H1Client, type ClientOptions } from './mux/h1-client.js'
import type { FrontError } from './mux/h1-refusal.js'
import { TcpEndpoint } from './mux/tcp.js'
import { Transport } from './mux/transport.js'
import type { ProxyDirectory } from './proxy/directory.js'
import { ProxyPlan } from './proxy/plan.js'
import type { Proxy } from './proxy/proxy.js'
import type { NameResolver } from './resolvers/index.js'
import type { StreamScripts } from './rules/action.js'
import { ACTIONS } from './rules/actions/index.js'
import { evaluateConnectionRules, evaluateSessionRules } from './rules/session-rules.js'
import type { Channel } from './streams/channel.js'
import type { StreamContext, UpgradedStream } from './streams/context.js'
import { continueAsHttp } from './streams/http/upgrade.js'
import { newStream } from './streams/new-stream.js'
import { ClientSession, type Session } from './streams/session.js'
import { logSession } from './streams/session-log.js'
import type { Stream } from './streams/stream.js'
import type { ServerObserver } from './server/observers.js'
import type { ProcessPart } from './world.js'

/** What traffic uses of its process. */
export type TrafficProcess = ProcessContext &
  Pick<ProxyDirectory, 'backendNamed' | 'frontendNamed' | 'proxies'> & {
    readonly resolvers: { named(name: string): NameResolver | undefined }
  }

export class Traffic implements ProcessPart, StreamContext {
  readonly limits: MessageLimits
  readonly rulesAtOnce: number
  readonly actions = ACTIONS
  /** set once the process is extended */
  scripts: StreamScripts | undefined
  /** in the order of their beginning */
  readonly streams = new Set<Stream>()
  readonly #listeners: FrontendListener[] = []
  readonly #clients = new Set<H1Client>()
  /** connections of clients whose handshakes are not complete */
  readonly #embryonic = new Set<Transport>()
  readonly #plans = new Map<Proxy, ProxyPlan>()
  readonly #balancers = new Map<Proxy, Balancer>()

  constructor(readonly process: TrafficProcess) {
    this.limits = process.configuration.global.messageLimits
    this.rulesAtOnce = process.configuration.global.rulesAtOnce
  }

  /** Opens the listener of a frontend. Throws a `NetworkError`. */
  listen(frontend: Proxy, listener: Listener): void {
    const frontendListener = new FrontendListener(this.process, frontend, listener, (connection) =>
      this.#serve(connection, listener, frontend),
    )
    frontendListener.open()
    this.#listeners.push(frontendListener)
  }

  plan(proxy: Proxy): ProxyPlan {
    let plan = this.#plans.get(proxy)
    if (!plan) this.#plans.set(proxy, (plan = new ProxyPlan(proxy.config)))
    return plan
  }

  /** Keeps the balancers of backends informed of their servers. */
  readonly serverObserver: ServerObserver = {
    apply: (server) => {
      this.#balancers.get(server.proxy)?.changed(server)
      return 0
    },
  }

  /** Balancers notice all changes of servers from the start; one server alone is always the next. */
  start(): void {
    for (const proxy of this.process.proxies) if (proxy.backend && proxy.servers.length > 1) this.balancer(proxy)
  }

  balancer(backend: Proxy): Balancer {
    let balancer = this.#balancers.get(backend)
    if (!balancer) this.#balancers.set(backend, (balancer = new RoundRobin(backend)))
    return balancer
  }

  resolver(name: string): NameResolver | undefined {
    return this.process.resolvers.named(name)
  }

  isQueued(): boolean {
    return false
  }

  leaveQueue(): void {
    // there are no queues yet
  }

  remember(stream: object): void {
    this.streams.add(stream as Stream)
    this.process.counters.streams++
    this.process.counters.currentStreams++
  }

  forget(stream: object): void {
    this.streams.delete(stream as Stream)
    this.process.counters.currentStreams--
  }

  drain(): void {
    for (const listener of this.#listeners) listener.close()
    this.#listeners.length = 0
    for (const client of this.#clients) client.closeIfIdle()
    for (const { servers } of this.process.proxies)
      for (const { traffic } of servers) if (traffic instanceof ServerStreams) traffic.closeIdle()
  }

  /** Ends all streams, as a hard stop does. */
  closeConnections(): void {
    for (const stream of this.streams) stream.endForServer('killed')
  }

  stop(): void {
    for (const listener of this.#listeners) listener.close()
    for (const client of [...this.#clients]) client.abort()
    for (const transport of this.#embryonic) transport.reset()
    for (const stream of this.streams) {
      stream.front.endpoint?.detach()
      stream.back.endpoint?.detach()
    }
    this.streams.clear()
  }

  /** A client has connected (`session_accept_fd`, `conn_complete_session`). */
  #serve(connection: Connection, listener: Listener, frontend: Proxy): ConnectionEvents {
    const { process } = this
    process.counters.sessionBegins()
    const session = new ClientSession(process, frontend, listener, connection.remote, connection.local)
    const transport = new Transport(process.counters, frontend.config.options.has('nolinger'))
    session.connectionEvents = transport.endEvents
    session.drop = (hops) => connection.vanish(hops)
    session.mark = (marks) => connection.setOptions?.(marks)
    if (!evaluateConnectionRules(this, session)) {
      connection.reset()
      this.#release(listener, frontend)
      return transport
    }
    const options = clientOptions(frontend.config, this.process.configuration.global.clientBuffers)
    if (options) connection.setOptions?.(options)
    const handshakes = clientHandshakes(session, this.limits.buffer)
    transport.accept(connection, handshakes)
    const release = () => this.#release(listener, frontend)
    if (handshakes.length > 0) this.#awaitHandshakes(session, transport, release)
    else {
      session.handshakeTime = 0
      if (!this.#complete(session, transport)) {
        transport.close()
        release()
      }
    }
    return transport
  }

  #awaitHandshakes(session: ClientSession, transport: Transport, release: () => void): void {
    const ended = () => {
      this.#embryonic.delete(transport)
      release()
    }
    const complete = () => {
      if (!this.#complete(session, transport)) return false
      this.#embryonic.delete(transport)
      return true
    }
    this.#embryonic.add(transport)
    awaitHandshakes(this, session, transport, complete, ended)
  }

  /** The handshakes of the client are complete (`conn_complete_session`). Returns false if the session is refused. */
  #complete(session: ClientSession, transport: Transport): boolean {
    const { process } = this
    const { frontend, listener } = session
    if (!evaluateSessionRules(this, session)) return false
    const counters = frontend.countingFrontend
    const { now } = process.clock
    counters.sessions++
    counters.maxSessionRate = Math.max(counters.maxSessionRate, counters.sessionRate.add(now))
    process.counters.maxSessionRate = Math.max(process.counters.maxSessionRate, process.counters.sessionRate.add(now))
    if (frontend.config.options.has('socket-stats')) listener.counting.sessions++
    if (frontend.mode === 'http') this.#serveHttp(session, transport, { acceptsPreface: listener.config.mux !== 'h1' })
    else return this.#serveTcp(session, transport)
    return true
  }

  #serveHttp(session: ClientSession, transport: Transport, options: ClientOptions): H1Client {
    const { frontend, listener } = session
    session.protocol = 'http'
    frontend.countingFrontend.sessionsByVersion[0]!++
    const client: H1Client = new H1Client(
      this,
      session,
      transport,
      {
        begin: (endpoint, isNotFirst) => this.#beginRequest(session, endpoint, isNotFirst),
        logError: (of: Session, error: FrontError) => logSession(this, of, error),
        closed: () => {
          this.#clients.delete(client)
          session.privateConnections.close()
          this.#release(listener, frontend)
        },
      },
      options,
    )
    this.#clients.add(client)
    return client
  }

  upgrade(stream: UpgradedStream, received: string, protocol: string | undefined): boolean {
    const { session, front } = stream
    const { endpoint } = front
    const wantsHttp2 = protocol === undefined && session.tls?.alpn === 'h2'
    if (!(endpoint instanceof TcpEndpoint && session instanceof ClientSession)) return false
    if (session.listener.config.mux === 'none' || wantsHttp2) return false
    front.endpoint = this.#serveHttp(session, endpoint.handOver(), {
      acceptsPreface: protocol !== 'h1',
      upgrade: { stream, replaced: endpoint, received },
    })
    return true
  }

  #beginRequest(session: ClientSession, endpoint: H1Client, isNotFirst: boolean): Channel | undefined {
    const waiting = endpoint.owner as Stream | undefined
    if (waiting) return continueAsHttp(waiting)
    const stream = newStream(this, session, true)
    if (!stream) return undefined
    stream.transaction!.isNotFirst = isNotFirst
    stream.front.endpoint = endpoint
    endpoint.owner = stream
    return stream.request
  }

  #serveTcp(session: ClientSession, transport: Transport): boolean {
    const { frontend, listener } = session
    session.protocol = 'tcp'
    const stream = newStream(this, session, false)
    if (!stream) return false
    const endpoint = new TcpEndpoint(transport, () => this.#release(listener, frontend))
    session.muxEvents = endpoint.muxEvents
    endpoint.owner = stream
    endpoint.lastRead = this.process.clock.now
    stream.front.endpoint = endpoint
    return true
  }

  /** A session is over. */
  #release(listener: Listener, frontend: Proxy): void {
    const { counters } = this.process
    listener.sessions--
    frontend.frontendSessions--
    counters.connections--
    counters.sessionEnds()
    for (const each of this.#listeners) each.serveWaiting()
  }
}
