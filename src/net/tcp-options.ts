/** Options of TCP sockets that only the system's own network has; simulated sockets ignore them. */
import type { Micros } from '../engine/clock.js'

/** Options of a listening socket (`bind`). */
export interface TcpListenerOptions {
  /** how many connections may wait to be accepted; undefined: as many as may be open */
  readonly backlog: number | undefined
  /** clients that send nothing are not accepted for a second (TCP_DEFER_ACCEPT) */
  readonly deferAccept: boolean
  /** TCP_FASTOPEN */
  readonly fastOpen: boolean
  /** TCP_MAXSEG; undefined: the system's */
  readonly segmentSize: number | undefined
  /** how long sent data may remain unacknowledged, in microseconds (TCP_USER_TIMEOUT); undefined: the system's */
  readonly userTimeout: Micros | undefined
  /** only clients of this network interface (SO_BINDTODEVICE) */
  readonly interface: string | undefined
}

/** Options of a connection to a server. */
export interface TcpClientOptions {
  /** how long sent data may remain unacknowledged, in microseconds (TCP_USER_TIMEOUT); undefined: the system's */
  readonly userTimeout: Micros | undefined
  /** the network interface that it uses (SO_BINDTODEVICE) */
  readonly interface: string | undefined
}
