/**
 * The network as one host sees it. Two things implement it: the simulated network (net/sim) and, in live mode, real
 * sockets (net/node). Nothing here waits: whoever opens a connection is called back when something happens to it, and
 * usually wakes a task then.
 */
import type { Address, IpAddress } from './address.js'
import type { TlsClient, TlsErrorCode } from './tls.js'

/** Why a connection could not be made or ended before its time; the names are the operating system's, those of TLS HAProxy's. */
export type NetworkErrorCode =
  | TlsErrorCode
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'ETIMEDOUT'
  | 'EHOSTUNREACH'
  | 'ENETUNREACH'
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'EPIPE'
  | 'ENOENT'
  | 'EACCES'
  | 'EPERM'
  | 'ENOTDIR'
  | 'EMFILE'

/** What the C library says for each code (`strerror`), and HAProxy for those of TLS. */
export const ERROR_TEXT: Readonly<Record<NetworkErrorCode, string>> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  ETIMEDOUT: 'Connection timed out',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EPIPE: 'Broken pipe',
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ENOTDIR: 'Not a directory',
  EMFILE: 'Too many open files',
  SSL_HANDSHAKE: 'SSL handshake failure',
  SSL_MISMATCH: 'Server presented an SSL certificate different from the configured one',
  SSL_MISMATCH_SNI: 'Server presented an SSL certificate different from the expected one',
  SSL_FATAL: 'SSL fatal error',
}

export class NetworkError extends Error {
  /**
   * @param step which step of opening a socket in the file system could not be made, where it was not the last: what was to be
   * done with one that was there before, or to whom it was to be given
   */
  constructor(
    readonly code: NetworkErrorCode,
    readonly step?: 'unlink' | 'preserve' | 'own',
  ) {
    super(ERROR_TEXT[code])
  }
}

/** What the owner of a connection is told. Each is called outside of the owner's own calls, never from within them. */
export interface ConnectionEvents {
  /** the connection is made (for the side that asked for it) */
  connected?(connection: Connection): void
  /** TLS was agreed on ({@link Connection.secure}) */
  secured?(connection: Connection): void
  /** there is more to read, or the other side has finished sending */
  readable?(connection: Connection): void
  /** after a `write` that took less than all: there is room again */
  writable?(connection: Connection): void
  /** it failed: refused, reset, timed out. The connection is closed then. */
  failed?(connection: Connection, error: NetworkErrorCode): void
}

/** One side of a stream connection. */
export interface Connection {
  readonly state: 'connecting' | 'open' | 'closed'
  readonly local: Address
  readonly remote: Address
  /** set once it has failed */
  readonly error: NetworkErrorCode | undefined
  /** bytes that have arrived and were not taken yet */
  readonly available: number
  /** the other side has finished sending, and all it sent was taken */
  readonly ended: boolean
  /**
   * Takes up to `limit` bytes of what has arrived; empty when nothing is there. What is not taken holds the other side
   * back. The bytes belong to the caller.
   */
  read(limit?: number): Uint8Array
  /**
   * Sends as much of `data` as there is room for and returns how many bytes that was. The bytes must not change
   * afterwards. Throws a {@link NetworkError} `EPIPE` once this side has finished or the connection is closed.
   */
  write(data: Uint8Array): number
  /**
   * Speaks TLS from here on, as the client; for a connection that is open, of which nothing more was written or read than
   * both sides know of. What is written before `secured` is called waits: `write` takes nothing. The handshake fails with
   * one of {@link TlsErrorCode}.
   */
  secure(tls: TlsClient): void
  /** Finishes sending: the other side reads to the end of what was written and then sees the end. */
  finish(): void
  /** Closes both directions in good order; unread data makes it a reset, as in TCP. No callback comes afterwards. */
  close(): void
  /** Closes at once with a reset. No callback comes afterwards. */
  reset(): void
}

/** A listening socket. */
export interface ListeningSocket {
  readonly address: Address
  close(): void
}

/** What an address to listen at is to be, besides itself. */
export interface ListenManners {
  /** IPv4 clients do not come in at an IPv6 address */
  readonly v6only: boolean
  /** it may be an address of another host */
  readonly transparent: boolean
}

/** A socket for datagrams (UDP) to and from one address. What is lost is lost. */
export interface DatagramSocket {
  /** Sends one. The bytes must not change afterwards. */
  send(bytes: Uint8Array): void
  close(): void
}

export interface Network {
  /** Opens a socket for datagrams; `received` is called with each that comes from `to`, outside of the owner's own calls. */
  datagrams(to: IpAddress, received: (bytes: Uint8Array) => void): DatagramSocket
  /** Listens at `address`. Throws a {@link NetworkError}: `EADDRINUSE`, or `EADDRNOTAVAIL` where it is not this host's. */
  listen(address: Address, accept: (connection: Connection) => ConnectionEvents): ListeningSocket
  /** Looks whether somebody could listen at `address`, which nobody does then. Throws a {@link NetworkError}. Where it is left out, all are free. */
  tryToListen?(address: Address, manners: ListenManners): void
  /** Opens a connection; what comes of it is told to `events`. `from` sets the local address. */
  connect(address: Address, events: ConnectionEvents, from?: Address): Connection
  /** The addresses (canonical text) of a host name, IPv4 first; empty when it is not known. */
  resolve(name: string): readonly string[]
}
