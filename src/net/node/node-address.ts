/** Conversion between HAProxy addresses and Node's socket options. */
import type { Socket, TcpSocketConnectOpts, IpcSocketConnectOpts } from 'node:net'
import { isIp, type Address } from '../address.js'
import { isAnyIp, parseIp } from '../ip.js'

/** `sizeof(sun_path)`; abstract names are padded to it. */
const SUN_PATH = 108

const UNSPECIFIED: Address = { family: 'ipv4', ip: '0.0.0.0', port: 0 }

/** The path of a UNIX socket for Node; undefined for other addresses and for `abnsz`, as Node pads all abstract names. */
export const nodePath = (address: Address): string | undefined => {
  if (!('path' in address) || address.family === 'abnsz') return undefined
  if (address.family === 'unix') return address.path
  return `\0${address.path}`.padEnd(SUN_PATH, '\0')
}

/** Options for `Socket.connect`; undefined for unsupported addresses: inherited descriptors and `abnsz`. */
export const connectOptions = (
  address: Address,
  from: Address | undefined,
): TcpSocketConnectOpts | IpcSocketConnectOpts | undefined => {
  const path = nodePath(address)
  if (path !== undefined) return { path }
  if (!isIp(address)) return undefined
  return {
    host: address.ip,
    port: address.port,
    ...(from !== undefined && isIp(from) && localOptions(from)),
  }
}

const localOptions = ({ ip, port }: { readonly ip: string; readonly port: number }) => ({
  ...(!isAnyIp(ip) && { localAddress: ip }),
  ...(port !== 0 && { localPort: port }),
})

/** The local address of a connection. Node does not report UNIX addresses: both ends get the remote one. */
export const localAddress = (socket: Socket, remote: Address): Address =>
  isIp(remote) ? toAddress(socket.localAddress, socket.localPort) : remote

/** The remote address of an accepted connection. */
export const remoteAddress = (socket: Socket): Address => toAddress(socket.remoteAddress, socket.remotePort)

const toAddress = (text: string | undefined, port: number | undefined): Address => {
  const ip = text === undefined ? undefined : parseIp(text)
  return ip === undefined ? UNSPECIFIED : { family: ip.family, ip: ip.ip, port: port ?? 0 }
}
