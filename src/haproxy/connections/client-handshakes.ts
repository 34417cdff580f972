/** What clients send before their data: headers of the PROXY protocol (`xprt_handshake_io_cb`, src/xprt_handshake.c). */
import { fromBytes } from '../../bytes/latin1.js'
import type { Connection } from '../../net/network.js'
import type { Handshake, HandshakeOutcome } from '../mux/transport.js'
import type { Session } from '../streams/session.js'
import { readProxyHeader } from './proxy-header.js'

/** The handshakes that the listener and the rules of a session require. */
export const clientHandshakes = (session: Session, limit: number): readonly Handshake[] =>
  session.listener.config.acceptsProxy || session.expectsProxyHeader ? [new ReceiveProxy(session, limit)] : []

class ReceiveProxy implements Handshake {
  readonly aborted = 'PRX_ABORT'
  readonly timedOut = 'PRX_TIMEOUT'

  /** @param limit bytes that are looked at, the size of a buffer */
  constructor(
    readonly session: Session,
    readonly limit: number,
  ) {}

  advance(connection: Connection): HandshakeOutcome {
    const { session } = this
    if (connection.error !== undefined) return this.aborted
    if (connection.available === 0) return connection.ended ? 'PRX_EMPTY' : 'wait'
    const header = readProxyHeader(fromBytes(connection.peek(this.limit)))
    if (typeof header === 'string') return header
    session.source = header.source ?? session.source
    session.destination = header.destination ?? session.destination
    if (header.error !== undefined) return header.error
    connection.read(header.length)
    session.proxyHeader = header.tlvs
    return 'done'
  }
}
