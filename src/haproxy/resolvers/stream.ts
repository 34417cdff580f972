/**
 * Queries to a name server over TCP: messages after their length, over one connection, which is closed when it is idle (RFC 7766;
 * `dns_session_…` in src/dns.c). Queries that are lost with a connection are retried by the section.
 */
import { SECOND } from '../../engine/clock.js'
import type { Task } from '../../engine/task.js'
import type { Address } from '../../net/address.js'
import { NetworkError, type Connection, type ConnectionEvents, type DatagramSocket } from '../../net/network.js'
import type { ProcessContext } from '../context.js'

const IDLE = 5 * SECOND
const LENGTH_BYTES = 2

export class QueryStream implements DatagramSocket, ConnectionEvents {
  #connection: Connection | undefined
  #unsent: Uint8Array<ArrayBufferLike> = new Uint8Array(0)
  #unread: Uint8Array<ArrayBufferLike> = new Uint8Array(0)
  readonly #idle: Task

  /** @param received called with each message */
  constructor(
    readonly process: ProcessContext,
    readonly address: Address,
    readonly received: (message: Uint8Array) => void,
  ) {
    this.#idle = process.threads.spawn({ name: 'name server over TCP', run: () => this.#drop() })
  }

  send(message: Uint8Array): void {
    this.#unsent = joined(this.#unsent, Uint8Array.of(message.length >> 8, message.length & 255), message)
    this.#idle.wakeAt(this.process.clock.now + IDLE)
    if (this.#connection === undefined) this.#connection = this.process.network.connect(this.address, this)
    else this.#flush()
  }

  close(): void {
    this.#idle.kill()
    this.#drop()
  }

  connected(): void {
    this.#flush()
  }

  writable(): void {
    this.#flush()
  }

  readable(connection: Connection): void {
    this.#unread = joined(this.#unread, connection.read())
    for (;;) {
      const end = LENGTH_BYTES + this.#unread[0]! * 256 + this.#unread[1]!
      // not a number where the length itself is not all there
      if (!(this.#unread.length >= end)) break
      const message = this.#unread.subarray(LENGTH_BYTES, end)
      this.#unread = this.#unread.subarray(end)
      this.#idle.wakeAt(this.process.clock.now + IDLE)
      this.received(message)
    }
    if (connection.ended) this.#drop()
  }

  failed(): void {
    this.#drop()
  }

  #flush(): void {
    if (this.#connection?.state !== 'open') return
    try {
      this.#unsent = this.#unsent.subarray(this.#connection.write(this.#unsent))
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      this.#drop()
    }
  }

  #drop(): void {
    this.#connection?.close()
    this.#connection = undefined
    this.#unsent = this.#unread = new Uint8Array(0)
  }
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
