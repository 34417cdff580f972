/** What precedes the data of a connection to a server: SOCKS4, the PROXY protocol, TLS, in this order. */
import { fromBytes, toBytes } from '../../bytes/latin1.js'
import type { Address } from '../../net/address.js'
import type { Connection } from '../../net/network.js'
import type { TlsClient } from '../../net/tls.js'
import { isSocks4Granted, proxyHeader, SOCKS4_ANSWER_LENGTH, socks4Request } from '../connections/proxy-protocol.js'
import type { Server } from '../server/server.js'
import type { Handshake } from './transport.js'

/** What the PROXY header says of the client. */
export interface ProxiedConnection {
  readonly session: { readonly source: Address | undefined; readonly destination: Address | undefined }
}

export const serverHandshakes = (stream: ProxiedConnection, server: Server, address: Address): readonly Handshake[] => {
  const { socks4, sendProxy, tls } = server.config
  const { source, destination } = stream.session
  const handshakes: Handshake[] = []
  if (socks4) handshakes.push(new Socks4(address))
  if (sendProxy !== undefined) handshakes.push(new SendProxy(sendProxy, source, destination))
  if (server.ssl === 1) handshakes.push(new ClientTls(tls.client))
  return handshakes
}

class Socks4 implements Handshake {
  #isSent = false
  #answer = ''

  constructor(readonly target: Address) {}

  advance(connection: Connection): 'done' | 'wait' | 'failed' {
    if (!this.#isSent) {
      this.#isSent = true
      connection.write(toBytes(socks4Request(this.target)))
    }
    this.#answer += fromBytes(connection.read(SOCKS4_ANSWER_LENGTH - this.#answer.length))
    if (this.#answer.length >= SOCKS4_ANSWER_LENGTH) return isSocks4Granted(this.#answer) ? 'done' : 'failed'
    return connection.ended || connection.state === 'closed' ? 'failed' : 'wait'
  }
}

class SendProxy implements Handshake {
  constructor(
    readonly version: 1 | 2,
    readonly source: Address | undefined,
    readonly destination: Address | undefined,
  ) {}

  advance(connection: Connection): 'done' | 'wait' {
    const source = this.source ?? connection.local
    connection.write(toBytes(proxyHeader(this.version, source, this.destination ?? connection.remote)))
    return 'done'
  }
}

class ClientTls implements Handshake {
  #isStarted = false

  constructor(readonly settings: TlsClient) {}

  advance(connection: Connection): 'done' | 'wait' | 'failed' {
    if (!this.#isStarted) {
      this.#isStarted = true
      connection.secure(this.settings)
      return 'wait'
    }
    return connection.state === 'closed' ? 'failed' : 'done'
  }
}
