/** Real sockets, as a test uses them. */
import { createSocket } from 'node:dgram'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { rmSync } from 'node:fs'
import { strerror, systemErrorText } from '../../bytes/errno.js'
import { Signal } from '../script.js'
import type { Datagrams, Listener, Pipe, Problem, Received, SocketName } from '../world.js'

/** How many bytes are read before the test takes them, and written before it waits. */
const BUFFER = 65_536

class Buffered implements Received {
  #text = ''

  get length(): number {
    return this.#text.length
  }

  push(text: string): void {
    this.#text += text
  }

  peek(limit: number): string {
    return this.#text.slice(0, limit)
  }

  take(limit: number): string {
    const taken = this.#text.slice(0, limit)
    this.#text = this.#text.slice(limit)
    return taken
  }
}

export class LivePipe implements Pipe {
  readonly changed = new Signal()
  readonly local: SocketName
  readonly remote: SocketName
  readonly received: Buffered
  failure: string | undefined
  #hasEnded = false

  constructor(
    readonly socket: Socket,
    path?: string,
  ) {
    this.local = { ip: socket.localAddress ?? '0.0.0.0', port: socket.localPort ?? 0, path }
    this.remote = { ip: socket.remoteAddress ?? '0.0.0.0', port: socket.remotePort ?? 0, path }
    this.received = new (class extends Buffered {
      override take(limit: number): string {
        const taken = super.take(limit)
        if (this.length < BUFFER && socket.isPaused()) socket.resume()
        return taken
      }
    })()
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => {
      this.received.push(bytes.toString('latin1'))
      if (this.received.length >= BUFFER) socket.pause()
      this.changed.notify()
    })
    socket.on('end', () => {
      this.#hasEnded = true
      this.changed.notify()
    })
    socket.on('error', (error) => {
      this.failure ??= systemErrorText(error)
      this.changed.notify()
    })
    socket.on('close', () => {
      this.#hasEnded = true
      this.changed.notify()
    })
    socket.on('drain', () => this.changed.notify())
    socket.resume()
  }

  get ended(): boolean {
    return (this.#hasEnded || this.failure !== undefined) && this.received.length === 0
  }

  send(bytes: string): number | Problem {
    const { socket } = this
    if (this.failure !== undefined || !socket.writable) return { error: strerror('EPIPE') }
    if (socket.writableLength >= BUFFER) return 0
    socket.write(bytes, 'latin1')
    return bytes.length
  }

  finish(): void {
    this.socket.end()
  }

  close(): void {
    const { socket } = this
    // as the system does with bytes that were not read; libuv cannot reset a connection that is being shut down
    if (this.received.length > 0 && !socket.destroyed && !socket.writableEnded) socket.resetAndDestroy()
    else if (socket.writableLength > 0) socket.end(() => socket.destroy())
    else socket.destroy()
  }
}

/** What is connected to: a port of an IP address, or a path. */
export type Target = { readonly host: string; readonly port: number } | { readonly path: string }

/** Connects; resolves with the pipe or with why that has failed. @param limit in milliseconds */
export const openPipe = (target: Target, limit: number): Promise<LivePipe | Problem> =>
  new Promise((resolve) => {
    const socket = connect({ ...target, allowHalfOpen: true })
    const timer = setTimeout(() => {
      socket.destroy()
      resolve({ error: strerror('ETIMEDOUT') })
    }, limit)
    socket.once('error', (error) => {
      clearTimeout(timer)
      resolve({ error: systemErrorText(error) })
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve(new LivePipe(socket, 'path' in target ? target.path : undefined))
    })
  })

class LiveListener implements Listener {
  readonly changed = new Signal()
  readonly #waiting: LivePipe[] = []

  constructor(
    readonly server: Server,
    readonly name: SocketName,
  ) {
    server.on('connection', (socket) => {
      this.#waiting.push(new LivePipe(socket, name.path))
      this.changed.notify()
    })
  }

  get waiting(): number {
    return this.#waiting.length
  }

  accept(): Pipe | undefined {
    return this.#waiting.shift()
  }

  close(): void {
    this.server.close()
    for (const { socket } of this.#waiting.splice(0)) socket.resetAndDestroy()
  }
}

/** Listens; resolves with the listener or with why that has failed. */
export const openListener = (target: Target): Promise<Listener | Problem> =>
  new Promise((resolve) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
    if ('path' in target) rmSync(target.path, { force: true })
    server.once('error', (error) => resolve({ error: systemErrorText(error) }))
    server.listen(target, () => {
      const bound = server.address()
      const name =
        bound === null || typeof bound === 'string'
          ? { ip: '0.0.0.0', port: 0, path: bound ?? '' }
          : { ip: bound.address, port: bound.port }
      resolve(new LiveListener(server, name))
    })
  })

/** Receives datagrams; resolves with the socket or with why that has failed. */
export const openDatagrams = (host: string, port: number): Promise<Datagrams | Problem> =>
  new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    const changed = new Signal()
    const queue: string[] = []
    socket.on('message', (bytes) => {
      queue.push(bytes.toString('latin1'))
      changed.notify()
    })
    socket.once('error', (error) => resolve({ error: systemErrorText(error) }))
    socket.bind(port, host, () => {
      socket.on('error', () => undefined)
      const { address, port: bound } = socket.address()
      let isOpen = true
      const close = (): void => {
        if (isOpen) socket.close()
        isOpen = false
      }
      resolve({ name: { ip: address, port: bound }, changed, queue, close })
    })
  })
