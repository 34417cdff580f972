/**
 * Changes the address and port of health checks and agent checks at run time (`srv_update_check_addr_port` and
 * `srv_update_agent_addr_port` in src/server.c).
 */
import { strl2irc } from '../../bytes/integers.js'
import { parseHost } from '../../net/address.js'
import type { Server } from '../server/server.js'
import type { CheckTarget } from './check.js'

/**
 * Changes the target of the next checks. Returns HAProxy's error; undefined when done.
 * @param addr undefined: unchanged
 * @param port undefined: unchanged
 */
export const changeTarget = (
  server: Server,
  which: 'check' | 'agent',
  addr: string | undefined,
  port: string | undefined,
): string | undefined => {
  const check = server[which]
  if (!check?.enabled) return `${which === 'check' ? 'health' : 'agent'} checks are not enabled on this server`
  const change: Partial<CheckTarget> = {}
  if (addr !== undefined) {
    const { network } = server.proxy.process
    const ip = parseHost(addr, which === 'agent' ? { resolve: (name) => network.resolve(name) } : {})
    if (ip === undefined) return `invalid addr '${addr}'`
    change.addr = { ...ip, port: 0 }
  }
  if (port !== undefined) {
    const number = strl2irc(port)
    if (number === undefined) return 'provided port is not an integer'
    if (number < 0 || number > 65535) return 'provided port is invalid'
    if (which === 'check' && server.mapPorts && number === 0) return "can't unset 'port' since MAPPORTS is in use"
    change.port = number || undefined
  }
  check.setTarget(change)
  return undefined
}
