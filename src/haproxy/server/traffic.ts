/** What carries the traffic of a server: its streams and its queue of pending connections. */

export interface ServerTraffic {
  /** streams that use the server now (`cur_sess`) */
  readonly currentSessions: number
  /** connections in the server's queue (`queueslength`) */
  readonly pendingConnections: number
  /** Ends the server's streams (`srv_shutdown_streams`). */
  shutdownSessions(): void
  /** Moves what may be redispatched out of the server's queue; returns how many (`pendconn_redistribute`). */
  redistribute(): number
  /** Takes pending connections of the backend, as many as the server can handle; returns how many (`process_srv_queue`). */
  takePending(): number
}

/** The traffic of a server without any. */
export const NO_TRAFFIC: ServerTraffic = {
  currentSessions: 0,
  pendingConnections: 0,
  shutdownSessions: () => {},
  redistribute: () => 0,
  takePending: () => 0,
}
