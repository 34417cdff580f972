/** Networks as patterns: an address with a mask or a number of bits (`str2net` and `str62net` in src/tools.c). */
import { strtol } from '../../bytes/integers.js'
import { isHostName } from '../../net/address.js'
import { ipBytes, parseIp, parseLegacyIpv4, type IpFamily } from '../../net/ip.js'
import { parseMask } from '../samples/masks.js'

export interface Subnet {
  readonly family: IpFamily
  /** the address as a number */
  readonly address: bigint
  /** number of bits that count, from the left; undefined for a mask with holes */
  readonly prefix: number | undefined
  readonly mask: bigint
}

export interface NumericAddress {
  readonly family: IpFamily
  readonly value: bigint
}

const BITS = { ipv4: 32, ipv6: 128 } as const

/** The address in `text` as a number; undefined if it is not an address (`inet_pton`). */
export const numericAddress = (text: string, family?: IpFamily): NumericAddress | undefined => {
  const ip = parseIp(text, family)
  return ip && { family: ip.family, value: numberOf(ipBytes(ip.ip)) }
}

const numberOf = (bytes: Iterable<number>): bigint => {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

/** Whether an address is in a network of the same family. */
export const isInNetwork = (ip: string, { family, address, mask }: Subnet): boolean => {
  const numeric = numericAddress(ip, family)
  return numeric !== undefined && (numeric.value & mask) === (address & mask)
}

const MAPPED = 0xffffn << 32n

/** An IPv4 address as an IPv4-mapped IPv6 address. */
export const toIpv6 = (ipv4: bigint): bigint => MAPPED | ipv4

const maskOf = (bits: number, prefix: number): bigint => ((1n << BigInt(prefix)) - 1n) << BigInt(bits - prefix)

/** `address[/mask]`. @param resolve resolves names to IPv4 addresses */
export const parseNetwork = (
  text: string,
  resolve: ((name: string) => readonly string[]) | undefined,
): Subnet | undefined => {
  const slash = text.lastIndexOf('/')
  const host = slash < 0 ? text : text.slice(0, slash)
  const mask = slash < 0 ? undefined : text.slice(slash + 1)
  return ipv4Network(host, mask, resolve) ?? ipv6Network(host, mask)
}

const ipv4Network = (
  host: string,
  mask: string | undefined,
  resolve: ((name: string) => readonly string[]) | undefined,
): Subnet | undefined => {
  const bytes = mask === undefined ? '\xff'.repeat(4) : parseMask(mask, 'ipv4')
  if (bytes === undefined) return undefined
  const address = numericAddress(host, 'ipv4') ?? resolveIpv4(host, resolve)
  if (address === undefined) return undefined
  const value = numberOf(Array.from(bytes, (byte) => byte.charCodeAt(0)))
  return { family: 'ipv4', address: address.value, prefix: prefixOf(value), mask: value }
}

const ipv6Network = (host: string, mask: string | undefined): Subnet | undefined => {
  const prefix = mask === undefined ? 128 : strtol(mask)
  const length = typeof prefix === 'number' ? prefix : prefix.value
  if (mask === '' || (typeof prefix !== 'number' && prefix.rest !== '') || length < 0 || length > 128) return undefined
  const address = numericAddress(host, 'ipv6')
  return address && { family: 'ipv6', address: address.value, prefix: length, mask: maskOf(BITS.ipv6, length) }
}

/** `gethostbyname`, which takes incomplete addresses such as `127.1`, too. */
const resolveIpv4 = (
  host: string,
  resolve: ((name: string) => readonly string[]) | undefined,
): NumericAddress | undefined => {
  if (resolve === undefined || host === '' || !isHostName(host)) return undefined
  const legacy = parseLegacyIpv4(host)
  for (const ip of legacy ? [legacy.ip] : resolve(host)) {
    const address = numericAddress(ip, 'ipv4')
    if (address) return address
  }
  return undefined
}

/** The number of bits of a mask that has ones on its left only. */
const prefixOf = (mask: bigint): number | undefined => {
  for (let prefix = 0; prefix <= 32; prefix++) if (maskOf(32, prefix) === mask) return prefix
  return undefined
}
