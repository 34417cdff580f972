/**
 * Fetches about TLS on the client's connection (src/ssl_sample.c), as far as the model of TLS has them: what the client asks for. What a
 * handshake negotiates is not known.
 */
import type { TlsClient } from '../../../net/tls.js'
import type { Fetch } from '../keyword.js'
import { bool, str, type Sample } from '../sample.js'

/** @param value undefined is passed for plain TCP */
const ofClient = (name: string, value: (tls: TlsClient | undefined) => Sample | undefined): Fetch => ({
  name,
  bind:
    () =>
    ({ session }) =>
      session && value(session.tls),
})

export const TLS_FETCHES: readonly Fetch[] = [
  ofClient('ssl_fc', (tls) => bool(tls !== undefined)),
  ofClient('ssl_fc_has_sni', (tls) => bool(tls?.serverName !== undefined)),
  ofClient('ssl_fc_sni', (tls) => (tls?.serverName === undefined ? undefined : str(tls.serverName))),
  ofClient('ssl_fc_has_crt', (tls) => tls && bool(tls.crt !== undefined)),
  // each connection has a handshake with a session of its own
  ofClient('ssl_fc_is_resumed', () => bool(false)),
]
