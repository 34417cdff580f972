/** The header of the PROXY protocol that is sent to a server (`make_proxy_line`, src/connection.c). Byte strings. */
import type { ProxyOption } from '../../config/model/server.js'
import { crc32c } from '../../hash/checksums.js'
import { isIp, type Address, type IpAddress } from '../../net/address.js'
import { ipBytes } from '../../net/ip.js'

/** First bytes of version 2. */
export const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'

/** Types of the values that version 2 adds to the addresses. */
export const TlvType = { ALPN: 0x01, AUTHORITY: 0x02, CRC32C: 0x03, UNIQUE_ID: 0x05, SSL: 0x20 } as const

/** What version 2 says besides addresses, as far as `proxy-v2-options` asks for it. */
export interface ProxiedDetails {
  /** the name that the client asked for */
  readonly authority?: string | undefined
  /** undefined: the connection has no stream */
  readonly uniqueId?: string | undefined
}

/** Version 1: one line of text. Without both addresses they are unknown. */
export const proxyLine = (from: Address | undefined, to: Address | undefined): string => {
  if (!from || !to || !isIp(from) || !isIp(to)) return 'PROXY UNKNOWN\r\n'
  if (from.family === 'ipv4' && to.family === 'ipv4')
    return `PROXY TCP4 ${from.ip} ${to.ip} ${from.port} ${to.port}\r\n`
  return `PROXY TCP6 ${asIpv6(from)} ${asIpv6(to)} ${from.port} ${to.port}\r\n`
}

const asIpv6 = ({ family, ip }: IpAddress): string => (family === 'ipv6' ? ip : `::ffff:${ip}`)

/** Version 2: binary. Without both addresses it stands for a connection of HAProxy itself (`LOCAL`). */
export const proxyHeader = (
  from: Address | undefined,
  to: Address | undefined,
  options: ReadonlySet<ProxyOption>,
  details: ProxiedDetails = {},
): string => {
  const addresses = from && to && isIp(from) && isIp(to) ? proxied(from, to) : LOCAL
  const before = addresses.rest + (options.has('crc32c') ? tlv(TlvType.CRC32C, NO_CRC) : '')
  const rest = before + tlvs(options, details)
  const header = `${SIGNATURE}${String.fromCharCode(0x20 | addresses.command, addresses.family)}${word(rest.length)}${rest}`
  if (!options.has('crc32c')) return header
  const end = SIGNATURE.length + 4 + before.length
  const checksum = crc32c(header)
  return header.slice(0, end - NO_CRC.length) + word(checksum >>> 16) + word(checksum & 0xffff) + header.slice(end)
}

const LOCAL = { command: 0, family: 0, rest: '' } as const

/** Stands for the checksum while it is computed. */
const NO_CRC = '\0\0\0\0'

const word = (value: number): string => String.fromCharCode((value >> 8) & 255, value & 255)

const tlv = (type: number, value: string): string => `${String.fromCharCode(type)}${word(value.length)}${value}`

const proxied = (from: IpAddress, to: IpAddress): { command: number; family: number; rest: string } => {
  const isIpv4 = from.family === 'ipv4' && to.family === 'ipv4'
  const bytesOf = (address: IpAddress): string => String.fromCharCode(...ipBytes(isIpv4 ? address.ip : asIpv6(address)))
  return {
    command: 1,
    family: isIpv4 ? 0x11 : 0x21,
    rest: bytesOf(from) + bytesOf(to) + word(from.port) + word(to.port),
  }
}

const tlvs = (options: ReadonlySet<ProxyOption>, { authority, uniqueId }: ProxiedDetails): string =>
  (options.has('authority') && authority !== undefined ? tlv(TlvType.AUTHORITY, authority) : '') +
  (options.has('unique-id') && uniqueId !== undefined ? tlv(TlvType.UNIQUE_ID, uniqueId) : '') +
  // the connection of the client does not use TLS: no flags, and a verification that has found nothing
  (options.has('ssl') ? tlv(TlvType.SSL, '\0\0\0\0\0') : '')
