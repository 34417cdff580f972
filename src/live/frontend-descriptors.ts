/** Inherited sockets of frontends, which are never accepted on. */
import type { Configuration } from '../config/index.js'
import type { Address } from '../net/address.js'
import { closeDescriptor } from '../net/node/index.js'

const descriptorOf = (address: Address): number => ('fd' in address ? address.fd : -1)

/** Closes them, so that clients are refused instead of waiting in the backlog. */
export const closeFrontendFds = ({ proxies, global }: Configuration): void => {
  const kept = new Set(global.statsSockets.map(({ bind }) => descriptorOf(bind.address)))
  const wanted = new Set(proxies.flatMap(({ binds }) => binds.map(({ address }) => descriptorOf(address))))
  for (const fd of wanted) if (fd > 2 && !kept.has(fd)) closeDescriptor(fd)
}
