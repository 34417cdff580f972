/**
 * A real stream connection. What arrives waits here until its owner takes it, and holds the other side back when that is
 * much; what is written waits in Node's socket, up to a bound. Every callback goes through `enter`, which brings it into
 * the world of the owner.
 */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Address } from '../address.js'
import { NetworkError, type Connection, type ConnectionEvents, type NetworkErrorCode } from '../network.js'
import { Chunks } from '../sim/chunks.js'
import type { TlsClient } from '../tls.js'
import { networkErrorOf, tlsErrorOf } from './errors.js'
import { localOf } from './node-address.js'
import { beginTls, certificateProblem, type SecureContexts } from './secure.js'

/** Bytes that may wait in each direction. */
const WINDOW = 65_536

/** How long what was written last may take to leave once the connection is closed; then it is given up. */
const LINGER_MS = 10_000

/** Brings a callback into the world: at its time, and outside of any step. */
export type Enter = (action: () => void) => void

export class NodeConnection implements Connection {
  state: Connection['state']
  error: NetworkErrorCode | undefined
  local: Address
  readonly #received = new Chunks()
  #otherFinished = false
  #finished = false
  #heldBack = false
  /** what carries the bytes: the socket, or TLS on it */
  #stream: Socket
  /** a handshake is under way */
  #isShaking = false

  /**
   * @param socket made with `allowHalfOpen`
   * @param released called once its descriptor is closed
   */
  constructor(
    readonly socket: Socket,
    readonly remote: Address,
    public events: ConnectionEvents,
    readonly enter: Enter,
    readonly contexts: SecureContexts,
    released: () => void,
  ) {
    this.#stream = socket
    this.state = socket.connecting ? 'connecting' : 'open'
    this.local = localOf(socket, remote)
    socket.on('connect', () => this.#tell(() => this.#connected()))
    this.#follow(socket)
    socket.on('error', (error) =>
      this.#tell(() => this.fail(this.#isShaking ? 'SSL_HANDSHAKE' : networkErrorOf(error))),
    )
    socket.on('close', released)
  }

  #follow(stream: Socket): void {
    stream.on('data', (bytes: Uint8Array) => this.#arrived(bytes))
    stream.on('end', () => {
      this.#otherFinished = true
      this.#tell(() => (this.#isShaking ? this.fail('SSL_HANDSHAKE') : this.events.readable?.(this)))
    })
    stream.on('drain', () => this.#tell(() => this.#drained()))
  }

  secure(tls: TlsClient): void {
    const { socket } = this
    for (const name of ['data', 'end', 'drain']) socket.removeAllListeners(name)
    // what came before the handshake is no part of it
    if (this.#received.size > 0) socket.unshift(this.#received.take())
    this.#isShaking = true
    let stream: TLSSocket
    try {
      stream = beginTls(socket, tls, this.contexts)
    } catch {
      setImmediate(() => this.#tell(() => this.fail('SSL_HANDSHAKE')))
      return
    }
    this.#stream = stream
    this.#follow(stream)
    stream.on('error', (error) => this.#tell(() => this.fail(this.#isShaking ? 'SSL_HANDSHAKE' : tlsErrorOf(error))))
    stream.on('close', () => this.#isShaking && this.#tell(() => this.fail('SSL_HANDSHAKE')))
    stream.on('secureConnect', () => this.#tell(() => this.#secured(stream, tls)))
  }

  #secured(stream: TLSSocket, tls: TlsClient): void {
    const problem = certificateProblem(stream, tls)
    if (problem !== undefined) return this.fail(problem)
    this.#isShaking = false
    this.events.secured?.(this)
  }

  get available(): number {
    return this.#received.size
  }

  get ended(): boolean {
    return this.#otherFinished && this.#received.size === 0
  }

  read(limit?: number): Uint8Array {
    const bytes = this.#received.take(limit)
    if (this.#received.size < WINDOW && this.#stream.isPaused() && this.state !== 'closed') this.#stream.resume()
    return bytes
  }

  write(data: Uint8Array): number {
    if (this.#finished || this.state === 'closed') throw new NetworkError('EPIPE')
    if (this.state === 'connecting' || this.#isShaking) return 0
    const stream = this.#stream
    let count = 0
    // what the system takes at once leaves the stream empty, and then it never tells of room
    while (count < data.length && stream.writableLength < WINDOW) {
      const piece = data.subarray(count, count + WINDOW - stream.writableLength)
      stream.write(piece)
      count += piece.length
    }
    if (count < data.length) this.#heldBack = true
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
    // what still comes finds nobody
    this.#stream.resume()
    this.#stream.destroySoon()
    const limit = setTimeout(() => this.socket.destroy(), LINGER_MS)
    limit.unref()
    this.socket.once('close', () => clearTimeout(limit))
  }

  reset(): void {
    if (this.state === 'closed') return
    const wasOpen = this.state === 'open'
    this.state = 'closed'
    this.#received.clear()
    // a socket that is a path knows no reset, nor does one that is not connected
    if (wasOpen && 'ip' in this.remote) this.socket.resetAndDestroy()
    else this.socket.destroy()
  }

  /** Ends it with an error that the owner is told. */
  fail(error: NetworkErrorCode): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.error = error
    this.socket.destroy()
    this.events.failed?.(this, error)
  }

  #tell(action: () => void): void {
    if (this.state !== 'closed') this.enter(() => this.state !== 'closed' && action())
  }

  #connected(): void {
    this.state = 'open'
    this.local = localOf(this.socket, this.remote)
    this.events.connected?.(this)
  }

  #arrived(bytes: Uint8Array): void {
    if (this.state === 'closed') return
    this.#received.push(bytes)
    if (this.#received.size >= WINDOW) this.#stream.pause()
    this.#tell(() => this.events.readable?.(this))
  }

  #drained(): void {
    if (!this.#heldBack || this.#finished) return
    this.#heldBack = false
    this.events.writable?.(this)
  }
}
