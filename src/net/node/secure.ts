/** TLS on real connections with Node's TLS (`ssl_sock_prepare_srv_ctx`, `ssl_sock_srv_verifycbk` in src/ssl_sock.c). */
import type { Socket } from 'node:net'
import type { X509Certificate } from 'node:crypto'
import { connect, createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls'
import { checkCertificateNames, type TlsClient, type TlsErrorCode, type TlsVersion } from '../tls.js'
import { joinCipherLists, type NodeCertificates } from './certificates.js'

/** Protocol versions in Node's names. Node does not support SSLv3. */
export const VERSIONS = {
  SSLv3: 'TLSv1',
  'TLSv1.0': 'TLSv1',
  'TLSv1.1': 'TLSv1.1',
  'TLSv1.2': 'TLSv1.2',
  'TLSv1.3': 'TLSv1.3',
} as const satisfies Record<TlsVersion, string>

/** Creates and caches the secure context of each client configuration. */
export class SecureContexts {
  readonly #cache = new WeakMap<TlsClient, SecureContext>()

  constructor(readonly certificates: NodeCertificates) {}

  /** The context of `client`. Throws errors of the TLS library. */
  of(client: TlsClient): SecureContext {
    let context = this.#cache.get(client)
    if (!context) this.#cache.set(client, (context = createSecureContext(this.#options(client))))
    return context
  }

  #options(client: TlsClient): SecureContextOptions {
    const { caFile, crlFile, crt, minVersion, maxVersion } = client
    const authorities = caFile === undefined ? undefined : this.certificates.loadCaFile(caFile).content
    const crls = [
      ...(authorities?.crls ?? []),
      ...(crlFile === undefined ? [] : (this.certificates.loadCaFile(crlFile).content?.crls ?? [])),
    ]
    const ciphers = joinCipherLists(client.ciphers, client.ciphersuites)
    return {
      // an explicit list, even if empty, replaces Node's default CAs
      ca: [...(authorities?.certificates ?? [])],
      ...(client.verify && crls.length > 0 && { crl: crls }),
      ...(crt !== undefined && this.certificates.loadWithKey(crt).content),
      ...(ciphers !== undefined && { ciphers }),
      ...(minVersion !== undefined && { minVersion: VERSIONS[minVersion] }),
      ...(maxVersion !== undefined && { maxVersion: VERSIONS[maxVersion] }),
    }
  }
}

/** Starts the handshake on a connected socket. `socket` must not be read directly afterwards. */
export const startTls = (socket: Socket, client: TlsClient, contexts: SecureContexts): TLSSocket =>
  withoutDeprecations(() =>
    connect({
      socket,
      secureContext: contexts.of(client),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(client.serverName !== undefined && { servername: client.serverName }),
      ...(client.alpn !== undefined && { ALPNProtocols: [...client.alpn] }),
    }),
  )

/** Node warns of an IP address as SNI, which HAProxy sends if a server is named by it. */
const withoutDeprecations = <T>(run: () => T): T => {
  const { noDeprecation } = process
  process.noDeprecation = true
  try {
    return run()
  } finally {
    process.noDeprecation = noDeprecation === true
  }
}

/** Verifies the server's certificate after the handshake. */
export const verifyPeer = (socket: TLSSocket, client: TlsClient): TlsErrorCode | undefined => {
  if (!client.verify) return undefined
  if (!socket.authorized) return 'SSL_HANDSHAKE'
  return checkCertificateNames(client, certificateNames(socket.getPeerX509Certificate()!))
}

/** The DNS and common names of a certificate, which HAProxy verifies. */
export const certificateNames = (certificate: X509Certificate): string[] => {
  const alternative = certificate.subjectAltName?.split(', ') ?? []
  const subject = certificate.subject?.split('\n') ?? []
  return [
    ...alternative.filter((each) => each.startsWith('DNS:')).map((each) => each.slice(4)),
    ...subject.filter((each) => each.startsWith('CN=')).map((each) => each.slice(3)),
  ]
}
