/**
 * A client's connection to a frontend, for as long as it lasts (`struct session`, src/session.c). The requests of the HTTP client have
 * sessions without a connection and without a listener.
 */
import type { Micros } from '../../engine/clock.js'
import type { Address } from '../../net/address.js'
import type { TlsSession } from '../../net/tls.js'
import type { PacketMarks } from '../connections/origin.js'
import type { EndEvents } from '../connections/end-events.js'
import type { ConnectionError } from '../connections/errors.js'
import type { Tlv } from '../connections/proxy-protocol.js'
import type { ProcessContext } from '../context.js'
import type { Listener } from '../listeners/listener.js'
import type { Proxy } from '../proxy/proxy.js'
import { VariableStore } from '../samples/variables.js'
import { PrivateConnections } from './private-connections.js'

export class Session {
  /** variables of the scope `sess` */
  readonly variables = new VariableStore('sess')
  /** when it was accepted, or the last request ended: on the clock of the run, and on the wall clock */
  acceptedAt: Micros
  acceptedWall: Micros
  /** how long handshakes took, ms; -1: they are not complete */
  handshakeTime = -1
  /** how long it was idle before the request, ms; -1: no request has begun */
  idleTime = -1
  /** the TLS handshake of the client; undefined: plain TCP */
  tls: TlsSession | undefined
  /** the TLS library's message about a handshake that has failed */
  tlsError: string | undefined
  /** the values of the header of the PROXY protocol that it has sent; undefined: it has sent none */
  proxyHeader: readonly Tlv[] | undefined
  /** why its connection has failed (`err_code` of `struct connection`) */
  connectionError: ConnectionError = 'NONE'
  /** what led to the end of its connection, as the connection and its multiplexer have seen it */
  connectionEvents: EndEvents | undefined
  muxEvents: EndEvents | undefined
  /** the client must send a header of the PROXY protocol (`expect-proxy`) */
  expectsProxyHeader = false
  /** the client must send a header of NetScaler's Client IP protocol (`expect-netscaler-cip`) */
  expectsNetscalerHeader = false
  /** Closes the connection without the client noticing (`silent-drop`). @param hops see `Connection.vanish` */
  drop: (hops?: number) => void = () => {}
  /** Marks the packets that are sent to the client (`set-fc-mark`, `set-fc-tos`). */
  mark: (marks: PacketMarks) => void = () => {}
  /** what parses the connection; undefined until it is accepted */
  protocol: 'http' | 'tcp' | undefined
  /** requests so far */
  requests = 0
  readonly privateConnections: PrivateConnections
  /** a server has authenticated one of them: requests go to that server (`SESS_FL_PREFER_LAST`) */
  prefersLastServer = false
  /** set by `tcp-request session` rules */
  sourceOverride: Address | undefined
  destinationOverride: Address | undefined

  constructor(
    readonly process: ProcessContext,
    readonly frontend: Proxy,
    /** undefined: it is not a client's, but the process's own */
    readonly listener: Listener | undefined,
    /** addresses of the connection, or those of its PROXY header or of `tcp-request connection` rules */
    public connectionSource: Address | undefined,
    public connectionDestination: Address | undefined,
  ) {
    this.acceptedAt = process.clock.now
    this.acceptedWall = process.clock.wall
    this.privateConnections = new PrivateConnections(frontend.config.sessionServerConnections)
  }

  /** The address of the client (`sess_src`). */
  get source(): Address | undefined {
    return this.sourceOverride ?? this.connectionSource
  }

  /** The address that the client has connected to (`sess_dst`). */
  get destination(): Address | undefined {
    return this.destinationOverride ?? this.connectionDestination
  }

  /** The events of the client's side in `term_events`. */
  get endEvents(): string {
    return `${this.connectionEvents?.text() ?? ''},${this.muxEvents?.text() ?? '-'}`
  }

  /** The next request is timed from now. */
  beginRequest(): void {
    this.acceptedAt = this.process.clock.now
    this.acceptedWall = this.process.clock.wall
    this.handshakeTime = 0
    this.idleTime = -1
  }
}

/** The session of a client, which a listener has accepted. */
export class ClientSession extends Session {
  declare readonly listener: Listener
}
