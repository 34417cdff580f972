/**
 * TLS as whoever connects asks for it. The simulated network only reckons what comes of it (net/sim/tls.ts), the real one
 * speaks it (net/node/secure.ts). Certificates are named by their files.
 */

/** The versions that HAProxy knows, the oldest first. */
export const TLS_VERSIONS = ['SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const
export type TlsVersion = (typeof TLS_VERSIONS)[number]

export interface TlsClient {
  /** whether the server's certificate must come from an authority of `caFile` (`verify required`) */
  readonly verify: boolean
  /** a file or folder of authorities, or `@system-ca` */
  readonly caFile?: string | undefined
  readonly crlFile?: string | undefined
  /** the certificate that is shown to a server that asks for one, with its key */
  readonly crt?: string | undefined
  /** the name that is asked for (SNI); a certificate that is verified must have it */
  readonly serverName?: string | undefined
  /** the name that a certificate must have where none is asked for (`verifyhost`) */
  readonly verifyHost?: string | undefined
  /** protocols, the preferred one first */
  readonly alpn?: readonly string[] | undefined
  readonly minVersion?: TlsVersion | undefined
  readonly maxVersion?: TlsVersion | undefined
  /** of TLS 1.2 and before */
  readonly ciphers?: string | undefined
  /** of TLS 1.3 */
  readonly ciphersuites?: string | undefined
}

/** What scripts' `connect_ssl` asks for: HAProxy has a server of its own for it, `ssl verify none`. */
export const TLS_UNVERIFIED: TlsClient = { verify: false }

/** How a handshake fails: HAProxy's names, see its `conn_err_code_str`. */
export type TlsErrorCode = 'SSL_HANDSHAKE' | 'SSL_MISMATCH' | 'SSL_MISMATCH_SNI' | 'SSL_FATAL'

export interface StoredFile {
  readonly path: string
  /** as the configuration has it */
  readonly written: string
}

/** Files of a certificate. */
export interface StoredFiles {
  readonly crt: StoredFile
  /** undefined: the key is in `crt` */
  readonly key: StoredFile | undefined
  /** what comes with it, which must be readable */
  readonly others: readonly StoredFile[]
}

/** What is wrong with files of certificates, in HAProxy's words; undefined where they are good. */
export interface Certificates {
  /** From now on, paths without a leading slash are paths in this folder; '' is where the process was started. */
  lieIn?(folder: string): void
  /** Reads `ca-file` or `crl-file`. A folder gives how many certificates were found. */
  authorities(path: string): { readonly problem?: string | undefined; readonly emptyFolder?: boolean }
  /** Reads a certificate and its key, for `crt` of a server. */
  own(path: string): string | undefined
  /** Reads what `crt` of a `bind` line names: a file, or a folder of them. */
  offered(path: string): { readonly problem?: string | undefined; readonly count: number }
  /** Reads a list of certificates (`crt-list`); `pathOf` says where the files are that stand there. */
  listed(
    path: string,
    pathOf: (file: string) => string,
  ): { readonly problem?: string | undefined; readonly count: number }
  /**
   * Reads what a line of a `crt-store` names and keeps it under `name`, by which `crt` finds it before it looks for a file; `taken`
   * where a certificate has that name already.
   */
  store(name: string, files: StoredFiles): { readonly text: string } | 'taken' | undefined
  /** Whether the TLS library takes the list. */
  ciphersProblem(kind: 'ciphers' | 'ciphersuites', list: string): boolean
}

/** Whether a certificate's name stands for a host: `*` stands for part of its first label (RFC 6125, section 6.4.3). */
export const isNameOf = (name: string, host: string): boolean => {
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

/** What is wrong with a certificate that has these names. */
export const nameProblem = (client: TlsClient, names: readonly string[]): TlsErrorCode | undefined => {
  const wanted = client.serverName ?? client.verifyHost
  if (wanted === undefined || names.some((name) => isNameOf(name, wanted))) return undefined
  return client.serverName === undefined ? 'SSL_MISMATCH' : 'SSL_MISMATCH_SNI'
}
