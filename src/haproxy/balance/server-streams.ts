/**
 * The streams that use a server, and its idle connections, which are closed as less of them are needed (`srv_add_to_idle_list` and
 * `srv_cleanup_idle_conns` in src/server.c).
 */
import type { SampleExpression } from '../../config/samples/expression.js'
import type { Scheduler } from '../../engine/scheduler.js'
import type { Timer } from '../../engine/heap.js'
import type { Server } from '../server/server.js'
import type { ServerTraffic } from '../server/traffic.js'

/** What a server may do with a stream that uses it. */
export interface ServedStream {
  /** Ends it, as its server went down, or one of higher priority came up. */
  endForServer(why: 'down' | 'up' | 'killed'): void
}

/** A connection to a server that no stream uses. */
export interface IdleConnection {
  /** requests that it has carried */
  readonly requests: number
  /** Closes it. */
  close(): void
}

export class ServerStreams implements ServerTraffic {
  /** streams that have reserved a connection */
  readonly streams = new Set<ServedStream>()
  /** streams that use a connection (`cur_sess`) */
  currentSessions = 0
  /** reserved connections (`served`) */
  served = 0
  /** connections in use (`curr_used_conns`) */
  usedConnections = 0
  /** the estimate of how many are needed (`est_need_conns`) */
  neededConnections = 0
  /** the most in use since the last purge (`max_used_conns`) */
  #maxUsed = 0
  #purge: Timer | undefined
  /** connections in no use, the one used last at the end */
  readonly idle: IdleConnection[] = []
  readonly pendingConnections = 0
  /** the expressions of `sni` and `pool-conn-name` that have been evaluated, by their texts */
  readonly nameExpressions = new Map<string, SampleExpression>()

  constructor(readonly server: Server) {}

  /** A connection is used. */
  use(): void {
    this.usedConnections++
    this.#maxUsed = Math.max(this.#maxUsed, this.usedConnections)
    this.neededConnections = Math.max(this.neededConnections, this.usedConnections)
  }

  /** A connection is no longer used. Returns whether it is kept for further requests. */
  keep(connection: IdleConnection, scheduler: Scheduler): boolean {
    const { low, max, purgeDelay } = this.server.config.pool
    const { idle, usedConnections } = this
    const isFirst = !idle.some(({ requests }) => requests > 1) && (connection.requests > 1 || idle.length === 0)
    const isNeeded = usedConnections + idle.length <= Math.max(usedConnections, this.neededConnections) + low
    if (purgeDelay === 0 || (max >= 0 && idle.length >= max) || !(isFirst || isNeeded)) return false
    idle.push(connection)
    this.usedConnections--
    if (this.#purge?.pending !== true) this.#schedulePurge(scheduler, purgeDelay)
    return true
  }

  #schedulePurge(scheduler: Scheduler, delay: number): void {
    this.#purge = scheduler.at(scheduler.clock.now + delay, () => {
      this.#closeSuperfluous()
      if (this.idle.length > 0) this.#schedulePurge(scheduler, delay)
    })
  }

  /** Closes half of the connections beyond the most that were needed lately. */
  #closeSuperfluous(): void {
    const { idle, usedConnections } = this
    if (idle.length === 0) return
    const beyond = usedConnections + idle.length - Math.max(this.#maxUsed, this.neededConnections)
    const superfluous = Math.trunc(beyond / 2) + (beyond & 1)
    this.neededConnections = Math.max(this.#maxUsed, (this.neededConnections + this.#maxUsed) >> 1)
    this.#maxUsed = usedConnections
    // HAProxy closes one more than it has worked out
    if (superfluous > 0) for (const connection of idle.splice(0, superfluous + 1)) connection.close()
  }

  /** Those that have carried one request only, which may turn out to be closed at the next. */
  get idleConnections(): number {
    return this.idle.filter(({ requests }) => requests === 1).length
  }

  get servedConnections(): number {
    return this.served
  }

  get safeIdleConnections(): number {
    return this.idle.length - this.idleConnections
  }

  /** Closes the connections in no use. */
  closeIdle(): void {
    for (const connection of this.idle.splice(0)) connection.close()
  }

  shutdownSessions(why: 'down' | 'up' | 'killed' = 'down'): void {
    for (const stream of [...this.streams]) stream.endForServer(why)
  }

  redistribute(): number {
    return 0
  }

  takePending(): number {
    return 0
  }
}

/** The streams of a server; made when traffic first reaches it. */
export const streamsOf = (server: Server): ServerStreams => {
  if (server.traffic instanceof ServerStreams) return server.traffic
  const streams = new ServerStreams(server)
  server.traffic = streams
  return streams
}
