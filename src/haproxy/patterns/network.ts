/** Networks as patterns: an address with a mask or a number of bits (`str2net`, `str62net` in src/standard.c). */
import ipaddr from 'ipaddr.js'
import { parseIp } from '../../net/ip.js'

export interface Subnet {
  readonly family: 'ipv4' | 'ipv6'
  /** the address as a number */
  readonly address: bigint
  /** bits that count, from the left; undefined for a mask with holes */
  readonly prefix: number | undefined
  readonly mask: bigint
}

export interface NumericAddress {
  readonly family: 'ipv4' | 'ipv6'
  readonly value: bigint
}

const BITS = { ipv4: 32, ipv6: 128 } as const

/** The address in `text` as a number; undefined when it is not an address. */
export const numericAddress = (text: string): NumericAddress | undefined => {
  const ip = parseIp(text)
  return ip && { family: ip.family, value: toNumber(ip.ip) }
}

const toNumber = (ip: string): bigint => {
  let value = 0n
  for (const byte of ipaddr.parse(ip).toByteArray()) value = (value << 8n) | BigInt(byte)
  return value
}

const MAPPED = 0xffffn << 32n

/** An IPv4 address as an IPv4-mapped IPv6 address. */
export const toIpv6 = (ipv4: bigint): bigint => MAPPED | ipv4
/** The IPv4 address in an IPv4-mapped or IPv4-compatible IPv6 address; undefined for others. */
export const toIpv4 = (ipv6: bigint): bigint | undefined =>
  ipv6 >> 32n === 0xffffn || ipv6 >> 32n === 0n ? ipv6 & 0xffffffffn : undefined

const maskOf = (bits: number, prefix: number): bigint => ((1n << BigInt(prefix)) - 1n) << BigInt(bits - prefix)

/** `addr[/mask]`. @param resolve names are looked up with it, for IPv4 */
export const parseNetwork = (
  text: string,
  resolve: ((name: string) => readonly string[]) | undefined,
): Subnet | undefined => {
  const slash = text.indexOf('/')
  const host = slash < 0 ? text : text.slice(0, slash)
  const suffix = slash < 0 ? undefined : text.slice(slash + 1)
  const address = numericAddress(host) ?? lookUp(host, resolve)
  if (address === undefined) return undefined
  const { family, value } = address
  const bits = BITS[family]
  if (suffix === undefined) return { family, address: value, prefix: bits, mask: maskOf(bits, bits) }
  if (/^\d{1,3}$/.test(suffix)) {
    const prefix = Number(suffix)
    return prefix > bits ? undefined : { family, address: value, prefix, mask: maskOf(bits, prefix) }
  }
  const dotted = family === 'ipv4' ? numericAddress(suffix) : undefined
  return dotted?.family === 'ipv4'
    ? { family, address: value, prefix: prefixOf(dotted.value), mask: dotted.value }
    : undefined
}

const lookUp = (
  host: string,
  resolve: ((name: string) => readonly string[]) | undefined,
): NumericAddress | undefined => {
  if (resolve === undefined || host === '') return undefined
  for (const ip of resolve(host)) {
    const address = numericAddress(ip)
    if (address?.family === 'ipv4') return address
  }
  return undefined
}

/** The bits of a mask that has ones on its left only. */
const prefixOf = (mask: bigint): number | undefined => {
  for (let prefix = 0; prefix <= 32; prefix++) if (maskOf(32, prefix) === mask) return prefix
  return undefined
}
