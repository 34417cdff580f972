/** What carries the traffic of a server: its streams and its queue of pending connections. */

export interface ServerTraffic {
  /** streams that use the server now (`cur_sess`) */
  readonly currentSessions: number
  /** connections in the server's queue (`queueslength`) */
  readonly pendingConnections: number
  /** streams that a connection to the server is for, waiting ones included (`served`) */
  readonly servedConnections: number
  /** idle connections, those that are safe to reuse, and connections in use (`curr_idle_nb`, `curr_safe_nb`, `curr_used_conns`) */
  readonly idleConnections: number
  readonly safeIdleConnections: number
  readonly usedConnections: number
  /** most connections in use at a time (`est_need_conns`) */
  readonly neededConnections: number
  /** Ends the server's streams (`srv_shutdown_streams`): it is down (default), a better one is up, or the operator asks for it. */
  shutdownSessions(why?: 'down' | 'up' | 'killed'): void
  /** Moves what may be redispatched out of the server's queue; returns how many (`pendconn_redistribute`). */
  redistribute(): number
  /** Takes pending connections of the backend, as many as the server can handle; returns how many (`process_srv_queue`). */
  takePending(): number
}

/** The traffic of a server without any. */
export const NO_TRAFFIC: ServerTraffic = {
  currentSessions: 0,
  pendingConnections: 0,
  servedConnections: 0,
  idleConnections: 0,
  safeIdleConnections: 0,
  usedConnections: 0,
  neededConnections: 0,
  shutdownSessions: () => {},
  redistribute: () => 0,
  takePending: () => 0,
}
