/** The streams that use a server, and its idle connections. */
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
  neededConnections = 0
  /** connections in no use, the one used last at the end */
  readonly idle: IdleConnection[] = []
  readonly pendingConnections = 0

  /** A connection is used. */
  use(): void {
    this.neededConnections = Math.max(this.neededConnections, ++this.usedConnections)
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
  const streams = new ServerStreams()
  server.traffic = streams
  return streams
}
