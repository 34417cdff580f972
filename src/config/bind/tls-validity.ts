/** Validation of `bind … ssl` lines after parsing (ssl_sock_prepare_bind_conf in src/ssl_sock.c). */
import type { Certificates, TlsCertificate, TlsListener, TlsVersion } from '../../net/tls.js'
import { TLS_VERSIONS } from '../../net/tls.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Place } from '../syntax/place.js'

/** TLS settings of a `bind` line. */
export interface TlsBind {
  ssl: boolean
  readonly certificates: TlsCertificate[]
  strictSni: boolean
  verify: TlsListener['verify']
  /** `ca-file`, and `ca-verify-file`, which has precedence */
  caFile: string | undefined
  caVerifyFile: string | undefined
  crlFile: string | undefined
  alpn: readonly string[] | undefined
  minVersion: TlsVersion | undefined
  maxVersion: TlsVersion | undefined
  readonly excluded: Set<TlsVersion>
  ciphers: string | undefined
  ciphersuites: string | undefined
}

/** HAProxy's defaults. */
export const makeTlsBind = (): TlsBind => ({
  ssl: false,
  certificates: [],
  strictSni: false,
  verify: 'none',
  caFile: undefined,
  caVerifyFile: undefined,
  crlFile: undefined,
  alpn: undefined,
  minVersion: undefined,
  maxVersion: undefined,
  excluded: new Set(),
  ciphers: undefined,
  ciphersuites: undefined,
})

const findVersion = (text: string): TlsVersion | undefined =>
  TLS_VERSIONS.find((each) => each === text || each.toLowerCase().replace('.', '') === text)

/** Records a valid setting. */
export const recordTlsSetting = (tls: TlsBind, name: string, value: string): void => {
  const excluded = /^no-(sslv3|tlsv1\d)$/.exec(name)?.[1]
  const forced = /^force-(sslv3|tlsv1\d)$/.exec(name)?.[1]
  if (excluded !== undefined) tls.excluded.add(findVersion(excluded)!)
  else if (forced !== undefined) tls.minVersion = tls.maxVersion = findVersion(forced)
  else if (name === 'ssl') tls.ssl = true
  else if (name === 'strict-sni') tls.strictSni = true
  else if (name === 'no-strict-sni') tls.strictSni = false
  else if (name === 'verify') tls.verify = value as TlsBind['verify']
  else if (name === 'ca-file') tls.caFile = value
  else if (name === 'ca-verify-file') tls.caVerifyFile = value
  else if (name === 'crl-file') tls.crlFile = value
  else if (name === 'alpn') tls.alpn = value.split(',').filter((each) => each !== '')
  else if (name === 'ssl-min-ver') tls.minVersion = findVersion(value)
  else if (name === 'ssl-max-ver') tls.maxVersion = findVersion(value)
  else if (name === 'ciphers' || name === 'ciphersuites') tls[name] = value
}

/** A `bind` line with `ssl`. */
export interface TlsBindLine {
  readonly proxy: string
  /** the addresses, as written */
  readonly text: string
  readonly place: Place
  readonly tls: TlsBind
}

/** Validates a `bind` line with `ssl`. */
export const checkTlsBind = (
  { proxy, text, place, tls }: TlsBindLine,
  diagnostics: Diagnostics,
  certificates: Certificates | undefined,
): void => {
  const where = `for bind '${text}' at [${place.file}:${place.line}]`
  const prefix = `Proxy '${proxy}': `
  if (tls.certificates.length === 0) {
    const missing = `${prefix}no SSL certificate specified ${where}`
    if (tls.strictSni) diagnostics.add('warning', `${missing}, ssl connections will fail (use 'crt').`, place)
    else diagnostics.add('alert', `${missing} (use 'crt').`, place)
    return
  }
  if (allVersionsDisabled(tls)) diagnostics.add('alert', `${prefix}all SSL/TLS versions are disabled ${where}.`, place)
  const problems: string[] = []
  if (tls.verify !== 'none' && tls.caFile === undefined && tls.caVerifyFile === undefined)
    problems.push(`${prefix}verify is enabled but no CA file specified ${where}.`)
  for (const [kind, what] of [
    ['ciphers', 'SSL cipher list'],
    ['ciphersuites', 'TLS 1.3 cipher suites'],
  ] as const) {
    const list = tls[kind]
    if (list !== undefined && certificates?.rejectsCiphers(kind, list))
      problems.push(`${prefix}unable to set ${what} to '${list}' ${where}.`)
  }
  if (problems.length === 0) return
  // reported for each certificate, and once more for the default certificate
  const lines = Array.from({ length: tls.certificates.length + 1 }, () => problems).flat()
  diagnostics.add('alert', lines.join('\n'), place)
}

const allVersionsDisabled = ({ minVersion, maxVersion, excluded }: TlsBind): boolean => {
  const isLimited = minVersion !== undefined || maxVersion !== undefined
  const [min, max] = [minVersion ?? 'SSLv3', maxVersion ?? 'TLSv1.3']
  const from = TLS_VERSIONS.indexOf(isLimited ? min : 'TLSv1.2')
  return TLS_VERSIONS.slice(from, TLS_VERSIONS.indexOf(isLimited ? max : 'TLSv1.3') + 1).every(
    (each) => !isLimited && excluded.has(each),
  )
}

/** The lowest and highest version that are not excluded; HAProxy's lowest one by default is TLS 1.2. */
const versionsOf = ({ minVersion, maxVersion, excluded }: TlsBind): Pick<TlsListener, 'minVersion' | 'maxVersion'> => {
  const from = TLS_VERSIONS.indexOf(minVersion ?? (maxVersion || excluded.size > 0 ? 'SSLv3' : 'TLSv1.2'))
  const to = TLS_VERSIONS.indexOf(maxVersion ?? 'TLSv1.3')
  const left = TLS_VERSIONS.slice(from, to + 1).filter((each) => !excluded.has(each))
  return { minVersion: left[0], maxVersion: left.at(-1) }
}

/** The settings of a line with `ssl`; undefined without it. */
export const tlsListener = (tls: TlsBind, caBase: (path: string) => string): TlsListener | undefined => {
  if (!tls.ssl) return undefined
  const { certificates, strictSni, verify, caFile, caVerifyFile, crlFile, alpn, ciphers, ciphersuites } = tls
  const authorities = caVerifyFile ?? caFile
  return {
    certificates,
    strictSni,
    verify,
    caFile: authorities === undefined ? undefined : caBase(authorities),
    crlFile: crlFile === undefined ? undefined : caBase(crlFile),
    alpn,
    ...versionsOf(tls),
    ciphers,
    ciphersuites,
  }
}
