/** Connections and sockets of a simulated network, as a test uses them. */
import { strerror } from '../../bytes/errno.js'
import { fromBytes, toBytes } from '../../bytes/latin1.js'
import { isIp, type Address } from '../../net/address.js'
import {
  ERROR_TEXT,
  NetworkError,
  type Connection,
  type ConnectionEvents,
  type ListeningSocket,
} from '../../net/network.js'
import { Signal } from '../script.js'
import type { Listener, Pipe, Problem, Received, SocketName } from '../world.js'

export const nameOf = (address: Address): SocketName =>
  isIp(address)
    ? { ip: address.ip, port: address.port }
    : { ip: '0.0.0.0', port: 0, path: 'path' in address ? address.path : undefined }

export class SimulatedPipe implements Pipe, ConnectionEvents {
  readonly changed = new Signal()
  connection!: Connection
  readonly received: Received

  constructor() {
    const connection = (): Connection => this.connection
    this.received = {
      get length() {
        return connection().available
      },
      peek: (limit) => fromBytes(connection().peek(limit)),
      take: (limit) => fromBytes(connection().read(limit)),
    }
  }

  get local(): SocketName {
    return nameOf(this.connection.local)
  }

  get remote(): SocketName {
    return nameOf(this.connection.remote)
  }

  get ended(): boolean {
    const { connection } = this
    return connection.ended || (connection.state === 'closed' && connection.available === 0)
  }

  get failure(): string | undefined {
    const { error } = this.connection
    return error && ERROR_TEXT[error]
  }

  readonly connected = (): void => this.changed.notify()
  readonly readable = (): void => this.changed.notify()
  readonly writable = (): void => this.changed.notify()
  readonly failed = (): void => this.changed.notify()

  send(bytes: string): number | Problem {
    if (this.connection.error !== undefined) return { error: strerror('EPIPE') }
    try {
      return this.connection.write(toBytes(bytes))
    } catch (error) {
      if (error instanceof NetworkError) return { error: error.message }
      throw error
    }
  }

  finish(): void {
    this.connection.finish()
  }

  close(): void {
    this.connection.close()
  }
}

export class SimulatedListener implements Listener {
  readonly changed = new Signal()
  readonly #waiting: SimulatedPipe[] = []
  readonly #socket: ListeningSocket

  /** @param listen listens, with a function that accepts connections */
  constructor(listen: (accept: (connection: Connection) => ConnectionEvents) => ListeningSocket) {
    this.#socket = listen((connection) => {
      const pipe = new SimulatedPipe()
      pipe.connection = connection
      this.#waiting.push(pipe)
      this.changed.notify()
      return pipe
    })
  }

  get name(): SocketName {
    return nameOf(this.#socket.address)
  }

  get waiting(): number {
    return this.#waiting.length
  }

  accept(): Pipe | undefined {
    return this.#waiting.shift()
  }

  close(): void {
    this.#socket.close()
    for (const { connection } of this.#waiting.splice(0)) connection.reset()
  }
}
