/**
 * What is sent before the data of a connection: the header of the PROXY protocol and the request to a SOCKS4 proxy
 * (`make_proxy_line` and `conn_send_socks4_proxy_request` in src/connection.c). Byte strings.
 */
import { isIp, type Address } from '../../net/address.js'

/** Version 2 for a connection on the proxy's behalf: `LOCAL`, without addresses. */
const LOCAL_V2 = '\r\n\r\n\0\r\nQUIT\n\x20\x00\x00\x00'

/** The header; version 1 has the connection's addresses. */
export const proxyHeader = (version: 1 | 2, from: Address, to: Address): string => {
  if (version === 2) return LOCAL_V2
  if (!isIp(from) || !isIp(to)) return 'PROXY UNKNOWN\r\n'
  if (from.family === 'ipv4' && to.family === 'ipv4')
    return `PROXY TCP4 ${from.ip} ${to.ip} ${from.port} ${to.port}\r\n`
  return `PROXY TCP6 ${asIpv6(from)} ${asIpv6(to)} ${from.port} ${to.port}\r\n`
}

const asIpv6 = ({ family, ip }: { readonly family: string; readonly ip: string }): string =>
  family === 'ipv6' ? ip : `::ffff:${ip}`

/** Requests a connection to `to`, with the user id `HAProxy`. */
export const socks4Request = (to: Address): string => {
  const port = isIp(to) ? to.port : 0
  const ip = isIp(to) && to.family === 'ipv4' ? to.ip.split('.').map(Number) : [0, 0, 0, 0]
  return `\x04\x01${String.fromCharCode(port >> 8, port & 255, ...ip)}HAProxy\0`
}

export const SOCKS4_ANSWER_LENGTH = 8

/** Whether the proxy grants the request. */
export const isSocks4Granted = (answer: string): boolean => answer.charCodeAt(1) === 90
