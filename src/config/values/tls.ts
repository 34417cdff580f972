/** Arguments of TLS keywords of `server`, `bind`, `global` and check rules (src/cfgparse-ssl.c). */
import { TLS_VERSIONS, type TlsVersion } from '../../net/tls.js'

/** Resolves a file name against `ca-base` or `crt-base`. */
export const fromBase = (path: string, base: string | undefined): string =>
  base === undefined || path.startsWith('/') || path.startsWith('@') ? path : `${base}/${path}`

/** Parses an ALPN list such as `h2,http/1.1`; returns the protocols or an error message. */
export const parseAlpn = (value: string): readonly string[] | string => {
  if (value === '') return 'missing the comma-delimited ALPN protocol suite'
  const names = value.split(',')
  const long = names.find((name) => name.length > 255)
  return long === undefined ? names : `ALPN protocol name too long : '${long}'`
}

/** Parses the argument of `ssl-min-ver` and `ssl-max-ver`; returns the version or an error message. */
export const parseVersion = (name: string, value: string): { readonly version: TlsVersion } | string => {
  if (value === '') return `'${name}' : missing the ssl/tls version`
  const found = TLS_VERSIONS.find((each) => each === value)
  return found === undefined ? `'${value}' : unknown ssl/tls version` : { version: found }
}
