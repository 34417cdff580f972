/** Inherited sockets of frontends, which are not opened. */
import type { Configuration } from '../config/index.js'
import type { Address } from '../net/address.js'
import { closeDescriptor } from '../net/node/index.js'

const descriptorOf = (address: Address): number => ('fd' in address ? address.fd : -1)

/** Lets go of them: who connects to one is refused then, and does not wait for somebody who never comes. */
export const letFrontendsGo = ({ proxies, global }: Configuration): void => {
  const kept = new Set(global.statsSockets.map(({ bind }) => descriptorOf(bind.address)))
  const wanted = new Set(proxies.flatMap(({ binds }) => binds.map(({ address }) => descriptorOf(address))))
  for (const fd of wanted) if (fd > 2 && !kept.has(fd)) closeDescriptor(fd)
}
