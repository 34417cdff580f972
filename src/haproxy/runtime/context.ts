/** What the commands of the runtime API use of their process. */
import type { Micros } from '../../engine/clock.js'
import type { Connection } from '../../net/network.js'
import type { HttpClients } from '../applets/httpclient/index.js'
import type { PatternReferences } from '../patterns/index.js'
import type { ProxyDirectory } from '../proxy/directory.js'
import type { Resolvers } from '../resolvers/index.js'
import type { DynamicServers } from '../server/dynamic.js'
import type { InfoSource } from '../stats/index.js'
import type { Stream } from '../streams/stream.js'

/** A client of a `stats socket` that is connected now. */
export interface ConnectedClient {
  readonly connection: Connection
  readonly since: Micros
}

export interface RuntimeContext extends InfoSource, ProxyDirectory {
  readonly patterns: PatternReferences
  readonly resolvers: Resolvers
  readonly dynamicServers: DynamicServers
  readonly httpClients: HttpClients
  /** the streams of clients, in the order of their beginning */
  readonly traffic: { readonly streams: ReadonlySet<Stream> }
  readonly runtime: {
    /** in the order in which they connected */
    readonly clients: ReadonlySet<ConnectedClient>
    /** Resets its counters, or only maxima (`clear counters`). */
    clearCounters(all: boolean): void
  }
}
