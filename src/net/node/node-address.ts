/** HAProxy's addresses as Node's sockets take and give them. */
import type { Socket, TcpSocketConnectOpts, IpcSocketConnectOpts } from 'node:net'
import { isIp, type Address } from '../address.js'
import { isAnyIp, parseIp } from '../ip.js'

/** `sizeof(sun_path)`: a name in the abstract namespace fills it. */
const SUN_PATH = 108

const NOWHERE: Address = { family: 'ipv4', ip: '0.0.0.0', port: 0 }

/** How Node writes a path; undefined for an address that is none, and for `abnsz`: Node fills every abstract name up. */
export const nodePath = (address: Address): string | undefined => {
  if (!('path' in address) || address.family === 'abnsz') return undefined
  if (address.family === 'unix') return address.path
  return `\0${address.path}`.padEnd(SUN_PATH, '\0')
}

/** What to connect to; undefined for what nobody can connect to here: an inherited descriptor, `abnsz`. */
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
    ...(from !== undefined && isIp(from) && localEnd(from)),
  }
}

const localEnd = ({ ip, port }: { readonly ip: string; readonly port: number }) => ({
  ...(!isAnyIp(ip) && { localAddress: ip }),
  ...(port !== 0 && { localPort: port }),
})

/** Node knows no names of Unix sockets: the one that there is stands for both ends. */
export const localOf = (socket: Socket, remote: Address): Address =>
  isIp(remote) ? endOf(socket.localAddress, socket.localPort) : remote

export const remoteOf = (socket: Socket): Address => endOf(socket.remoteAddress, socket.remotePort)

const endOf = (text: string | undefined, port: number | undefined): Address => {
  const ip = text === undefined ? undefined : parseIp(text)
  return ip === undefined ? NOWHERE : { family: ip.family, ip: ip.ip, port: port ?? 0 }
}
