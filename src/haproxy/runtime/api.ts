/**
 * The runtime API of a process (section 9.3 of the management guide): takes command lines and answers them, from whoever
 * calls {@link RuntimeApi.execute} and from clients of every `stats socket`. Whoever extends the process adds commands to
 * {@link RuntimeApi.registry}.
 */
import { decodeText, encodeText } from '../../bytes/text.js'
import type { StatsSocketConfig } from '../../config/model/bind.js'
import type { Connection, ConnectionEvents, ListeningSocket } from '../../net/network.js'
import { RuntimeClient } from './client.js'
import type { RuntimeContext } from './context.js'
import { Conversation } from './conversation.js'
import { newRegistry } from './families.js'
import type { Registry } from './registry.js'
import type { Level } from './session.js'
import { Visitor } from './visitor.js'

export class RuntimeApi {
  /** connections to sockets and calls that came */
  connections = 0
  /** bytes of all answers */
  bytesOut = 0
  /** clients that are connected now, in the order in which they came */
  readonly clients = new Set<RuntimeClient>()
  readonly #waiting = new Set<Visitor>()
  readonly #sockets: ListeningSocket[] = []
  #registry: Registry | undefined
  /** conversations that go on, and the commands of those that are over */
  readonly #conversations = new Set<Conversation>()
  #requests = 0

  constructor(readonly process: RuntimeContext) {}

  /** Made when first asked for. */
  get registry(): Registry {
    return (this.#registry ??= newRegistry())
  }

  /** How many conversations are going on. */
  get current(): number {
    return this.#conversations.size
  }

  /** How many commands were given. */
  get requests(): number {
    let count = this.#requests
    for (const conversation of this.#conversations) count += conversation.requests
    return count
  }

  /** Forgets what it has counted (`clear counters all`). */
  clearCounters(): void {
    this.connections = 0
    this.bytesOut = 0
    this.#requests = 0
    for (const conversation of this.#conversations) conversation.requests = 0
  }

  /** Listens at a `stats socket`. Throws a `NetworkError`. */
  listen({ bind, level }: StatsSocketConfig): void {
    const socket = this.process.network.listen(bind.address, (connection) => this.#enter(connection, level))
    this.#sockets.push(socket)
  }

  /** Who comes when all places are taken waits, as in the queue of a socket that nobody accepts from. */
  #enter(connection: Connection, level: Level): ConnectionEvents {
    if (this.clients.size < this.process.configuration.global.statsMaxconn) return this.#serve(connection, level)
    const visitor = new Visitor(
      connection,
      () => this.#serve(connection, level),
      () => this.#waiting.delete(visitor),
    )
    this.#waiting.add(visitor)
    return visitor
  }

  #serve(connection: Connection, level: Level): RuntimeClient {
    this.connections++
    const client = new RuntimeClient(this.process, this.registry, connection, level, (ended) => this.#left(ended))
    this.clients.add(client)
    this.#conversations.add(client.conversation)
    return client
  }

  /** Takes no connections any more; those that are served go on. */
  stopListening(): void {
    for (const socket of this.#sockets.splice(0)) socket.close()
    for (const visitor of this.#waiting) visitor.connection.reset()
    this.#waiting.clear()
  }

  /** Ends all conversations. */
  closeConnections(): void {
    for (const client of [...this.clients]) client.stop()
  }

  /** Ends all conversations and stops listening. */
  stop(): void {
    this.stopListening()
    this.closeConnections()
  }

  /**
   * Carries out one line, which may hold several commands between `;` and be followed by a payload, and returns all that
   * the socket would send: each answer with the empty line that ends it. A command that takes time is left where it stands
   * unless `wait` lets time pass until it is done.
   * @param level what the socket allows
   */
  execute(line: string, level: Level = 'admin', wait?: (isDone: () => boolean) => void): string {
    const answer: Uint8Array[] = []
    const sink = { hasRoom: true, write: (bytes: Uint8Array) => void answer.push(bytes) }
    const conversation = new Conversation(this.process, this.registry, sink, level)
    this.connections++
    this.#conversations.add(conversation)
    conversation.feed(encodeText(`${line}\n`))
    conversation.endInput(true)
    if (!conversation.closed) wait?.(() => conversation.closed)
    if (!conversation.closed) conversation.abandon()
    this.#ended(conversation)
    const bytes = Buffer.concat(answer)
    this.bytesOut += bytes.length
    return decodeText(bytes)
  }

  #left(client: RuntimeClient): void {
    if (!this.clients.delete(client)) return
    this.#ended(client.conversation)
    this.bytesOut += client.bytesOut
    const [next] = this.#waiting
    if (next === undefined) return
    this.#waiting.delete(next)
    next.come()
  }

  #ended(conversation: Conversation): void {
    this.#conversations.delete(conversation)
    this.#requests += conversation.requests
  }
}
