/**
 * Accepts the clients of a frontend's listener within the limits of the listener, the frontend and the process; others wait as in the backlog
 * of the socket (`listener_accept`, src/listener.c).
 */
import { SECOND, type Micros } from '../../engine/clock.js'
import type { Timer } from '../../engine/heap.js'
import type { Connection, ConnectionEvents, ListeningSocket } from '../../net/network.js'
import type { ProcessContext } from '../context.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Serve } from './acceptor.js'
import type { Listener, ListenerControl } from './listener.js'
import { WaitingClient } from './waiting-client.js'

/** How often a rate is looked at again, once it has been reached. */
const RATE_RETRY: Micros = SECOND / 10

export class FrontendListener implements ListenerControl {
  #socket: ListeningSocket | undefined
  #retry: Timer | undefined
  readonly #waiting = new Set<WaitingClient>()

  constructor(
    readonly process: ProcessContext,
    readonly frontend: Proxy,
    readonly listener: Listener,
    readonly serve: Serve,
  ) {}

  /** Begins to listen. Throws a `NetworkError`. */
  open(): void {
    const { address } = this.listener.config
    this.#socket = this.process.network.listen(address, (connection) => this.#accept(connection))
    this.listener.control = this
  }

  /** Clients of a Unix socket with a path wait in the backlog; others are refused. */
  pause(): void {
    if (this.listener.config.address.family !== 'unix') this.#socket?.pause()
  }

  resume(): void {
    this.#socket?.resume()
    this.serveWaiting()
  }

  #accept(connection: Connection): ConnectionEvents {
    if (this.#waiting.size === 0 && this.#mayServe()) return this.#serve(connection)
    const client: WaitingClient = new WaitingClient(connection, () => this.#waiting.delete(client))
    this.#waiting.add(client)
    this.#retryLater()
    return client
  }

  /** Whether the limits allow another client now. */
  #mayServe(): boolean {
    const { process, frontend, listener } = this
    const { limits, counters, clock } = process
    if (frontend.paused) return false
    if (listener.config.maxconn > 0 && listener.sessions >= listener.config.maxconn) return false
    if (frontend.frontendSessions >= (frontend.maxconn ?? limits.frontendMaxconn(frontend.config))) return false
    if (counters.connections >= limits.maxconn) return false
    const { connections, sessions } = limits.rates
    if (connections > 0 && counters.connectionRate.read(clock.now) >= connections) return false
    if (sessions > 0 && counters.sessionRate.read(clock.now) >= sessions) return false
    const { sessionRate } = frontend.config
    return sessionRate === 0 || frontend.frontendCounters.sessionRate.read(clock.now) < sessionRate
  }

  #serve(connection: Connection): ConnectionEvents {
    const { process, frontend, listener } = this
    const { counters, clock, limits } = process
    const isCounted = frontend.config.options.has('socket-stats')
    counters.activity.accepted++
    listener.sessions++
    frontend.frontendSessions++
    // HAProxy counts the last free place as well
    if (++counters.connections + 1 >= limits.maxconn) counters.maxconnReached++
    const frontendCounters = frontend.countingFrontend
    frontendCounters.maxSessions = Math.max(frontendCounters.maxSessions, frontend.frontendSessions)
    frontendCounters.connections++
    frontendCounters.maxConnectionRate = Math.max(
      frontendCounters.maxConnectionRate,
      frontendCounters.connectionRate.add(clock.now),
    )
    if (isCounted) {
      listener.counting.connections++
      listener.counting.maxSessions = Math.max(listener.counting.maxSessions, listener.sessions)
    }
    counters.maxConnectionRate = Math.max(counters.maxConnectionRate, counters.connectionRate.add(clock.now))
    return this.serve(connection)
  }

  serveWaiting(): void {
    for (const client of this.#waiting) {
      if (!this.#mayServe()) {
        this.#retryLater()
        return
      }
      this.#waiting.delete(client)
      client.start(this.#serve(client.connection))
    }
  }

  /** Rates fall without an event. */
  #retryLater(): void {
    const { process } = this
    const isRateLimited =
      this.frontend.config.sessionRate > 0 || process.limits.rates.connections > 0 || process.limits.rates.sessions > 0
    if (this.#retry?.pending === true || this.#waiting.size === 0 || !isRateLimited) return
    this.#retry = process.scheduler.at(process.clock.now + RATE_RETRY, () => this.serveWaiting())
  }

  /** Stops listening: those who wait are reset. */
  close(): void {
    this.#socket?.close()
    this.#socket = undefined
    for (const { connection } of this.#waiting) connection.reset()
    this.#waiting.clear()
  }
}
