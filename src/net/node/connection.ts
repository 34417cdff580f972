/**
 * A stream connection on a Node socket. Received data is buffered until read, with flow control; written data is buffered
 * by Node's socket up to a limit. All callbacks go through `enter`, which runs them in the scheduler.
 */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { isIp, type Address } from '../address.js'
import { NetworkError, type Connection, type ConnectionEvents, type NetworkErrorCode } from '../network.js'
import { Chunks } from '../sim/chunks.js'
import type { ConnectionOptions } from '../tcp-options.js'
import type { TlsClient, TlsListener, TlsSession } from '../tls.js'
import { toNetworkError, toTlsError } from './errors.js'
import { localAddress } from './node-address.js'
import { libraryErrorText, sessionOf, type ListenerSecurity } from './secure-server.js'
import { setOptions, silence } from './tcp-sockets.js'
import { startTls, verifyPeer, type SecureContexts } from './secure.js'

/** Buffer limit per direction, in bytes. */
const WINDOW = 65_536

/** How long a closed connection may take to flush its data before it is destroyed. */
const LINGER_MS = 10_000

/** Runs a callback in the scheduler, outside of any step. */
export type Enter = (action: () => void) => void

/** A {@link Connection} on a Node socket. */
export class NodeConnection implements Connection {
  state: Connection['state']
  error: NetworkErrorCode | undefined
  local: Address
  tls: TlsSession | undefined
  tlsError: string | undefined
  readonly #received = new Chunks()
  #peerFinished = false
  #finished = false
  #writeBlocked = false
  /** the data stream: the socket itself, or TLS on top of it */
  #stream: Socket
  /** it is the server of TLS */
  #isServer = false
  /** a TLS handshake is in progress */
  #handshaking = false

