/**
 * The runtime API of a process (section 9.3 of the management guide): executes the commands of {@link RuntimeApi.execute} and of the
 * clients of each `stats socket`. Extensions of the process add commands to {@link RuntimeApi.registry}.
 */
import { decodeText, encodeText } from '../../bytes/text.js'
import type { StatsSocketConfig } from '../../config/model/bind.js'
import type { Connection } from '../../net/network.js'
import { FrontendCounters } from '../counters/proxy.js'
import { Acceptor } from '../listeners/acceptor.js'
import type { ProcessPart } from '../world.js'
import { RuntimeClient } from './client.js'
import type { RuntimeContext } from './context.js'
import { CliApplet } from './applet.js'
import { newRegistry } from './families.js'
import type { Registry } from './registry.js'
import type { Level } from './session.js'

export class RuntimeApi implements ProcessPart {
  /** the counters of its frontend, which statistics do not show */
  counters = new FrontendCounters()
  /** connected clients, in the order in which they connected */
  readonly clients = new Set<RuntimeClient>()
  readonly #acceptor: Acceptor
  #registry: Registry | undefined

  constructor(readonly process: RuntimeContext) {
    this.#acceptor = new Acceptor(process.network, process.configuration.global.statsMaxconn)
  }

  /** The commands; created on first use. */
  get registry(): Registry {
    return (this.#registry ??= newRegistry())
  }

  /** Resets its counters, or only maxima (`clear counters`). */
  clearCounters(all: boolean): void {
    if (all) this.counters = new FrontendCounters()
    else this.counters.clearMaxima()
  }

  /** Listens at a `stats socket`. Throws a `NetworkError`. */
  listen({ bind, level }: StatsSocketConfig): void {
    this.#acceptor.listen(bind.address, (connection) => this.#serve(connection, level))
  }

  #serve(connection: Connection, level: Level): RuntimeClient {
    this.process.counters.activity.accepted++
    this.#begins()
    const client = new RuntimeClient(this.process, this.registry, connection, level, (ended) =>
      this.#disconnected(ended),
    )
    this.clients.add(client)
    return client
  }

  /** Closes the sockets; connected clients stay. */
  drain(): void {
    this.#acceptor.close()
  }

  /** Closes the connections of all clients. */
  closeConnections(): void {
    for (const client of [...this.clients]) client.stop()
  }

  /** Stops listening and closes all connections. */
  stop(): void {
    this.drain()
    this.closeConnections()
  }

  /**
   * Executes one line, which may have several commands separated by `;` and be followed by a payload. Returns everything that the
   * socket would send: each response with the empty line after it. A command that takes time is abandoned unless `wait` lets time
   * pass until it is done.
   * @param level what the socket allows
   */
  execute(line: string, level: Level = 'admin', wait?: (isDone: () => boolean) => void): string {
    const response: Uint8Array[] = []
    const sink = { hasRoom: true, write: (bytes: Uint8Array) => void response.push(bytes) }
    const applet = new CliApplet(this.process, this.registry, sink, level)
    const { counters } = this.process
    this.#begins()
    applet.feed(encodeText(`${line}\n`))
    applet.endInput(true)
    if (!applet.closed) wait?.(() => applet.closed)
    if (!applet.closed) applet.abandon()
    this.#ends(applet)
    const bytes = Buffer.concat(response)
    counters.sent(bytes.length)
    return decodeText(bytes)
  }

  #begins(): void {
    this.process.counters.streamBegins()
    this.counters.connections++
    this.counters.sessions++
  }

  #ends({ session }: CliApplet): void {
    this.process.counters.streamEnds()
    for (const scope of ['res', 'txn', 'sess'] as const) session.variables.prune(scope)
  }

  #disconnected(client: RuntimeClient): void {
    if (!this.clients.delete(client)) return
    this.#ends(client.applet)
    this.#acceptor.release()
  }
}
