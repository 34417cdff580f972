/**
 * The header of NetScaler's Client IP insertion protocol: a magic number, lengths, and the IP and TCP headers of the client's packet
 * (`conn_recv_netscaler_cip`, src/connection.c). Byte strings.
 */
import type { IpAddress } from '../../net/address.js'
import { formatIp } from '../../net/ip.js'
import type { ConnectionError } from './errors.js'

export interface NetscalerHeader {
  /** number of bytes, which may be more than there are */
  readonly length: number
  readonly source: IpAddress
  readonly destination: IpAddress
}

type HeaderError = Extract<ConnectionError, `CIP_${string}`>

const TCP = 6

/** Bytes without which a header is truncated: of the protocol, of any packet, of a packet of IPv4, of IPv6. */
const SHORTEST = 12
const SHORTEST_PACKET = 20
const SHORTEST_IPV4 = 40
const SHORTEST_IPV6 = 60

const byteAt = (text: string, at: number): number => (at < text.length ? text.charCodeAt(at) : 0)

const uint16 = (text: string, at: number): number => (byteAt(text, at) << 8) | byteAt(text, at + 1)

const uint32 = (text: string, at: number): number => uint16(text, at) * 0x10000 + uint16(text, at + 2)

/** Reads the header at the beginning of `text`; it must have arrived at once. @param magic the number that it must begin with */
export const readNetscalerHeader = (text: string, magic: number): NetscalerHeader | HeaderError => {
  if (text.length < SHORTEST) return 'CIP_TRUNCATED'
  if (uint32(text, 0) !== magic) return 'CIP_BAD_MAGIC'
  const type = byteAt(text, 8)
  // the legacy form has the packet at once, whose first bits are its version
  if ((type & 0xd0) === 0x40) return readPacket(text, 8, uint32(text, 4))
  return type === 0 ? readPacket(text, 12, uint16(text, 10)) : 'CIP_BAD_PROTO'
}

/** Reads the packet at `at`, of which the header says that it has `length` bytes. */
const readPacket = (text: string, at: number, length: number): NetscalerHeader | HeaderError => {
  if (text.length < SHORTEST_PACKET) return 'CIP_TRUNCATED'
  const first = byteAt(text, at)
  const isIpv4 = first >> 4 === 4
  if (!isIpv4 && first >> 4 !== 6) return 'CIP_BAD_PROTO'
  if (text.length < (isIpv4 ? SHORTEST_IPV4 : SHORTEST_IPV6) || text.length < length) return 'CIP_TRUNCATED'
  if (byteAt(text, at + (isIpv4 ? 9 : 6)) !== TCP) return 'CIP_BAD_PROTO'
  const size = isIpv4 ? 4 : 16
  const addresses = at + (isIpv4 ? 12 : 8)
  const ports = at + (isIpv4 ? (first & 0x0f) * 4 : 40)
  const addressAt = (from: number, port: number): IpAddress => ({
    family: isIpv4 ? 'ipv4' : 'ipv6',
    ip: formatIp(Array.from({ length: size }, (_, i) => byteAt(text, from + i))),
    port: uint16(text, port),
  })
  return {
    length: at + length,
    source: addressAt(addresses, ports),
    destination: addressAt(addresses + size, ports + 2),
  }
}
