/** TLS on a real connection, spoken by Node's (`ssl_sock_prepare_srv_ctx`, `ssl_sock_srv_verifycbk` in src/ssl_sock.c). */
import type { Socket } from 'node:net'
import type { X509Certificate } from 'node:crypto'
import { connect, createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls'
import { nameProblem, type TlsClient, type TlsErrorCode, type TlsVersion } from '../tls.js'
import { nodeCiphers, type NodeCertificates } from './certificates.js'

/** Node has no SSLv3. */
const VERSIONS = {
  SSLv3: 'TLSv1',
  'TLSv1.0': 'TLSv1',
  'TLSv1.1': 'TLSv1.1',
  'TLSv1.2': 'TLSv1.2',
  'TLSv1.3': 'TLSv1.3',
} as const satisfies Record<TlsVersion, string>

/** Makes what each kind of client needs once. */
export class SecureContexts {
  readonly #made = new WeakMap<TlsClient, SecureContext>()

  constructor(readonly certificates: NodeCertificates) {}

  /** Throws what the TLS library finds wrong. */
  of(client: TlsClient): SecureContext {
    let context = this.#made.get(client)
    if (!context) this.#made.set(client, (context = createSecureContext(this.#options(client))))
    return context
  }

  #options(client: TlsClient): SecureContextOptions {
    const { caFile, crlFile, crt, minVersion, maxVersion } = client
    const authorities = caFile === undefined ? undefined : this.certificates.authorities(caFile).content
    const crls = [
      ...(authorities?.crls ?? []),
      ...(crlFile === undefined ? [] : (this.certificates.authorities(crlFile).content?.crls ?? [])),
    ]
    const ciphers = nodeCiphers(client.ciphers, client.ciphersuites)
    return {
      // Node has authorities of its own unless it is given some
      ca: [...(authorities?.certificates ?? [])],
      ...(client.verify && crls.length > 0 && { crl: crls }),
      ...(crt !== undefined && this.certificates.ownCertificate(crt).content),
      ...(ciphers !== undefined && { ciphers }),
      ...(minVersion !== undefined && { minVersion: VERSIONS[minVersion] }),
      ...(maxVersion !== undefined && { maxVersion: VERSIONS[maxVersion] }),
    }
  }
}

/** Begins the handshake on a socket that is connected. Nothing is read from `socket` itself afterwards. */
export const beginTls = (socket: Socket, client: TlsClient, contexts: SecureContexts): TLSSocket =>
  connect({
    socket,
    secureContext: contexts.of(client),
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(client.serverName !== undefined && { servername: client.serverName }),
    ...(client.alpn !== undefined && { ALPNProtocols: [...client.alpn] }),
  })

/** What is wrong with the certificate of the server, once the handshake is done. */
export const certificateProblem = (socket: TLSSocket, client: TlsClient): TlsErrorCode | undefined => {
  if (!client.verify) return undefined
  if (!socket.authorized) return 'SSL_HANDSHAKE'
  return nameProblem(client, namesOf(socket.getPeerX509Certificate()!))
}

/** Its DNS names and common names, those that HAProxy looks at. */
const namesOf = (certificate: X509Certificate): string[] => {
  const alternative = certificate.subjectAltName?.split(', ') ?? []
  const subject = certificate.subject?.split('\n') ?? []
  return [
    ...alternative.filter((each) => each.startsWith('DNS:')).map((each) => each.slice(4)),
    ...subject.filter((each) => each.startsWith('CN=')).map((each) => each.slice(3)),
  ]
}
