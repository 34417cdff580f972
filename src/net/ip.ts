/**
 * IP addresses as text, read and written as the C library does it (`inet_pton`, `inet_ntop`, `inet_aton`). The work is
 * ipaddr.js's; here are only the points in which it is more generous than the C library or prints otherwise.
 */
import ipaddr from 'ipaddr.js'

export type IpFamily = 'ipv4' | 'ipv6'

export interface Ip {
  readonly family: IpFamily
  /** as `inet_ntop` prints it */
  readonly ip: string
}

/** The shapes that `inet_pton` takes; ipaddr.js then judges the values. */
const FOUR_PARTS = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/
const COLONS_AND_GROUPS = /^[0-9a-f:]*:(?:[0-9a-f]{0,4}|(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3})$/i
const LONG_GROUP = /[0-9a-f]{5}/i

/** `inet_pton`: the canonical text of an address, or undefined when `text` is none. No names, brackets, zones or masks. */
export const parseIp = (text: string, family?: IpFamily): Ip | undefined => {
  if (family !== 'ipv6' && FOUR_PARTS.test(text) && ipaddr.IPv4.isValid(text)) return { family: 'ipv4', ip: text }
  if (family === 'ipv4' || !COLONS_AND_GROUPS.test(text) || LONG_GROUP.test(text) || !ipaddr.IPv6.isValid(text))
    return undefined
  return { family: 'ipv6', ip: printIpv6(ipaddr.IPv6.parse(withoutDots(text))) }
}

/** ipaddr.js puts `ffff` before an IPv4 ending where there is none, so it gets the ending as two groups. */
const withoutDots = (text: string): string => {
  const colon = text.lastIndexOf(':') + 1
  if (!text.includes('.', colon)) return text
  const [a, b, c, d] = ipaddr.IPv4.parse(text.slice(colon)).octets as [number, number, number, number]
  return text.slice(0, colon) + [(a << 8) | b, (c << 8) | d].map((group) => group.toString(16)).join(':')
}

/** `inet_aton`: the older forms of an IPv4 address that a resolver still takes for one (`127.1`, `0x7f.0.0.1`, `010.0.0.1`). */
export const parseOldIpv4 = (text: string): Ip | undefined =>
  /^[0-9a-fx.]+$/i.test(text) && ipaddr.IPv4.isValid(text)
    ? { family: 'ipv4', ip: ipaddr.IPv4.parse(text).toString() }
    : undefined

/** The bytes of an address, in network order. */
export const ipBytes = (ip: string): readonly number[] => ipaddr.parse(ip).toByteArray()

/** Whether `ip` (canonical text) stays within its host: `127.0.0.0/8`, `::1`, and IPv4's loopback mapped into IPv6. */
export const isLoopbackIp = (ip: string): boolean => {
  if (!ip.includes(':')) return ip.startsWith('127.')
  return ip === '::1' || ip.startsWith('::ffff:127.')
}

/** Whether `ip` (canonical text) stands for every address of the host: `0.0.0.0` or `::`. */
export const isAnyIp = (ip: string): boolean => ip === '0.0.0.0' || ip === '::'

/** The longest run of zero groups is left out; IPv4 within IPv6 ends in dots, as `inet_ntop` has it. */
const printIpv6 = (address: ipaddr.IPv6): string => {
  const parts = address.parts
  const zeros = parts.findIndex((part) => part !== 0)
  if (zeros === 6 || (zeros === 5 && parts[5] === 0xffff)) {
    const dotted = [parts[6]! >> 8, parts[6]! & 255, parts[7]! >> 8, parts[7]! & 255].join('.')
    return zeros === 6 ? `::${dotted}` : `::ffff:${dotted}`
  }
  return address.toRFC5952String()
}
