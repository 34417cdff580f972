/** The header of the PROXY protocol that a client sends, versions 1 and 2 (`conn_recv_proxy`, src/connection.c). Byte strings. */
import { crc32c } from '../../hash/checksums.js'
import type { IpAddress } from '../../net/address.js'
import { formatIp, parseIp } from '../../net/ip.js'
import type { ConnectionError } from './errors.js'
import { SIGNATURE, TlvType, type Tlv } from './proxy-protocol.js'

/** A header. Without addresses those of the connection are kept. */
export interface ProxyHeader {
  /** number of bytes */
  readonly length: number
  readonly source?: IpAddress
  readonly destination?: IpAddress
  readonly tlvs: readonly Tlv[]
  /** what is wrong after the addresses, which are known then; `NONE`: too much memory would be needed */
  readonly error?: HeaderError | 'NONE'
}

type HeaderError = Extract<ConnectionError, `PRX_${string}`>

const TRUNCATED = 'PRX_TRUNCATED'
const BAD_HEADER = 'PRX_BAD_HDR'

const V2_LENGTH = 16
const TLV_HEADER = 3

/** The longest values of these types, and of all others. */
const LONGEST: ReadonlyMap<number, number> = new Map([
  [TlvType.AUTHORITY, 255],
  [TlvType.UNIQUE_ID, 128],
])
const LONGEST_VALUE = 1024

/** Reads the header at the beginning of `text`; it must have arrived at once. */
export const readProxyHeader = (text: string): ProxyHeader | HeaderError => {
  if (text.length < 6) return TRUNCATED
  return text.startsWith('PROXY ') ? readV1(text) : readV2(text)
}

const readV1 = (text: string): ProxyHeader | HeaderError => {
  if (text.length < 9) return TRUNCATED
  const protocol = text.slice(6, 11)
  if (protocol === 'TCP4 ') return readTcp4(text)
  if (protocol === 'TCP6 ') return readTcp6(text)
  return text.startsWith('UNKNOWN\r\n', 6) ? { length: 15, tlvs: [] } : 'PRX_BAD_PROTO'
}

const readTcp4 = (text: string): ProxyHeader | HeaderError => {
  const whole = /^PROXY TCP4 ([\d.]*) ([\d.]*) (\d*) (\d*)\r\n/.exec(text)
  if (!whole) return isTcp4Prefix(text) ? TRUNCATED : BAD_HEADER
  const [line, source, destination, sourcePort, destinationPort] = whole
  return {
    length: line.length,
    source: { family: 'ipv4', ip: ipv4Of(source!), port: portOf(sourcePort!) },
    destination: { family: 'ipv4', ip: ipv4Of(destination!), port: portOf(destinationPort!) },
    tlvs: [],
  }
}

const isTcp4Prefix = (text: string): boolean =>
  /^PROXY TCP4 (?:[\d.]*|[\d.]* [\d.]*|[\d.]* [\d.]* \d*|[\d.]* [\d.]* \d* \d*\r?)$/.test(text)

/** Numbers of any size are cut to a byte each, and missing ones are 0. */
const ipv4Of = (text: string): string => formatIp([0, 1, 2, 3].map((i) => Number(text.split('.')[i] ?? 0) & 255))

const portOf = (digits: string): number => Number(BigInt(digits === '' ? 0 : digits) & 0xffffn)

const readTcp6 = (text: string): ProxyHeader | HeaderError => {
  const end = text.indexOf('\r')
  if (end < 0 || end + 1 >= text.length) return TRUNCATED
  if (text[end + 1] !== '\n') return BAD_HEADER
  const [source, destination, sourcePort, destinationPort] = text.slice(11, end).split(' ')
  if (destinationPort === undefined) return BAD_HEADER
  if (!/^\d*$/.test(sourcePort!) || !/^\d*$/.test(destinationPort)) return BAD_HEADER
  const [from, to] = [parseIp(source!, 'ipv6'), parseIp(destination!, 'ipv6')]
  if (!from || !to) return BAD_HEADER
  return {
    length: end + 2,
    source: { family: 'ipv6', ip: from.ip, port: portOf(sourcePort!) },
    destination: { family: 'ipv6', ip: to.ip, port: portOf(destinationPort) },
    tlvs: [],
  }
}

const uint16 = (text: string, at: number): number => (text.charCodeAt(at) << 8) | text.charCodeAt(at + 1)

const readV2 = (text: string): ProxyHeader | HeaderError => {
  if (text.length < V2_LENGTH) return TRUNCATED
  const versionAndCommand = text.charCodeAt(12)
  if (!text.startsWith(SIGNATURE) || (versionAndCommand & 0xf0) !== 0x20) return 'PRX_NOT_HDR'
  const length = V2_LENGTH + uint16(text, 14)
  if (text.length < length) return TRUNCATED
  const header = text.slice(0, length)
  switch (versionAndCommand & 0x0f) {
    case 0:
      return withTlvs(header, V2_LENGTH, {})
    case 1:
      return readAddresses(header)
    default:
      return BAD_HEADER
  }
}

const readAddresses = (header: string): ProxyHeader | HeaderError => {
  switch (header.charCodeAt(13)) {
    case 0x11:
      return readPair(header, 'ipv4', 4)
    case 0x21:
      return readPair(header, 'ipv6', 16)
    default:
      // HAProxy looks for TLVs from the first byte of the header, which always fails: the signature announces more than there is
      return withTlvs(header, 0, {})
  }
}

const readPair = (header: string, family: 'ipv4' | 'ipv6', size: number): ProxyHeader | HeaderError => {
  const end = V2_LENGTH + 2 * size + 4
  if (header.length < end) return BAD_HEADER
  const ipAt = (at: number): string => formatIp(Array.from(header.slice(at, at + size), (byte) => byte.charCodeAt(0)))
  return withTlvs(header, end, {
    source: { family, ip: ipAt(V2_LENGTH), port: uint16(header, V2_LENGTH + 2 * size) },
    destination: { family, ip: ipAt(V2_LENGTH + size), port: uint16(header, V2_LENGTH + 2 * size + 2) },
  })
}

const withTlvs = (
  header: string,
  from: number,
  addresses: Pick<ProxyHeader, 'source' | 'destination'>,
): ProxyHeader => {
  const tlvs: Tlv[] = []
  const failed = (error: ProxyHeader['error'] = BAD_HEADER): ProxyHeader => ({
    length: header.length,
    ...addresses,
    tlvs,
    error,
  })
  for (let at = from; at < header.length;) {
    if (at + TLV_HEADER > header.length) return failed()
    const type = header.charCodeAt(at)
    const end = at + TLV_HEADER + uint16(header, at + 1)
    if (end > header.length) return failed()
    const value = header.slice(at + TLV_HEADER, end)
    if (type === TlvType.CRC32C && !isCrcValid(header, at + TLV_HEADER, value)) return failed()
    if (value.length > (LONGEST.get(type) ?? Infinity)) return failed()
    if (value.length > LONGEST_VALUE) return failed('NONE')
    tlvs.push({ type, value: type === TlvType.CRC32C ? NO_CRC : value })
    at = end
  }
  return { length: header.length, ...addresses, tlvs }
}

/** The checksum is computed with this value in its place, which is what remains of it. */
const NO_CRC = '\0\0\0\0'

const isCrcValid = (header: string, at: number, value: string): boolean => {
  if (value.length !== NO_CRC.length) return false
  const expected = ((uint16(value, 0) << 16) | uint16(value, 2)) >>> 0
  return crc32c(header.slice(0, at) + NO_CRC + header.slice(at + NO_CRC.length)) === expected
}
