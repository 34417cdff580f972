/**
 * Opens a connection to the server of a stream, or takes an idle one (`connect_server`, src/backend.c). With `dispatch` and
 * `option transparent` there is no server, and the connection goes to an address.
 */
import { formatAddress, isIp, type Address } from '../../net/address.js'
import { NetworkError } from '../../net/network.js'
import { streamsOf } from '../balance/server-streams.js'
import { H1Server } from '../mux/h1-server.js'
import { proxyHeaderFor, serverHandshakes } from '../mux/server-handshakes.js'
import { connectionNameOf, serverNameOf } from '../mux/server-name.js'
import { TcpEndpoint } from '../mux/tcp.js'
import { Transport } from '../mux/transport.js'
import { originOf } from '../connections/origin.js'
import type { Server } from '../server/server.js'
import { NEVER } from './channel.js'
import { SideState } from './connector.js'
import type { Endpoint } from './endpoint.js'
import type { Stream } from './stream.js'

export type ConnectOutcome = 'connecting' | 'retry' | 'internal error'

export const connectServer = (stream: Stream): ConnectOutcome => {
  const { back, server, backend, now } = stream
  const header = server && proxyHeaderFor(stream, server)
  const idle = stream.isHttp ? takeIdle(stream, server, header) : undefined
  if (idle) {
    idle.reuse()
    if (server && !idle.isPrivate) streamsOf(server).use()
    idle.owner = stream
    back.endpoint = idle
    stream.isReused = true
    if (server) server.counting.reuses++
    backend.countingBackend.reuses++
    back.state = SideState.RDY
  } else {
    const address = addressOf(stream)
    if (!address) return 'internal error'
    stream.isReused = false
    const endpoint = open(stream, server, address, header)
    if (endpoint === 'retry') return endpoint
    endpoint.owner = stream
    back.endpoint = endpoint
    back.state = SideState.CON
    if (server) server.counting.connections++
    backend.countingBackend.connections++
  }
  const { connect } = backend.config.timeouts
  stream.connectExpires = connect === undefined || back.state === SideState.RDY ? NEVER : now + connect
  if (server) count(stream, server)
  return 'connecting'
}

const count = (stream: Stream, server: Server): void => {
  stream.isCounted = true
  const streams = streamsOf(server)
  const { counting } = server
  counting.maxSessions = Math.max(counting.maxSessions, ++streams.currentSessions)
}

/**
 * What idle connections of a server must have in common with what the stream needs: address, source, PROXY header and name for TLS (`conn_calculate_hash`,
 * src/connection.c).
 */
const identityOf = (stream: Stream, server: Server | undefined, header = ''): string => {
  const address = addressOf(stream)
  const { mark, tos } = stream.serverMarks ?? {}
  const name = (server && connectionNameOf(stream, server)) ?? ''
  return [address ? formatAddress(address) : '', seenSource(stream, server), header, mark, tos, name].join(' ')
}

/** What `usesrc` makes of the client, as a text. */
const seenSource = ({ backend, session, transaction }: Stream, server: Server | undefined): string => {
  const client = (server?.config.source ?? backend.config.source)?.client
  const { source } = session
  if (client === 'clientip') return source && isIp(source) ? source.ip : ''
  if (client === 'client') return source ? formatAddress(source) : ''
  return client && 'header' in client ? (transaction?.request.head?.fields.all(client.header).join(',') ?? '') : ''
}

/**
 * An idle connection that the stream may use (`be_reuse_connection`): one of the session, or of those of the server the one that has been
 * idle longest. Connections that have carried one request only may turn out to be closed, which a client accepts after its first request.
 */
