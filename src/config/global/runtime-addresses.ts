/** HAPROXY_CLI: where the runtime API can be reached, as the environment has it (`listeners_setenv` in src/cli.c). */
import { isIp, type Address } from '../../net/address.js'
import type { GlobalDraft } from './draft.js'

/** All addresses, or undefined where no `stats` line of `global` gives the runtime API a frontend. */
export const runtimeAddresses = ({ proxiesBeforeRuntime, statsSockets }: GlobalDraft): string | undefined =>
  proxiesBeforeRuntime === undefined ? undefined : statsSockets.flatMap(({ bind }) => textOf(bind.address)).join(';')

/** None for a descriptor, whose socket is not known while the configuration is read. */
const textOf = (address: Address): readonly string[] => {
  if (isIp(address)) {
    const host = address.family === 'ipv6' ? `[${address.ip}]` : address.ip
    return [`${address.family}@${host}:${address.port}`]
  }
  if (!('path' in address)) return []
  return [`${address.family === 'unix' ? 'unix' : 'abns'}@${address.path}`]
}
