/**
 * Fetches about TLS on the client's connection (src/ssl_sample.c), as known from handshakes: the cipher is known for real
 * connections only.
 */
import type { TlsSession } from '../../../net/tls.js'
import type { Fetch } from '../keyword.js'
import { bool, optionalStr, type Sample } from '../sample.js'

/** @param value undefined is passed for plain TCP */
const ofClient = (name: string, value: (tls: TlsSession | undefined) => Sample | undefined): Fetch => ({
  name,
  bind:
    () =>
    ({ session }) =>
      session && value(session.tls),
})

export const TLS_FETCHES: readonly Fetch[] = [
  ofClient('ssl_fc', (tls) => bool(tls !== undefined)),
  ofClient('ssl_fc_has_sni', (tls) => bool(tls?.serverName !== undefined)),
  ofClient('ssl_fc_sni', (tls) => optionalStr(tls?.serverName)),
  ofClient('ssl_fc_has_crt', (tls) => tls && bool(tls.crt !== undefined)),
  ofClient('ssl_fc_alpn', (tls) => optionalStr(tls?.alpn)),
  ofClient('ssl_fc_protocol', (tls) => optionalStr(tls?.version)),
  ofClient('ssl_fc_cipher', (tls) => optionalStr(tls?.cipher)),
  // sessions are not resumed: each connection has a new one
  ofClient('ssl_fc_is_resumed', () => bool(false)),
]