const takeIdle = (stream: Stream, server: Server | undefined, header: string | undefined): H1Server | undefined => {
  const { backend, transaction, session } = stream
  const { privateConnections } = session
  const { httpReuse, retryOn } = backend.config
  const idle = server && httpReuse !== 'never' ? streamsOf(server).idle : []
  if (privateConnections.isEmpty && idle.length === 0) return undefined
  const identity = identityOf(stream, server, header)
  const own = privateConnections.take(server ?? backend, (each) => (each as H1Server).identity === identity)
  if (own) return own as H1Server
  const take = (isSafe: boolean): H1Server | undefined => {
    const at = idle.findIndex((each) => {
      const connection = each as H1Server
      return connection.requests > 1 === isSafe && connection.backend === backend && connection.identity === identity
    })
    return at < 0 ? undefined : (idle.splice(at, 1)[0] as H1Server)
  }
  if (transaction?.isNotFirst === true || LOST_CONNECTION.every((event) => retryOn.has(event)))
    return take(false) ?? take(true)
  if (httpReuse === 'safe') return undefined
  return take(true) ?? (httpReuse === 'always' ? take(false) : undefined)
}

/** With retries after these, a connection that turns out to be closed is not an error. */
const LOST_CONNECTION = ['conn-failure', 'empty-response', 'response-timeout'] as const

/**
 * The address to connect to (`alloc_dst_address`). A server without an IP address is reached at the one that the client has
 * connected to; its port may be an offset to the port of the client's connection.
 */
const addressOf = (stream: Stream): Address | undefined => {
  const { server, backend, destinationOverride, session, serverAddress } = stream
  if (serverAddress) return serverAddress
  const destination = destinationOverride ?? session.destination
  if (!server) return backend.config.dispatch ?? (backend.config.options.has('transparent') ? destination : undefined)
  if (!server.hasAddress) return undefined
  const { address } = server
  if (!isIp(address)) return address
  const client = destination && isIp(destination) ? destination : undefined
  const host = client && isUnspecified(address.ip) ? client : address
  const clientPort = client?.port ?? 0
  if (server.mapPorts) return { ...host, port: (address.port + clientPort) & 0xffff }
  return { ...host, port: address.port === 0 ? clientPort : address.port }
}

const isUnspecified = (ip: string): boolean => ip === '0.0.0.0' || ip === '::'

const open = (
  stream: Stream,
  server: Server | undefined,
  address: Address,
  header: string | undefined,
): Endpoint | 'retry' => {
  const { context, backend } = stream
  const { process } = context
  const streams = server && streamsOf(server)
  const transport = new Transport(
    process.counters,
    true,
    server ? serverHandshakes(server, address, header, serverNameOf(stream, server)) : [],
  )
  streams?.use()
  // private connections do not count as used by their server (`conn_set_private`)
  const isPrivate = !stream.isHttp || !server || backend.config.httpReuse === 'never'
  if (streams && isPrivate) streams.usedConnections--
  const closed = (wasIdle = false): void => {
    const isUncounted = endpoint instanceof H1Server ? endpoint.isPrivate : isPrivate
    if (streams && !wasIdle && !isUncounted) streams.usedConnections--
  }
  const endpoint: H1Server | TcpEndpoint = stream.isHttp
    ? new H1Server(backend, transport, connectionOwner(stream, server, closed), context.limits, server?.name)
    : new TcpEndpoint(transport, closed)
  if (endpoint instanceof H1Server) {
    endpoint.identity = identityOf(stream, server, header)
    endpoint.isPrivate = isPrivate
  }
  try {
    transport.connect(
      process.network.connect(
        server?.config.socks4 ?? address,
        transport,
        ...originOf(server?.config, backend.config, process.configuration.global.serverBuffers, stream.serverMarks),
      ),
    )
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    endpoint.detach()
    return 'retry'
  }
  return endpoint
}

const connectionOwner = (
  { context, backend, session }: Stream,
  server: Server | undefined,
  closed: (wasIdle: boolean) => void,
): ConstructorParameters<typeof H1Server>[2] => {
  const { privateConnections } = session
  return {
    keep: (connection) => {
      if (!server || connection.isPrivate) return privateConnections.keep(connection, server ?? backend)
      if (context.process.isStopping || server.deleted) return false
      return streamsOf(server).keep(connection, context.process.scheduler)
    },
    lost: (connection) => {
      privateConnections.drop(connection)
      if (!server) return
      const { idle } = streamsOf(server)
      const at = idle.indexOf(connection)
      if (at >= 0) idle.splice(at, 1)
    },
    closed,
  }
}
