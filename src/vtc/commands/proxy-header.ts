/** Headers of the PROXY protocol that clients send (`client -proxy1`, `-proxy2`; VTest's src/vtc_proxy.c). */
import { isIp, parseAddress, type IpAddress } from '../../net/address.js'
import { ipBytes } from '../../net/ip.js'
import { Failure } from '../failure.js'
import { hexBytes } from '../http/index.js'

const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'
const PROXY_COMMAND = 0x21
const [TCP4, TCP6] = [0x11, 0x21]

const TYPES: Readonly<Record<string, number>> = {
  alpn: 0x01,
  authority: 0x02,
  crc32c: 0x03,
  noop: 0x04,
  unique_id: 0x05,
  netns: 0x30,
}

/** @param text `CLIENTIP:PORT SERVERIP:PORT [NAME=VALUE …]` */
export const proxyHeader = (version: 1 | 2, text: string): string => {
  const [from = '', to = '', ...values] = text.split(' ').filter((word) => word !== '')
  const [client, server] = [address(from, 'client'), address(to, 'server')]
  const tlvs = values.map(tlv).join('')
  if (version === 1) {
    const family = server.family === 'ipv6' ? 'TCP6' : 'TCP4'
    return `PROXY ${family} ${client.ip} ${server.ip} ${client.port} ${server.port}\r\n${tlvs}`
  }
  const addresses = [client, server].map(({ ip }) => String.fromCharCode(...ipBytes(ip))).join('')
  const body = addresses + sixteen(client.port) + sixteen(server.port) + tlvs
  const family = server.family === 'ipv6' ? TCP6 : TCP4
  return SIGNATURE + String.fromCharCode(PROXY_COMMAND, family) + sixteen(body.length) + body
}

const address = (text: string, whose: string): IpAddress => {
  const parsed = parseAddress(text, { portOk: true })
  if ('error' in parsed || !isIp(parsed.address)) throw new Failure(`Could not resolve ${whose} address '${text}'`)
  return parsed.address
}

const tlv = (text: string): string => {
  const at = text.indexOf('=')
  if (at < 0) throw new Failure('tlv value missing')
  const [name, value] = [text.slice(0, at), text.slice(at + 1)]
  const type = name.startsWith('0x') ? hexBytes(name.slice(2)).charCodeAt(0) : TYPES[name]
  if (type === undefined || Number.isNaN(type)) throw new Failure(`tlv type ${name} not found`)
  const bytes = value.startsWith('0x') ? hexBytes(value.slice(2)) : value
  return String.fromCharCode(type) + sixteen(bytes.length) + bytes
}

const sixteen = (value: number): string => String.fromCharCode((value >> 8) & 0xff, value & 0xff)
