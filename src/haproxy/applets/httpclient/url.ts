/** URLs of the HTTP client (`httpclient_spliturl`, `http_update_host` in src/http_htx.c). All text is byte strings. */
import { atoi } from '../../../bytes/integers.js'
import { parseUri, withoutUserInfo } from '../../../http/index.js'
import type { IpAddress } from '../../../net/address.js'
import { parseIp } from '../../../net/ip.js'

export interface ClientUrl {
  readonly isTls: boolean
  /** a name, or an address, which has brackets around it if it is IPv6 */
  readonly host: string
  readonly port: number
}

/** Splits a URL; undefined if it has no scheme. Schemes other than `https` are used as `http`, without a default port. */
export const splitUrl = (url: string): ClientUrl | undefined => {
  const { scheme, authority } = parseUri(url)
  if (scheme === undefined || authority === undefined) return undefined
  const name = scheme.toLowerCase()
  const isTls = name === 'https://'
  const defaultPort = isTls ? 443 : name === 'http://' ? 80 : 0
  const [, host, port] = /^(.*?)(?::(\d*))?$/s.exec(withoutUserInfo(authority))!
  return { isTls, host: host!, port: (port === undefined ? defaultPort : atoi(port)) & 0xffff }
}

/** The address that a host is; undefined if it is a name (`str2ip2`). */
export const addressOfHost = ({ host, port }: ClientUrl): IpAddress | undefined => {
  const text = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  if (text === '' || text === '*') return { family: 'ipv4', ip: '0.0.0.0', port }
  const ip = parseIp(text)
  return ip && { ...ip, port }
}

/** The value of the field `Host` for a URL; undefined: it has no host. */
export const hostOfUrl = (url: string): string | undefined => {
  const { format, authority } = parseUri(url)
  // HAProxy begins with this value, which it replaces
  if (format !== 'absolute or authority') return 'h'
  const host = withoutUserInfo(authority ?? '')
  return host === '' ? undefined : host
}
