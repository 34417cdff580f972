/**
 * TLS as a model: no cryptography, only what comes of a handshake. A hello travels to the server, which answers with who it is;
 * TLS 1.3 takes one round trip until the client may write, earlier versions two. Certificates are known by the authority that
 * issued them, which is the name of the `ca-file` that holds it.
 */
import { nameProblem, TLS_VERSIONS, type TlsClient, type TlsErrorCode, type TlsVersion } from '../tls.js'

/** A server's side of TLS. */
export interface TlsServer {
  /** the names in its certificate; `*.example.com` stands for many */
  readonly names?: readonly string[]
  /** the `ca-file` that holds who issued its certificate; undefined: every authority knows it */
  readonly issuer?: string | undefined
  /** its certificate is out of date */
  readonly expired?: boolean | undefined
  /** default: TLSv1.2 */
  readonly minVersion?: TlsVersion | undefined
  /** default: TLSv1.3 */
  readonly maxVersion?: TlsVersion | undefined
  /** protocols that it speaks: a client that offers others only is refused; undefined: it does not mind */
  readonly alpn?: readonly string[] | undefined
  /** what becomes of handshakes: they `hang` after the client's hello, or are ended with a `close` */
  readonly handshake?: 'hang' | 'close' | undefined
  /** clients that speak first, and plainly, are served too */
  readonly plainToo?: boolean | undefined
}

const isNames = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string')
const isVersion = (value: unknown): boolean => TLS_VERSIONS.some((each) => each === value)
const isFlag = (value: unknown): boolean => typeof value === 'boolean'

const FITS: Readonly<Record<keyof TlsServer, readonly [(value: unknown) => boolean, string]>> = {
  names: [isNames, 'a list of names'],
  issuer: [(value) => typeof value === 'string', 'the name of a ca-file'],
  expired: [isFlag, 'true or false'],
  minVersion: [isVersion, `one of ${TLS_VERSIONS.join(', ')}`],
  maxVersion: [isVersion, `one of ${TLS_VERSIONS.join(', ')}`],
  alpn: [isNames, 'a list of names'],
  handshake: [(value) => value === 'hang' || value === 'close', "'hang' or 'close'"],
  plainToo: [isFlag, 'true or false'],
}

/** The same, as far as it makes sense: throws a RangeError for anything else. */
export const checkedTlsServer = (tls: TlsServer | undefined): TlsServer | undefined => {
  if (tls !== undefined && (typeof tls !== 'object' || tls === null)) throw new RangeError('tls is a table of settings')
  for (const [name, value] of Object.entries(tls ?? {})) {
    const [fits, what] = Object.hasOwn(FITS, name) ? FITS[name as keyof TlsServer] : []
    if (!fits) throw new RangeError(`tls has no setting '${name}'; it has ${Object.keys(FITS).join(', ')}`)
    if (value !== undefined && !fits(value)) throw new RangeError(`${name} of tls is ${what}`)
  }
  return tls
}

/** What a plain server reads where a client says hello: the first bytes of a record of TLS. */
export const HELLO_BYTES: Uint8Array = Uint8Array.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 3])

/** What a TLS server says to a client that speaks plainly: a fatal alert, `unexpected_message`. */
export const ALERT_BYTES: Uint8Array = Uint8Array.from([21, 3, 1, 0, 2, 2, 10])

const rank = (version: TlsVersion): number => TLS_VERSIONS.indexOf(version)

/** The version that both speak; undefined when there is none. */
export const agreedVersion = (client: TlsClient, server: TlsServer): TlsVersion | undefined => {
  const highest = Math.min(rank(client.maxVersion ?? 'TLSv1.3'), rank(server.maxVersion ?? 'TLSv1.3'))
  const lowest = Math.max(rank(client.minVersion ?? 'TLSv1.2'), rank(server.minVersion ?? 'TLSv1.2'))
  return highest < lowest ? undefined : TLS_VERSIONS[highest]
}

/** Why the server refuses the client's hello, as far as the client hears of it. */
export const helloProblem = (client: TlsClient, server: TlsServer): TlsErrorCode | undefined => {
  if (agreedVersion(client, server) === undefined) return 'SSL_HANDSHAKE'
  const { alpn } = server
  return client.alpn && alpn && !client.alpn.some((each) => alpn.includes(each)) ? 'SSL_HANDSHAKE' : undefined
}

/** What the client finds wrong with the server's certificate. */
export const certificateProblem = (client: TlsClient, server: TlsServer): TlsErrorCode | undefined => {
  if (!client.verify) return undefined
  if (server.expired || (server.issuer !== undefined && server.issuer !== client.caFile)) return 'SSL_HANDSHAKE'
  return nameProblem(client, server.names ?? [])
}
