/** HAPROXY_CLI: the addresses of the runtime API (`listeners_setenv` in src/cli.c). */
import { isIp, type Address } from '../../net/address.js'
import type { GlobalDraft } from './draft.js'

/** All addresses; undefined if there is no `stats` line in `global`. */
export const runtimeAddresses = ({ proxiesBeforeRuntime, statsSockets }: GlobalDraft): string | undefined =>
  proxiesBeforeRuntime === undefined
    ? undefined
    : statsSockets.flatMap(({ bind }) => formatAddresses(bind.address)).join(';')

/** Empty for file descriptors, whose address is not known at parse time. */
const formatAddresses = (address: Address): readonly string[] => {
  if (isIp(address)) {
    const host = address.family === 'ipv6' ? `[${address.ip}]` : address.ip
    return [`${address.family}@${host}:${address.port}`]
  }
  if (!('path' in address)) return []
  return [`${address.family === 'unix' ? 'unix' : 'abns'}@${address.path}`]
}
