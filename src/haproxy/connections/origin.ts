/** Where connections to servers come from, and their options (`alloc_bind_address` in src/backend.c, `tcp_connect_server` in src/proto_tcp.c). */
import type { ProxyConfig } from '../../config/model/proxy.js'
import type { ServerConfig } from '../../config/model/server.js'
import { isIp, type Address } from '../../net/address.js'
import { isAnyIp } from '../../net/ip.js'
import type { TcpClientOptions } from '../../net/tcp-options.js'

/** The last arguments of `Network.connect`: an address if `source` has one, and options if there are any. */
export type Origin = readonly [from: Address | undefined, options: TcpClientOptions | undefined]

/** @param server undefined: the connection is to an address without a server */
export const originOf = (
  server: Pick<ServerConfig, 'source' | 'userTimeout'> | undefined,
  proxy: Pick<ProxyConfig, 'source'>,
): Origin => {
  const source = server?.source ?? proxy.source
  const from = source && !(isIp(source.address) && isAnyIp(source.address.ip)) ? source.address : undefined
  const options = { userTimeout: server?.userTimeout, interface: source?.interface }
  return [from, options.userTimeout === undefined && options.interface === undefined ? undefined : options]
}
