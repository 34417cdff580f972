/** Where a check connects to (tcpcheck_eval_connect in src/tcpcheck.c). */
import type { ConnectRule } from '../../config/checks/rules.js'
import { isIp, isUnspecified, type Address } from '../../net/address.js'

/** The values of `addr` and `port`, or of `agent-addr` and `agent-port`. */
export interface CheckAddress {
  readonly addr: Address | undefined
  readonly port: number | undefined
}

/** Whether the check has neither an address nor a port, so that it uses TLS and the PROXY protocol as the server does. */
export const followsServer = ({ addr, port }: CheckAddress): boolean =>
  port === undefined && (addr === undefined || isUnspecified(addr))

/**
 * The address of the rule, else of the check, else of the server; the port likewise, on its own. `0.0.0.0` and `::` of a rule or a
 * check do not count.
 *
 * @param port the value of the rule's `port`
 */
export const checkedAddress = (
  server: Address,
  check: CheckAddress,
  rule: Pick<ConnectRule, 'address'> | undefined,
  port: number | undefined,
): Address => {
  const [ofRule, ofCheck] = [specified(rule?.address), specified(check.addr)]
  const address = ofRule ?? ofCheck ?? server
  if (!isIp(address)) return address
  const number = port ?? portOf(ofRule) ?? check.port ?? portOf(ofCheck) ?? portOf(server)
  return { ...address, port: number ?? 0 }
}

const specified = (address: Address | undefined): Address | undefined =>
  address === undefined || isUnspecified(address) ? undefined : address

const portOf = (address: Address | undefined): number | undefined =>
  (address && isIp(address) && address.port) || undefined
