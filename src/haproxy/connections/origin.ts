/**
 * Where connections to servers come from, and options of connections (`alloc_bind_address` in src/backend.c, `tcp_connect_server` in
 * src/proto_tcp.c, `session_accept_fd` in src/session.c).
 */
import type { ProxyConfig } from '../../config/model/proxy.js'
import type { ServerConfig } from '../../config/model/server.js'
import { isIp, type Address } from '../../net/address.js'
import { isAnyIp } from '../../net/ip.js'
import type { ConnectionOptions, SocketBuffers, TcpClientOptions } from '../../net/tcp-options.js'

/** Marks of the packets of a connection. */
export type PacketMarks = Pick<ConnectionOptions, 'mark' | 'tos'>

/** The last arguments of `Network.connect`: an address if `source` has one, and options if there are any. */
export type Origin = readonly [from: Address | undefined, options: TcpClientOptions | undefined]

/**
 * @param server undefined: the connection is to an address without a server
 * @param buffers `serverBuffers` of the configuration
 * @param marks those of `set-bc-mark` and `set-bc-tos`
 */
export const originOf = (
  server: Pick<ServerConfig, 'source' | 'userTimeout'> | undefined,
  proxy: Pick<ProxyConfig, 'source' | 'serverKeepAlive'>,
  buffers: SocketBuffers,
  marks?: PacketMarks,
): Origin => {
  const source = server?.source ?? proxy.source
  const from = source && !(isIp(source.address) && isAnyIp(source.address.ip)) ? source.address : undefined
  const userTimeout = server?.userTimeout
  const device = source?.interface
  const keepAlive = proxy.serverKeepAlive
  const own = chosen(buffers)
  if (userTimeout === undefined && device === undefined && !keepAlive && !own && !marks) return [from, undefined]
  return [from, { userTimeout, interface: device, keepAlive, buffers: own, ...marks }]
}

/** Options of the connections of clients; undefined: the defaults of the system. @param buffers `clientBuffers` of the configuration */
export const clientOptions = (
  { clientKeepAlive: keepAlive }: Pick<ProxyConfig, 'clientKeepAlive'>,
  buffers: SocketBuffers,
): ConnectionOptions | undefined => {
  const own = chosen(buffers)
  return keepAlive || own ? { keepAlive, buffers: own } : undefined
}

/** Undefined if all are left to the system. */
const chosen = (buffers: SocketBuffers): SocketBuffers | undefined =>
  buffers.send > 0 || buffers.receive > 0 || buffers.unsent > 0 ? buffers : undefined
