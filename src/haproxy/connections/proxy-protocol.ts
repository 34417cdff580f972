/** The header of the PROXY protocol that is sent to a server (`make_proxy_line`, src/connection.c). Byte strings. */
import type { ProxyOption, ProxyTlv } from '../../config/model/server.js'
import type { LogFormat } from '../../config/samples/log-format.js'
import { crc32c } from '../../hash/checksums.js'
import { isIp, type Address, type IpAddress } from '../../net/address.js'
import { ipBytes } from '../../net/ip.js'
import type { TlsSession } from '../../net/tls.js'

/** A value that version 2 adds to the addresses. */
export interface Tlv {
  readonly type: number
  readonly value: string
}

/** First bytes of version 2. */
export const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'

/** Types of the values that version 2 adds to the addresses; those of {@link SslTlvType} are within the value of `SSL`. */
export const TlvType = { ALPN: 0x01, AUTHORITY: 0x02, CRC32C: 0x03, UNIQUE_ID: 0x05, SSL: 0x20 } as const
const SslTlvType = { VERSION: 0x21, CN: 0x22, CIPHER: 0x23, SIGNATURE: 0x24, KEY: 0x25 } as const

/** Bits of what the client has done in TLS: used it, and sent a certificate on this connection, in this session. */
const ClientFlag = { SSL: 1, CERT_CONN: 2, CERT_SESS: 4 } as const

/** What version 2 says besides addresses, as far as `proxy-v2-options` asks for it. */
export interface ProxiedDetails {
  /** the values of `set-proxy-v2-tlv-fmt` */
  readonly tlvs?: readonly Tlv[]
  /** size of the buffer of the header */
  readonly bufsize?: number
  /** the name that the client asked for */
  readonly authority?: string | undefined
  /** undefined: the connection has no stream */
  readonly uniqueId?: string | undefined
  /** TLS with the client; undefined: it is not used */
  readonly tls?: TlsSession | undefined
}

/** The values of a server. */
export const tlvsOf = (tlvs: readonly ProxyTlv[], evaluate: (format: LogFormat) => string): readonly Tlv[] =>
  tlvs.map(({ type, format }) => ({ type, value: format ? evaluate(format) : '' }))

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
  const before = withTlvs(addresses.rest, details) + (options.has('crc32c') ? tlv(TlvType.CRC32C, NO_CRC) : '')
  const rest = before + tlvs(options, details)
  const header = `${SIGNATURE}${String.fromCharCode(0x20 | addresses.command, addresses.family)}${word(rest.length)}${rest}`
  if (!options.has('crc32c')) return header
  const end = PREFIX_LENGTH + before.length
  const checksum = crc32c(header)
  return header.slice(0, end - NO_CRC.length) + word(checksum >>> 16) + word(checksum & 0xffff) + header.slice(end)
}

/** Adds the values that fit in the buffer of the header; others are left out. */
const withTlvs = (addresses: string, { tlvs: own = [], bufsize = Infinity }: ProxiedDetails): string => {
  let text = addresses
  for (const { type, value } of own) {
    const added = tlv(type, value)
    if (PREFIX_LENGTH + text.length + added.length <= bufsize) text += added
  }
  return text
}

/** Bytes before the addresses: signature, command, family and length. */
const PREFIX_LENGTH = SIGNATURE.length + 4

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

const tlvs = (options: ReadonlySet<ProxyOption>, { authority, uniqueId, tls }: ProxiedDetails): string =>
  (tls?.alpn === undefined ? '' : tlv(TlvType.ALPN, tls.alpn)) +
  (options.has('authority') && authority !== undefined ? tlv(TlvType.AUTHORITY, authority) : '') +
  (options.has('unique-id') && uniqueId !== undefined ? tlv(TlvType.UNIQUE_ID, uniqueId) : '') +
  (options.has('ssl') ? tlv(TlvType.SSL, sslValue(options, tls)) : '')

/** Flags, the result of the verification of the certificate, which has found nothing, and values within. */
const sslValue = (options: ReadonlySet<ProxyOption>, tls: TlsSession | undefined): string => {
  if (!tls) return '\0\0\0\0\0'
  const { version, crt, commonName, keyAlgorithm, signatureAlgorithm, cipher } = tls
  const flags = ClientFlag.SSL | (crt === undefined ? 0 : ClientFlag.CERT_SESS | ClientFlag.CERT_CONN)
  const part = (type: number, isWanted: boolean, value: string | undefined): string =>
    isWanted && value !== undefined ? tlv(type, value) : ''
  return (
    `${String.fromCharCode(flags)}\0\0\0\0` +
    part(SslTlvType.VERSION, true, version) +
    part(SslTlvType.CN, options.has('cert-cn'), commonName) +
    part(SslTlvType.KEY, options.has('cert-key'), keyAlgorithm) +
    part(SslTlvType.SIGNATURE, options.has('cert-sig'), signatureAlgorithm) +
    part(SslTlvType.CIPHER, options.has('ssl-cipher'), cipher)
  )
}
