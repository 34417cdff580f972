/**
 * The network interface of a host, implemented by the simulated network (net/sim) and, in live mode, by real sockets
 * (net/node). All calls are non-blocking; connections report events through callbacks, which usually wake a task.
 */
import { strerror, type Errno } from '../bytes/errno.js'
import type { Address, IpAddress } from './address.js'
import type { ConnectionOptions, TcpClientOptions } from './tcp-options.js'
import type { TlsClient, TlsErrorCode, TlsListener, TlsSession } from './tls.js'

const ERRNOS = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EPIPE',
  'ENOENT',
  'EACCES',
  'EPERM',
  'ENOTDIR',
  'EMFILE',
] as const satisfies readonly Errno[]

/** Connection errors: errno names of the operating system, and HAProxy's names of TLS errors. */
export type NetworkErrorCode = TlsErrorCode | (typeof ERRNOS)[number]

/** Error messages: `strerror` texts, and HAProxy's messages for TLS errors. */
export const ERROR_TEXT = {
  ...Object.fromEntries(ERRNOS.map((code) => [code, strerror(code)])),
  SSL_EMPTY: 'Connection closed during SSL handshake',
  SSL_ABORT: 'Connection error during SSL handshake',
  SSL_CA_FAIL: 'SSL client CA chain cannot be verified',
  SSL_CRT_FAIL: 'SSL client certificate not trusted',
  SSL_HANDSHAKE: 'SSL handshake failure',
  SSL_MISMATCH: 'Server presented an SSL certificate different from the configured one',
  SSL_MISMATCH_SNI: 'Server presented an SSL certificate different from the expected one',
  SSL_FATAL: 'SSL fatal error',
} as Readonly<Record<NetworkErrorCode, string>>

/** A failed network operation. */
export class NetworkError extends Error {
  /**
   * @param step for UNIX sockets, the step before `bind` that failed: removing or preserving an existing socket, or setting
   * owner and mode
   */
  constructor(
    readonly code: NetworkErrorCode,
    readonly step?: 'unlink' | 'preserve' | 'own',
  ) {
    super(ERROR_TEXT[code])
  }
}

/** Callbacks to the owner of a connection. They are never called from within one of the owner's own calls. */
export interface ConnectionEvents {
  /** the connection is established (client side only) */
  connected?(connection: Connection): void
  /** the TLS handshake is complete ({@link Connection.secure}, {@link Connection.acceptTls}) */
  secured?(connection: Connection): void
  /** there is data to read, or the peer has finished sending */
  readable?(connection: Connection): void
  /** there is room to write again, after a short `write` */
  writable?(connection: Connection): void
  /** the connection failed (refused, reset, timed out) and is now closed */
  failed?(connection: Connection, error: NetworkErrorCode): void
}

/** One end of a stream connection. */
export interface Connection {
  readonly state: 'connecting' | 'open' | 'closed'
  readonly local: Address
  readonly remote: Address
  /** set once the connection has failed */
  readonly error: NetworkErrorCode | undefined
  /** number of bytes received and not yet read */
  readonly available: number
  /** the peer has finished sending, and everything was read (EOF) */
  readonly ended: boolean
  /**
   * Reads up to `limit` received bytes; empty if nothing was received. Unread data blocks the sender (flow control). The returned
   * bytes are owned by the caller.
   */
  read(limit?: number): Uint8Array
  /** Returns up to `limit` received bytes without reading them. */
  peek(limit: number): Uint8Array
  /**
   * Writes as much of `data` as there is room for and returns the number of bytes. They must not be modified afterwards.
   * Throws a {@link NetworkError} `EPIPE` after `finish` and on closed connections.
   */
  write(data: Uint8Array): number
  /**
   * Starts a TLS handshake as the client on an open connection. Until `secured` is called, `write` returns 0. Fails with a
   * {@link TlsErrorCode}.
   */
  secure(tls: TlsClient): void
  /** Expects a TLS handshake of the client, like {@link secure} for the other side. */
  acceptTls(tls: TlsListener): void
  /** set once a handshake of the client is complete */
  readonly tls: TlsSession | undefined
  /** the TLS library's message about a handshake that has failed */
  readonly tlsError: string | undefined
  /** Sets options of its socket, as far as the system permits them; simulated connections have none. */
  setOptions?(options: ConnectionOptions): void
  /** Shuts down sending (FIN): the peer reads what was written and then sees EOF. */
  finish(): void
  /** Closes both directions gracefully; with unread data it resets, as TCP does. No more callbacks follow. */
  close(): void
  /** Closes immediately with RST. No more callbacks follow. */
  reset(): void
  /**
   * Closes without the peer noticing. Where the system cannot do that, or with `hops`, a RST is sent that is dropped by the router after
   * so many hops (0: 1). No more callbacks follow.
   */
  vanish(hops?: number): void
}

/** A listening socket. */
export interface ListeningSocket {
  readonly address: Address
  /** Refuses clients and keeps the address, until {@link resume} is called. */
  pause(): void
  resume(): void
  close(): void
}

/** Socket options of a listener. */
export interface ListenOptions {
  /** an IPv6 listener does not accept IPv4 clients (IPV6_V6ONLY) */
  readonly v6only: boolean
  /** binding to a non-local address is allowed (IP_TRANSPARENT) */
  readonly transparent: boolean
}

/** A connected UDP socket. Datagrams may be lost. */
export interface DatagramSocket {
  /** Sends a datagram. The bytes must not be modified afterwards. */
  send(bytes: Uint8Array): void
  close(): void
}

/** The network as seen by one host. */
export interface Network {
  /** whether inherited descriptors (`fd@`) can be listened on */
  readonly inherits?: boolean
  /** Why a descriptor (`fd@N`) cannot be used as a socket; undefined if it can. Optional: none is inherited by default. */
  descriptorError?(fd: number): string | undefined
  /** Opens a UDP socket to `to`; `received` is called with each datagram from there, never from within a call of the owner. */
  datagrams(to: IpAddress, received: (bytes: Uint8Array) => void): DatagramSocket
  /** Listens on `address`. Throws a {@link NetworkError}: `EADDRINUSE`, or `EADDRNOTAVAIL` for non-local addresses. */
  listen(address: Address, accept: (connection: Connection) => ConnectionEvents): ListeningSocket
  /**
   * Checks whether `address` can be bound, without listening on it. Throws a {@link NetworkError}. Optional: all can by default.
   * @returns HAProxy's messages about options that the system has refused
   */
  tryListen?(address: Address, options: ListenOptions): readonly string[]
  /** Opens a connection, which reports to `events`. `from` sets the local address. */
  connect(address: Address, events: ConnectionEvents, from?: Address, options?: TcpClientOptions): Connection
  /** Resolves a host name to canonical addresses, IPv4 first; empty if it is unknown. */
  resolve(name: string): readonly string[]
}
