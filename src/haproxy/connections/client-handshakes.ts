/**
 * What clients send before their data: headers of NetScaler's Client IP protocol and of the PROXY protocol (`xprt_handshake_io_cb`,
 * src/xprt_handshake.c), and TLS (`ssl_sock_handshake`, src/ssl_sock.c).
 */
import { fromBytes } from '../../bytes/latin1.js'
import type { Connection, NetworkErrorCode } from '../../net/network.js'
import type { TlsListener } from '../../net/tls.js'
import type { ConnectionError } from './errors.js'
import type { Handshake, HandshakeOutcome } from '../mux/transport.js'
import type { ClientSession } from '../streams/session.js'
import { readNetscalerHeader } from './netscaler-header.js'
import { readProxyHeader } from './proxy-header.js'

/** The handshakes that the listener and the rules of a session require. */
export const clientHandshakes = (session: ClientSession, limit: number): readonly Handshake[] => {
  const { config, tls } = session.listener
  const handshakes: Handshake[] = []
  const expectsProxy = config.acceptsProxy || session.expectsProxyHeader
  if (config.netscalerMagic !== undefined || session.expectsNetscalerHeader)
    handshakes.push(new ReceiveNetscaler(session, limit, expectsProxy ? 'PRX_TIMEOUT' : 'CIP_TIMEOUT'))
  if (expectsProxy) handshakes.push(new ReceiveProxy(session, limit))
  if (tls) handshakes.push(new AcceptTls(session, tls))
  return handshakes
}

class ReceiveNetscaler implements Handshake {
  /**
   * @param limit bytes that are looked at, the size of a buffer
   * @param timedOut a header of the PROXY protocol that is expected, too, is the one that is reported as missing
   */
  constructor(
    readonly session: ClientSession,
    readonly limit: number,
    readonly timedOut: 'CIP_TIMEOUT' | 'PRX_TIMEOUT',
  ) {}

  advance(connection: Connection): HandshakeOutcome {
    const { session } = this
    if (connection.error !== undefined) return 'CIP_ABORT'
    if (connection.available === 0) return connection.ended ? 'CIP_EMPTY' : 'wait'
    const magic = session.listener.config.netscalerMagic ?? 0
    const header = readNetscalerHeader(fromBytes(connection.peek(this.limit)), magic)
    if (typeof header === 'string') return header
    session.sourceOverride = header.source
    session.destinationOverride = header.destination
    const { length } = connection.read(header.length)
    return length < header.length ? 'CIP_ABORT' : 'done'
  }
}

class ReceiveProxy implements Handshake {
  readonly timedOut = 'PRX_TIMEOUT'

  /** @param limit bytes that are looked at, the size of a buffer */
  constructor(
    readonly session: ClientSession,
    readonly limit: number,
  ) {}

  advance(connection: Connection): HandshakeOutcome {
    const { session } = this
    if (connection.error !== undefined) return 'PRX_ABORT'
    if (connection.available === 0) return connection.ended ? 'PRX_EMPTY' : 'wait'
    const header = readProxyHeader(fromBytes(connection.peek(this.limit)))
    if (typeof header === 'string') return header
    session.sourceOverride = header.source ?? session.sourceOverride
    session.destinationOverride = header.destination ?? session.destinationOverride
    if (header.error !== undefined) return header.error
    connection.read(header.length)
    session.proxyHeader = header.tlvs
    return 'done'
  }
}

class AcceptTls implements Handshake {
  readonly timedOut = 'SSL_TIMEOUT'
  #isStarted = false

  constructor(
    readonly session: ClientSession,
    readonly tls: TlsListener,
  ) {}

  advance(connection: Connection): HandshakeOutcome {
    const { session } = this
    if (connection.error !== undefined) {
      session.tlsError = connection.tlsError
      return errorOf(connection.error)
    }
    if (connection.tls) {
      session.tls = connection.tls
      return 'done'
    }
    if (!this.#isStarted) connection.acceptTls(this.tls)
    this.#isStarted = true
    return 'wait'
  }
}

const errorOf = (error: NetworkErrorCode): ConnectionError =>
  error.startsWith('SSL_') ? (error as ConnectionError) : 'SSL_ABORT'
