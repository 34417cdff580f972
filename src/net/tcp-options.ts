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

/** Probes of idle connections (SO_KEEPALIVE); what is undefined or 0 is the system's. */
export interface KeepAlive {
  /** how many may remain unanswered (TCP_KEEPCNT) */
  readonly count: number | undefined
  /** seconds without data before the first one (TCP_KEEPIDLE) */
  readonly idle: number | undefined
  /** seconds between them (TCP_KEEPINTVL) */
  readonly interval: number | undefined
}

/** Buffers of the system for a connection, in bytes; 0: the system's choice. */
export interface SocketBuffers {
  /** SO_SNDBUF */
  readonly send: number
  /** SO_RCVBUF */
  readonly receive: number
  /** how much may wait to be sent before the socket takes no more (TCP_NOTSENT_LOWAT) */
  readonly unsent: number
}

/** Options of a connection. */
export interface ConnectionOptions {
  readonly keepAlive?: KeepAlive | undefined
  readonly buffers?: SocketBuffers | undefined
  /** the type of service of its packets (IP_TOS, IPV6_TCLASS) */
  readonly tos?: number | undefined
  /** how many hops they reach (IP_TTL, IPV6_UNICAST_HOPS) */
  readonly hops?: number | undefined
  /** their mark for the packet filter (SO_MARK) */
  readonly mark?: number | undefined
}

/** Options of a connection to a server. */
export interface TcpClientOptions extends ConnectionOptions {
  /** how long sent data may remain unacknowledged, in microseconds (TCP_USER_TIMEOUT); undefined: the system's */
  readonly userTimeout: Micros | undefined
  /** the network interface that it uses (SO_BINDTODEVICE) */
  readonly interface: string | undefined
}
