/**
 * A model of TLS handshakes, without cryptography. TLS 1.3 takes one round trip until the client may write, earlier versions
 * two. A certificate's issuer is identified by the name of the `ca-file` that contains it.
 */
import {
  checkCertificateNames,
  TLS_VERSIONS,
  type TlsClient,
  type TlsErrorCode,
  type TlsListener,
  type TlsSession,
  type TlsVersion,
} from '../tls.js'

/** TLS settings of a simulated server. */
export interface TlsServer {
  /** names in its certificate; wildcards such as `*.example.com` are allowed */
  readonly names?: readonly string[]
  /** the `ca-file` with the issuer of its certificate; undefined: every CA trusts it */
  readonly issuer?: string | undefined
  /** its certificate has expired */
  readonly expired?: boolean | undefined
  /** default: TLSv1.2 */
  readonly minVersion?: TlsVersion | undefined
  /** default: TLSv1.3 */
  readonly maxVersion?: TlsVersion | undefined
  /** supported ALPN protocols: a client that offers none of them is rejected; undefined: ALPN is ignored */
  readonly alpn?: readonly string[] | undefined
  /** fault: do not answer the ClientHello (`hang`), or close the connection (`close`) */
  readonly handshake?: 'hang' | 'close' | undefined
  /** also serve clients that start without TLS */
  readonly plainToo?: boolean | undefined
}

const isNames = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string')
const isVersion = (value: unknown): boolean => TLS_VERSIONS.some((each) => each === value)
const isFlag = (value: unknown): boolean => typeof value === 'boolean'

const SETTINGS: Readonly<Record<keyof TlsServer, readonly [(value: unknown) => boolean, string]>> = {
  names: [isNames, 'a list of names'],
  issuer: [(value) => typeof value === 'string', 'the name of a ca-file'],
  expired: [isFlag, 'true or false'],
  minVersion: [isVersion, `one of ${TLS_VERSIONS.join(', ')}`],
  maxVersion: [isVersion, `one of ${TLS_VERSIONS.join(', ')}`],
  alpn: [isNames, 'a list of names'],
  handshake: [(value) => value === 'hang' || value === 'close', "'hang' or 'close'"],
  plainToo: [isFlag, 'true or false'],
}

/** Validates TLS settings and returns them. Throws a RangeError for unknown or invalid ones. */
export const validateTlsServer = (tls: TlsServer | undefined): TlsServer | undefined => {
  if (tls !== undefined && (typeof tls !== 'object' || tls === null))
    throw new RangeError('invalid tls settings: expected a table')
  for (const [name, value] of Object.entries(tls ?? {})) {
    const [isValid, expected] = Object.hasOwn(SETTINGS, name) ? SETTINGS[name as keyof TlsServer] : []
    if (!isValid)
      throw new RangeError(`unknown tls setting '${name}'; known settings: ${Object.keys(SETTINGS).join(', ')}`)
    if (value !== undefined && !isValid(value))
      throw new RangeError(`invalid tls setting '${name}': expected ${expected}`)
  }
  return tls
}

/** What a server without TLS receives from a TLS client: the start of a ClientHello record. */
export const CLIENT_HELLO_BYTES: Uint8Array = Uint8Array.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 3])

/** What a TLS server sends to a client without TLS: a fatal `unexpected_message` alert. */
export const ALERT_BYTES: Uint8Array = Uint8Array.from([21, 3, 1, 0, 2, 2, 10])

const rank = (version: TlsVersion): number => TLS_VERSIONS.indexOf(version)

/** The highest version that both support; undefined if they have none in common. */
export const negotiateVersion = (client: TlsClient, server: TlsServer): TlsVersion | undefined => {
  const highest = Math.min(rank(client.maxVersion ?? 'TLSv1.3'), rank(server.maxVersion ?? 'TLSv1.3'))
  const lowest = Math.max(rank(client.minVersion ?? 'TLSv1.2'), rank(server.minVersion ?? 'TLSv1.2'))
  return highest < lowest ? undefined : TLS_VERSIONS[highest]
}

/** Why the server rejects the ClientHello, as reported to the client. */
export const checkClientHello = (client: TlsClient, server: TlsServer): TlsErrorCode | undefined => {
  if (negotiateVersion(client, server) === undefined) return 'SSL_HANDSHAKE'
  const { alpn } = server
  return client.alpn && alpn && !client.alpn.some((each) => alpn.includes(each)) ? 'SSL_HANDSHAKE' : undefined
}

/** Verifies the server's certificate with the client's settings. */
export const checkCertificate = (client: TlsClient, server: TlsServer): TlsErrorCode | undefined => {
  if (!client.verify) return undefined
  if (server.expired || (server.issuer !== undefined && server.issuer !== client.caFile)) return 'SSL_HANDSHAKE'
  return checkCertificateNames(client, server.names ?? [])
}

/** A listener of HAProxy as the model has servers. Its certificates have no names. */
export const serverOf = ({ minVersion, maxVersion }: TlsListener): TlsServer => ({ minVersion, maxVersion })

/** What a handshake agrees on. */
export const agreement = (client: TlsClient, { alpn, minVersion, maxVersion }: TlsListener): TlsSession => ({
  serverName: client.serverName,
  crt: client.crt,
  alpn: alpn?.find((each) => client.alpn?.includes(each)),
  version: negotiateVersion(client, { minVersion, maxVersion }),
})
