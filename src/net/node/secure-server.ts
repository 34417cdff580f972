/** TLS with clients on real connections: the choice of certificates, and what was agreed on (`ssl_sock_prepare_ctx`, src/ssl_sock.c). */
import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket, type SecureContext, type SecureContextOptions } from 'node:tls'
import type { TlsErrorCode, TlsListener, TlsSession } from '../tls.js'
import { commonName, keyAlgorithm, signatureAlgorithm } from './certificate-details.js'
import { joinCipherLists, type NodeCertificates } from './certificates.js'
import { certificateNames, VERSIONS } from './secure.js'

/** The secure contexts of a listener. */
interface ListenerContexts {
  readonly baseline: SecureContext
  /** by server name, `*.example.com` included */
  readonly byName: ReadonlyMap<string, SecureContext>
}

/** Creates and caches the secure contexts of each listener. */
export class ListenerSecurity {
  readonly #cache = new WeakMap<TlsListener, ListenerContexts>()

  constructor(readonly certificates: NodeCertificates) {}

  /** Starts the handshake on an accepted socket, which must not be read directly afterwards. Throws errors of the TLS library. */
  accept(socket: Socket, tls: TlsListener): TLSSocket {
    const { baseline, byName } = this.#contextsOf(tls)
    const choose = (name: string, chosen: (error: Error | null, context?: SecureContext) => void): void => {
      const found = byName.get(name.toLowerCase()) ?? byName.get(name.toLowerCase().replace(/^[^.]*/, '*'))
      if (!found && tls.strictSni) chosen(new Error(UNKNOWN_NAME))
      else chosen(null, found ?? baseline)
    }
    return new TLSSocket(socket, {
      isServer: true,
      secureContext: baseline,
      SNICallback: choose,
      requestCert: tls.verify !== 'none',
      // a missing certificate ends the handshake; others are looked at afterwards
      rejectUnauthorized: tls.verify === 'required',
      ...(tls.alpn && { ALPNCallback: ({ protocols }: AlpnOffer) => chooseProtocol(tls, protocols) }),
    })
  }

  #contextsOf(tls: TlsListener): ListenerContexts {
    let contexts = this.#cache.get(tls)
    if (!contexts) this.#cache.set(tls, (contexts = this.#createContexts(tls)))
    return contexts
  }

  #createContexts(tls: TlsListener): ListenerContexts {
    const shared = this.#sharedOptions(tls)
    const byName = new Map<string, SecureContext>()
    let baseline: SecureContext | undefined
    for (const { path, names } of tls.certificates) {
      const { content } = this.certificates.loadWithKey(path)
      if (!content) continue
      const context = createSecureContext({ ...shared, ...content })
      baseline ??= context
      for (const name of names ?? certificateNames(new X509Certificate(content.cert)))
        if (!byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), context)
    }
    return { baseline: baseline ?? createSecureContext(shared), byName }
  }

  #sharedOptions({ caFile, crlFile, minVersion, maxVersion, ...tls }: TlsListener): SecureContextOptions {
    const authorities = caFile === undefined ? undefined : this.certificates.loadCaFile(caFile).content
    const crls = crlFile === undefined ? [] : (this.certificates.loadCaFile(crlFile).content?.crls ?? [])
    const ciphers = joinCipherLists(tls.ciphers ?? 'DEFAULT', tls.ciphersuites ?? DEFAULT_CIPHERSUITES)
    return {
      ca: [...(authorities?.certificates ?? [])],
      ...(crls.length > 0 && { crl: [...crls] }),
      ciphers,
      honorCipherOrder: true,
      ...(minVersion !== undefined && { minVersion: VERSIONS[minVersion] }),
      ...(maxVersion !== undefined && { maxVersion: VERSIONS[maxVersion] }),
    }
  }
}

/** Those of OpenSSL; Node's own list has another order, and without any in the list TLS 1.3 is not offered. */
const DEFAULT_CIPHERSUITES = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256'

/** What Node passes of a client's ALPN extension. */
interface AlpnOffer {
  readonly protocols: readonly string[]
}

/** HAProxy continues without ALPN if nothing matches; Node would fail then, so the client's first protocol is agreed on. */
const chooseProtocol = ({ alpn }: TlsListener, offered: readonly string[]): string | undefined =>
  alpn?.find((each) => offered.includes(each)) ?? offered[0]

/** What OpenSSL reports if the callback that chooses a certificate refuses. */
const UNKNOWN_NAME = 'error:0A0000EA:SSL routines::callback failed:'

/** What was agreed on, or why the client must not be served. */
export const sessionOf = (socket: TLSSocket, { verify, strictSni, alpn }: TlsListener): TlsSession | TlsErrorCode => {
  const certificate = socket.getPeerX509Certificate()
  const problem = certificate && verify !== 'none' ? verifyError(socket) : undefined
  if (problem) return problem.code === 'SELF_SIGNED_CERT_IN_CHAIN' ? 'SSL_CA_FAIL' : 'SSL_CRT_FAIL'
  const { servername, alpnProtocol } = socket as TLSSocket & { readonly servername?: string | false | null }
  if (strictSni && !servername) return 'SSL_HANDSHAKE'
  const version = socket.getProtocol() ?? undefined
  const { name, standardName } = socket.getCipher()
  const own = socket.getX509Certificate()
  return {
    serverName: servername || undefined,
    crt: certificate?.toString(),
    commonName: certificate && commonName(certificate),
    alpn: alpn?.find((each) => each === alpnProtocol),
    version,
    cipher: version === 'TLSv1.3' ? standardName : name,
    keyAlgorithm: own && keyAlgorithm(own),
    signatureAlgorithm: own && signatureAlgorithm(own),
  }
}

/** Why the client's certificate is not trusted; Node reports that only for sockets of `tls.Server`. */
const verifyError = (socket: TLSSocket): { readonly code?: string } | null =>
  (socket as unknown as { _handle: { verifyError(): { code?: string } | null } })._handle.verifyError()

/** An error of OpenSSL as HAProxy shows it: `error:0A00009C:SSL routines::http request`. */
export const libraryErrorText = ({ message }: Error): string | undefined => {
  const found = /error:([0-9A-F]+):([^:]*):[^:]*:([^:]*):/.exec(message)
  return found ? `error:${found[1]}:${found[2]}::${found[3]}` : undefined
}
