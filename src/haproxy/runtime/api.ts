/**
 * The runtime API of a process (section 9.3 of the management guide): takes command lines and answers them, from whoever
 * calls {@link RuntimeApi.execute} and from clients of every `stats socket`. Whoever extends the process adds commands to
 * {@link RuntimeApi.registry}.
 */
import type { BindConfig } from '../../config/model.js'
import { formatAddress, isIp } from '../../net/address.js'
import { NetworkError, type ListeningSocket } from '../../net/network.js'
import type { HaproxyProcess } from '../process.js'
import { RuntimeClient } from './client.js'
import { Conversation } from './conversation.js'
import { newRegistry } from './families.js'
import type { Registry } from './registry.js'
import type { Level } from './session.js'

export class RuntimeApi {
  /** connections to sockets and calls that came */
  connections = 0
  /** bytes of all answers */
  bytesOut = 0
  /** clients that are connected now, in the order in which they came */
  readonly clients = new Set<RuntimeClient>()
  readonly #sockets: ListeningSocket[] = []
  #registry: Registry | undefined
  #requests = 0
  #calls = 0

  constructor(readonly process: HaproxyProcess) {}

  /** Made when first asked for. */
  get registry(): Registry {
    return (this.#registry ??= newRegistry())
  }

  /** How many conversations are going on. */
  get current(): number {
    return this.clients.size + this.#calls
  }

  /** How many commands were given. */
  get requests(): number {
    for (const client of this.clients) this.#requests += client.takeRequests()
    return this.#requests
  }

  /** Listens at every `stats socket`. Returns what HAProxy says where it cannot (`protocol_bind_all`). */
  listen(): string | undefined {
    for (const { bind, level } of this.process.configuration.global.statsSockets) {
      try {
        const socket = this.process.network.listen(bind.address, (connection) => {
          this.connections++
          const client = new RuntimeClient(this.process, this.registry, connection, level, (ended) => this.#left(ended))
          this.clients.add(client)
          return client
        })
        this.#sockets.push(socket)
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error
        return bindingError(bind, error.message)
      }
    }
    return undefined
  }

  /** Ends all conversations and stops listening. */
  stop(): void {
    for (const client of [...this.clients]) client.stop()
    for (const socket of this.#sockets.splice(0)) socket.close()
  }

  /**
   * Carries out one line, which may hold several commands between `;` and be followed by a payload, and returns all that
   * the socket would send: each answer with the empty line that ends it. A command that takes time is left where it stands
   * unless `wait` lets time pass until it is done.
   * @param level what the socket allows
   */
  execute(line: string, level: Level = 'admin', wait?: (isDone: () => boolean) => void): string {
    let answer = ''
    const sink = { hasRoom: true, write: (text: string) => void (answer += text) }
    const conversation = new Conversation(this.process, this.registry, sink, level)
    this.connections++
    this.#calls++
    conversation.feed(`${line}\n`)
    conversation.endInput(true)
    if (!conversation.closed) wait?.(() => conversation.closed)
    if (!conversation.closed) conversation.abandon()
    this.#calls--
    this.#requests += conversation.requests
    this.bytesOut += answer.length
    return answer
  }

  #left(client: RuntimeClient): void {
    if (!this.clients.delete(client)) return
    this.#requests += client.takeRequests()
    this.bytesOut += client.bytesOut
  }
}

const bindingError = ({ address, place }: BindConfig, reason: string): string => {
  const protocol = isIp(address) ? `tcpv${address.family === 'ipv4' ? 4 : 6}` : 'unix_stream'
  const what = isIp(address) ? 'socket' : 'UNIX socket'
  return (
    `Binding [${place.file}:${place.line}] for frontend GLOBAL: protocol ${protocol}: cannot bind ${what} (${reason}) ` +
    `for [${formatAddress(address)}].`
  )
}
