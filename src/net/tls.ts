/**
 * TLS client settings. The simulated network only models the outcome (net/sim/tls.ts); the real one does the handshake
 * (net/node/secure.ts). Certificates are referred to by file name.
 */

/** The versions HAProxy supports, oldest first. */
export const TLS_VERSIONS = ['SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const
/** One of {@link TLS_VERSIONS}. */
export type TlsVersion = (typeof TLS_VERSIONS)[number]

/** Settings of the client side. */
export interface TlsClient {
  /** whether the server's certificate must be issued by a CA in `caFile` (`verify required`) */
  readonly verify: boolean
  /** file or directory of CA certificates, or `@system-ca` */
  readonly caFile?: string | undefined
  readonly crlFile?: string | undefined
  /** client certificate and key, in one file */
  readonly crt?: string | undefined
  /** the SNI; a verified certificate must match it */
  readonly serverName?: string | undefined
  /** the name a certificate must match if there is no SNI (`verifyhost`) */
  readonly verifyHost?: string | undefined
  /** ALPN protocols in order of preference */
  readonly alpn?: readonly string[] | undefined
  readonly minVersion?: TlsVersion | undefined
  readonly maxVersion?: TlsVersion | undefined
  /** for TLS 1.2 and older */
  readonly ciphers?: string | undefined
  /** for TLS 1.3 */
  readonly ciphersuites?: string | undefined
}

/** Settings of Lua's `connect_ssl`, for which HAProxy uses an internal server with `ssl verify none`. */
export const TLS_UNVERIFIED: TlsClient = { verify: false }

/** A certificate file of a server, and the names that it is chosen for. */
export interface TlsCertificate {
  readonly path: string
  /** SNI filters of a `crt-list`; undefined: the names in the certificate */
  readonly names?: readonly string[] | undefined
}

/** Settings of the server side (`bind … ssl`). */
export interface TlsListener {
  /** the first one is for clients that ask for no known name */
  readonly certificates: readonly TlsCertificate[]
  /** clients that ask for no known name are rejected (`strict-sni`) */
  readonly strictSni: boolean
  /** whether clients are asked for a certificate */
  readonly verify: 'none' | 'optional' | 'required'
  readonly caFile: string | undefined
  readonly crlFile: string | undefined
  /** ALPN protocols in order of preference */
  readonly alpn: readonly string[] | undefined
  readonly minVersion: TlsVersion | undefined
  readonly maxVersion: TlsVersion | undefined
  readonly ciphers: string | undefined
  readonly ciphersuites: string | undefined
}

/** What the handshake with a client has agreed on. */
export interface TlsSession {
  readonly serverName?: string | undefined
  /** the certificate of the client, in PEM; in simulations the name of its file */
  readonly crt?: string | undefined
  /** the name in that certificate (`CN`); it is not read in simulations */
  readonly commonName?: string | undefined
  /** of the certificate of the listener, such as `RSA2048` and `RSA-SHA256`; it is not read in simulations */
  readonly keyAlgorithm?: string | undefined
  readonly signatureAlgorithm?: string | undefined
  readonly alpn?: string | undefined
  /** in OpenSSL's names */
  readonly version?: string | undefined
  readonly cipher?: string | undefined
}

/** Handshake errors, named as in HAProxy's `conn_err_code_str`; the first four are those of clients. */
export type TlsErrorCode =
  | 'SSL_EMPTY'
  | 'SSL_ABORT'
  | 'SSL_CA_FAIL'
  | 'SSL_CRT_FAIL'
  | 'SSL_HANDSHAKE'
  | 'SSL_MISMATCH'
  | 'SSL_MISMATCH_SNI'
  | 'SSL_FATAL'

/** A file named in a `crt-store`. */
export interface StoredFile {
  readonly path: string
  /** as written in the configuration */
  readonly written: string
}

/** The files of one certificate in a `crt-store`. */
export interface StoredFiles {
  readonly crt: StoredFile
  /** undefined if the key is in `crt` */
  readonly key: StoredFile | undefined
  /** further files, which must be readable */
  readonly others: readonly StoredFile[]
}

/** Certificates of a `bind` line. */
export interface LoadedCertificates {
  readonly problem?: string | undefined
  readonly certificates: readonly TlsCertificate[]
}

/** Loads and checks certificate files. Problems are reported with HAProxy's messages; undefined means no problem. */
export interface Certificates {
  /** Sets the directory for relative paths; '' is the working directory of the process. */
  setBaseDirectory?(folder: string): void
  /** Looks for the key of `x.crt` in `x.key` (`ssl-load-extra-del-ext`) instead of `x.crt.key`. */
  dropExtension?(): void
  /** Loads a `ca-file` or `crl-file`: a file or a directory. */
  loadCaFile(path: string): { readonly problem?: string | undefined; readonly emptyFolder?: boolean }
  /** Loads the directory of `issuers-chain-path`. Returns warnings. */
  loadIssuerChains(directory: string): readonly string[]
  /** Loads a certificate and its key, for `crt` on a server line. Returns the problem. */
  loadForServer(path: string): string | undefined
  /** Loads the argument of `crt` on a bind line: a file or a directory. */
  loadForBind(path: string): LoadedCertificates
  /** Loads a `crt-list`; `pathOf` resolves the file names in it. */
  loadList(path: string, pathOf: (file: string) => string): LoadedCertificates
  /**
   * Loads the files of a `load` line in a `crt-store` and stores the certificate under `name`, which `crt` looks up before the
   * file system. Returns `taken` if the name is already in use.
   */
  store(name: string, files: StoredFiles): { readonly text: string } | 'taken' | undefined
  /** Whether the TLS library rejects the cipher list. */
  rejectsCiphers(kind: 'ciphers' | 'ciphersuites', list: string): boolean
}

/** Whether a certificate name matches a host name; `*` matches within the first label (RFC 6125, section 6.4.3). */
export const matchesHostName = (name: string, host: string): boolean => {
  const [pattern, wanted] = [name.toLowerCase(), host.toLowerCase()]
  if (pattern === wanted) return true
  const end = pattern.indexOf('.')
  const label = pattern.slice(0, Math.max(end, 0))
  const hostEnd = wanted.indexOf('.')
  if (end < 0 || hostEnd < 0 || pattern.slice(end) !== wanted.slice(hostEnd)) return false
  const [before, after, ...more] = label.split('*')
  if (after === undefined || more.length > 0) return false
  const own = wanted.slice(0, hostEnd)
  return own.length >= before!.length + after.length && own.startsWith(before!) && own.endsWith(after)
}

/** Checks a certificate's names against the settings of `client`. */
export const checkCertificateNames = (client: TlsClient, names: readonly string[]): TlsErrorCode | undefined => {
  const wanted = client.serverName ?? client.verifyHost
  if (wanted === undefined || names.some((name) => matchesHostName(name, wanted))) return undefined
  return client.serverName === undefined ? 'SSL_MISMATCH' : 'SSL_MISMATCH_SNI'
}