  /**
   * @param socket made with `allowHalfOpen`
   * @param released called once its descriptor is closed
   */
  constructor(
    readonly socket: Socket,
    readonly remote: Address,
    public events: ConnectionEvents,
    readonly enter: Enter,
    readonly secureContexts: SecureContexts,
    readonly listenerSecurity: ListenerSecurity,
    released: () => void,
  ) {
    this.#stream = socket
    this.state = socket.connecting ? 'connecting' : 'open'
    this.local = localAddress(socket, remote)
    socket.on('connect', () => this.#notify(() => this.#connected()))
    this.#attach(socket)
    socket.on('error', (error) =>
      this.#notify(() => this.fail(this.#handshaking ? 'SSL_HANDSHAKE' : toNetworkError(error))),
    )
    socket.on('close', released)
  }

  #attach(stream: Socket): void {
    stream.on('data', (bytes: Uint8Array) => this.#arrived(bytes))
    stream.on('end', () => {
      this.#peerFinished = true
      this.#notify(() => (this.#handshaking ? this.fail(this.#endError) : this.events.readable?.(this)))
    })
    stream.on('drain', () => this.#notify(() => this.#drained()))
  }

  secure(tls: TlsClient): void {
    const stream = this.#beginTls((socket) => startTls(socket, tls, this.secureContexts))
    if (!stream) return
    stream.on('error', (error) =>
      this.#notify(() => this.fail(this.#handshaking ? 'SSL_HANDSHAKE' : toTlsError(error))),
    )
    stream.on('close', () => this.#handshaking && this.#notify(() => this.fail('SSL_HANDSHAKE')))
    stream.on('secureConnect', () => this.#notify(() => this.#secured(stream, tls)))
  }

  acceptTls(tls: TlsListener): void {
    this.#isServer = true
    const stream = this.#beginTls((socket) => this.listenerSecurity.accept(socket, tls))
    if (!stream) return
    stream.on('error', (error) => {
      this.tlsError = libraryErrorText(error)
      this.#notify(() => this.fail(this.#handshaking ? 'SSL_HANDSHAKE' : toTlsError(error)))
    })
    stream.on('close', () => {
      if (this.#handshaking) this.#notify(() => this.fail(this.#endError))
    })
    stream.on('secure', () =>
      this.#notify(() => {
        const session = sessionOf(stream, tls)
        if (typeof session === 'string') return this.fail(session)
        this.tls = session
        this.#handshaking = false
        this.events.secured?.(this)
      }),
    )
  }

  /** Puts TLS between the socket and the owner. If that fails, it is reported later. */
  #beginTls(begin: (socket: Socket) => TLSSocket): TLSSocket | undefined {
    const { socket } = this
    for (const name of ['data', 'end', 'drain']) socket.removeAllListeners(name)
    // data received before the handshake belongs to TLS; a socket that is not paused would discard it
    socket.pause()
    if (this.#received.size > 0) socket.unshift(this.#received.take())
    this.#handshaking = true
    try {
      const stream = begin(socket)
      this.#stream = stream
      this.#attach(stream)
      return stream
    } catch {
      setImmediate(() => this.#notify(() => this.fail('SSL_HANDSHAKE')))
      return undefined
    }
  }

  #secured(stream: TLSSocket, tls: TlsClient): void {
    const problem = verifyPeer(stream, tls)
    if (problem !== undefined) return this.fail(problem)
    this.#handshaking = false
    this.events.secured?.(this)
  }

  /** What the end of the peer means during a handshake. */
  get #endError(): NetworkErrorCode {
    if (!this.#isServer) return 'SSL_HANDSHAKE'
    return this.socket.bytesRead === 0 ? 'SSL_EMPTY' : 'SSL_ABORT'
  }

  get available(): number {
    return this.#received.size
  }

  get ended(): boolean {
    return this.#peerFinished && this.#received.size === 0
  }

  read(limit?: number): Uint8Array {
    const bytes = this.#received.take(limit)
    if (this.#received.size < WINDOW && this.#stream.isPaused() && this.state !== 'closed') this.#stream.resume()
    return bytes
  }

  peek(limit: number): Uint8Array {
    return this.#received.peek(limit)
  }

  write(data: Uint8Array): number {
    if (this.#finished || this.state === 'closed') throw new NetworkError('EPIPE')
    if (this.state === 'connecting' || this.#handshaking) return 0
    const stream = this.#stream
    let count = 0
    // write as much as possible: if the system takes everything at once, there is no 'drain' event
    while (count < data.length && stream.writableLength < WINDOW) {
      const piece = data.subarray(count, count + WINDOW - stream.writableLength)
      stream.write(piece)
      count += piece.length
    }
    if (count < data.length) this.#writeBlocked = true
    return count
  }

  finish(): void {
    if (this.#finished || this.state === 'closed') return
    this.#finished = true
    this.#stream.end()
  }

  close(): void {
    if (this.state === 'closed') return
    if (this.#received.size > 0 || this.state === 'connecting') return this.reset()
    this.state = 'closed'
    // discard further input
    this.#stream.resume()
    this.#stream.destroySoon()
    const limit = setTimeout(() => this.socket.destroy(), LINGER_MS)
    limit.unref()
    this.socket.once('close', () => clearTimeout(limit))
  }

  vanish(hops = 0): void {
    const { remote } = this
    const fd = this.#descriptor
    if (fd !== undefined && isIp(remote) && (hops > 0 || !silence(fd)))
      setOptions(fd, remote.family, { hops: Math.max(hops, 1) })
    this.reset()
  }

  setOptions(options: ConnectionOptions): void {
    const fd = this.#descriptor
    if (fd !== undefined && isIp(this.remote)) setOptions(fd, this.remote.family, options)
  }

  /** The descriptor of the socket, which Node does not document; undefined once it is closed. */
  get #descriptor(): number | undefined {
    const { _handle: handle } = this.socket as unknown as { _handle?: { fd?: number } | null }
    return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined
  }

  reset(): void {
    if (this.state === 'closed') return
    const wasOpen = this.state === 'open'
    this.state = 'closed'
    this.#received.clear()
    // what was written in the same turn has left before the reset
    if (this.socket.writableCorked > 0) this.socket.uncork()
    // UNIX sockets and unconnected sockets cannot be reset
    if (wasOpen && 'ip' in this.remote) this.socket.resetAndDestroy()
    else this.socket.destroy()
  }

  /** Closes the connection with an error and reports it to the owner. */
  fail(error: NetworkErrorCode): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.error = error
    this.socket.destroy()
    this.events.failed?.(this, error)
  }

  #notify(action: () => void): void {
    if (this.state !== 'closed') this.enter(() => this.state !== 'closed' && action())
  }

  #connected(): void {
    this.state = 'open'
    this.local = localAddress(this.socket, this.remote)
    // a header of the PROXY protocol and the first data are one packet (MSG_MORE in `conn_send_proxy`)
    const { socket } = this
    socket.cork()
    process.nextTick(() => socket.uncork())
    this.events.connected?.(this)
  }

  #arrived(bytes: Uint8Array): void {
    if (this.state === 'closed') return
    this.#received.push(bytes)
    if (this.#received.size >= WINDOW) this.#stream.pause()
    this.#notify(() => this.events.readable?.(this))
  }

  #drained(): void {
    if (!this.#writeBlocked || this.#finished) return
    this.#writeBlocked = false
    this.events.writable?.(this)
  }
}
