/**
 * Parsing and formatting of IP addresses as in the C library (`inet_pton`, `inet_ntop`, `inet_aton`). Based on ipaddr.js;
 * this file covers the cases where ipaddr.js is more lenient or formats differently.
 */
import ipaddr from 'ipaddr.js'

/** Address family. */
export type IpFamily = 'ipv4' | 'ipv6'

/** An IP address without a port. */
export interface Ip {
  readonly family: IpFamily
  /** as `inet_ntop` prints it */
  readonly ip: string
}

/** The syntax that `inet_pton` accepts. */
const IPV4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/
/** For IPv6, ipaddr.js checks the values. */
const COLONS_AND_GROUPS = /^[0-9a-f:]*:(?:[0-9a-f]{0,4}|(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3})$/i
const LONG_GROUP = /[0-9a-f]{5}/i

/** `inet_pton`: returns the canonical form, or undefined if `text` is not an address. No names, brackets, zones or masks. */
export const parseIp = (text: string, family?: IpFamily): Ip | undefined => {
  if (family !== 'ipv6' && IPV4.test(text)) return { family: 'ipv4', ip: text }
  if (family === 'ipv4' || !COLONS_AND_GROUPS.test(text) || LONG_GROUP.test(text) || !ipaddr.IPv6.isValid(text))
    return undefined
  return { family: 'ipv6', ip: formatIpv6(ipaddr.IPv6.parse(expandDotted(text))) }
}

/** Converts a dotted IPv4 suffix to two groups, as ipaddr.js would insert `ffff` before it. */
const expandDotted = (text: string): string => {
  const colon = text.lastIndexOf(':') + 1
  if (!text.includes('.', colon)) return text
  const [a, b, c, d] = ipaddr.IPv4.parse(text.slice(colon)).octets as [number, number, number, number]
  return text.slice(0, colon) + [(a << 8) | b, (c << 8) | d].map((group) => group.toString(16)).join(':')
}

/** `inet_aton`: legacy forms of IPv4 addresses that resolvers still accept (`127.1`, `0x7f.0.0.1`, `010.0.0.1`). */
export const parseLegacyIpv4 = (text: string): Ip | undefined =>
  /^[0-9a-fx.]+$/i.test(text) && ipaddr.IPv4.isValid(text)
    ? { family: 'ipv4', ip: ipaddr.IPv4.parse(text).toString() }
    : undefined

/**
 * `buf2ip` (src/tools.c): four decimal numbers, which may begin with zeros; what follows them is ignored unless it is a dot.
 * Returns the bytes as a byte string.
 */
export const looseIpv4 = (text: string): string | undefined => {
  const [octets = ''] = /^[\d.]*/.exec(text)!
  const numbers = /^\d+\.\d+\.\d+\.\d+$/.test(octets) ? octets.split('.').map(Number) : []
  return numbers.length === 4 && numbers.every((number) => number <= 255) ? String.fromCharCode(...numbers) : undefined
}

/**
 * `url2ipv4` (src/tools.c): the address that a text begins with, its four bytes as a byte string, and its length. Numbers may begin with
 * zeros; neither a fifth number nor another dot may follow.
 */
export const leadingIpv4 = (text: string): { readonly bytes: string; readonly length: number } | undefined => {
  const [octets = ''] = /^[\d.]*/.exec(text)!
  const bytes = looseIpv4(octets)
  return bytes === undefined ? undefined : { bytes, length: octets.length }
}

/** `buf2ip6` (src/tools.c): an IPv6 address up to a NUL. Returns the bytes as a byte string. */
export const looseIpv6 = (text: string): string | undefined => {
  const nul = text.indexOf('\0')
  const parsed = parseIp(nul < 0 ? text : text.slice(0, nul), 'ipv6')
  return parsed && String.fromCharCode(...ipBytes(parsed.ip))
}

/** The bytes of an address in network byte order. */
export const ipBytes = (ip: string): readonly number[] =>
  ipaddr.parse(ip.includes(':') ? expandDotted(ip) : ip).toByteArray()

/** The canonical form of an address of 4 or 16 bytes in network byte order. */
export const formatIp = (bytes: readonly number[]): string => {
  const address = ipaddr.fromByteArray([...bytes])
  return address instanceof ipaddr.IPv6 ? formatIpv6(address) : address.toString()
}

/** Whether `ip` (canonical) is a loopback address: `127.0.0.0/8`, `::1`, or an IPv4-mapped one. */
export const isLoopbackIp = (ip: string): boolean => {
  if (!ip.includes(':')) return ip.startsWith('127.')
  return ip === '::1' || ip.startsWith('::ffff:127.')
}

/** Whether `ip` (canonical) is the unspecified address: `0.0.0.0` or `::`. */
export const isAnyIp = (ip: string): boolean => ip === '0.0.0.0' || ip === '::'

/** `inet_ntop`: compresses the longest run of zero groups; IPv4-mapped and -compatible addresses end in dotted form. */
const formatIpv6 = (address: ipaddr.IPv6): string => {
  const parts = address.parts
  const leadingZeros = parts.findIndex((part) => part !== 0)
  if (leadingZeros === 6 || (leadingZeros === 5 && parts[5] === 0xffff)) {
    const dotted = [parts[6]! >> 8, parts[6]! & 255, parts[7]! >> 8, parts[7]! & 255].join('.')
    return leadingZeros === 6 ? `::${dotted}` : `::ffff:${dotted}`
  }
  return address.toRFC5952String()
}
