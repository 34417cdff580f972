/** What precedes the data of a connection to a server: SOCKS4, the PROXY protocol, TLS, in this order. */
import { fromBytes, toBytes } from '../../bytes/latin1.js'
import type { Address } from '../../net/address.js'
import type { Connection } from '../../net/network.js'
import type { TlsClient } from '../../net/tls.js'
import { formatText } from '../samples/log-format.js'
import { proxyHeader, proxyLine, tlvsOf, TlvType } from '../connections/proxy-protocol.js'
import { isSocks4Granted, SOCKS4_ANSWER_LENGTH, socks4Request } from '../connections/socks4.js'
import type { Server } from '../server/server.js'
import type { Stream } from '../streams/stream.js'
import { samplesOf } from '../streams/samples.js'
import { makeUniqueId } from '../streams/unique-id.js'
import type { Handshake, HandshakeOutcome } from './transport.js'

/**
 * @param header of the PROXY protocol; undefined: none is sent
 * @param serverName for TLS; undefined: as the server is configured
 */
export const serverHandshakes = (
  server: Server,
  address: Address,
  header: string | undefined,
  serverName?: string,
): readonly Handshake[] => {
  const { socks4, tls } = server.config
  const handshakes: Handshake[] = []
  if (socks4) handshakes.push(new Socks4(address))
  if (header !== undefined) handshakes.push(new SendProxy(header))
  if (server.ssl === 1)
    handshakes.push(new ClientTls(serverName === undefined ? tls.client : { ...tls.client, serverName }))
  return handshakes
}

/** The header of the PROXY protocol that the server expects, with the addresses of the client. */
export const proxyHeaderFor = (stream: Stream, { config }: Server): string | undefined => {
  const { sendProxy, proxyOptions, proxyTlvs } = config
  if (sendProxy === undefined) return undefined
  const { session, sourceOverride, destinationOverride } = stream
  const source = sourceOverride ?? session.source
  const destination = destinationOverride ?? session.destination
  if (sendProxy === 1) return proxyLine(source, destination)
  const received = session.proxyHeader?.find(({ type }) => type === TlvType.AUTHORITY)?.value
  return proxyHeader(source, destination, proxyOptions, {
    tlvs: tlvsOf(proxyTlvs, (format) => formatText(format, samplesOf(stream, session.frontend))),
    bufsize: stream.context.limits.buffer,
    authority: received ?? session.tls?.serverName,
    uniqueId: proxyOptions.has('unique-id')
      ? (makeUniqueId(stream, samplesOf(stream, session.frontend)) ?? '')
      : undefined,
    tls: session.tls,
  })
}

class Socks4 implements Handshake {
  readonly timedOut = 'SOCKS4_ABORT'
  #isSent = false
  #answer = ''

  constructor(readonly target: Address) {}

  advance(connection: Connection): HandshakeOutcome {
    if (!this.#isSent) {
      this.#isSent = true
      connection.write(toBytes(socks4Request(this.target)))
    }
    this.#answer += fromBytes(connection.read(SOCKS4_ANSWER_LENGTH - this.#answer.length))
    if (this.#answer.length >= SOCKS4_ANSWER_LENGTH) return isSocks4Granted(this.#answer) ? 'done' : 'SOCKS4_DENY'
    return connection.ended || connection.state === 'closed' ? 'SOCKS4_ABORT' : 'wait'
  }
}

class SendProxy implements Handshake {
  readonly timedOut = 'PRX_TIMEOUT'
  constructor(readonly header: string) {}

  advance(connection: Connection): HandshakeOutcome {
    connection.write(toBytes(this.header))
    return 'done'
  }
}

class ClientTls implements Handshake {
  readonly timedOut = 'SSL_TIMEOUT'
  #isStarted = false

  constructor(readonly settings: TlsClient) {}

  advance(connection: Connection): HandshakeOutcome {
    if (!this.#isStarted) {
      this.#isStarted = true
      connection.secure(this.settings)
      return 'wait'
    }
    return connection.state === 'closed' ? 'SSL_ABORT' : 'done'
  }
}
