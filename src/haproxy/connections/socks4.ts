/** The request to a SOCKS4 proxy (`conn_send_socks4_proxy_request` in src/connection.c). Byte strings. */
import { isIp, type Address } from '../../net/address.js'

/** Requests a connection to `to`, with the user id `HAProxy`. */
export const socks4Request = (to: Address): string => {
  const port = isIp(to) ? to.port : 0
  const ip = isIp(to) && to.family === 'ipv4' ? to.ip.split('.').map(Number) : [0, 0, 0, 0]
  return `\x04\x01${String.fromCharCode(port >> 8, port & 255, ...ip)}HAProxy\0`
}

export const SOCKS4_ANSWER_LENGTH = 8

/** Whether the proxy grants the request. */
export const isSocks4Granted = (answer: string): boolean => answer.charCodeAt(1) === 90
