/** `show servers state` and `show servers conn` (`dump_servers_state` in src/proxy.c). */
import { isIp, type Address } from '../../net/address.js'
import type { Check, CheckTarget } from '../checks/check.js'
import { RESULTS, STATUS } from '../../config/checks/status.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { age } from '../stats/ages.js'
import type { CommandCall } from './registry.js'

const VERSION = 1

const FIELDS =
  'be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight ' +
  'srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state ' +
  'bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr ' +
  'srv_agent_addr srv_agent_port'

/** Bits of `srv_check_state`. */
const IN_PROGRESS = 1
const CONFIGURED = 2
const ENABLED = 4
const PAUSED = 8
const AGENT = 16

export const showServersState = (call: CommandCall): string => {
  const backends = chosenBackends(call)
  if (backends === undefined) return "Can't find backend.\n"
  return `${VERSION}\n# ${FIELDS}\n${backends.flatMap((proxy) => proxy.servers.map(stateLine)).join('')}`
}

export const showServersConn = (call: CommandCall): string => {
  const backends = chosenBackends(call)
  if (backends === undefined) return "Can't find backend.\n"
  const threads = call.process.threads.count
  const header =
    '# bkname/svname bkid/svid addr port - purge_delay used_cur used_max need_est unsafe_nb safe_nb idle_lim idle_cur ' +
    `idle_per_thr[${threads}]\n`
  return header + backends.flatMap((proxy) => proxy.servers.map((server) => connLine(server, threads))).join('')
}

/** All backends, or the one that was asked for. */
const chosenBackends = ({ process, args }: CommandCall): readonly Proxy[] | undefined => {
  if (args[0] === undefined) return process.proxies.filter((proxy) => proxy.backend)
  const backend = process.backendNamed(args[0])
  return backend && [backend]
}

const hostText = (address: Address | undefined): string => (address && isIp(address) ? address.ip : '-')

const portOf = (address: Address): number => (isIp(address) ? address.port : 0)

/** The target of the agent check, with the defaults from the health check even where no agent is enabled. */
const agentTarget = ({ agent, config }: Server): Pick<CheckTarget, 'addr' | 'port'> =>
  agent?.target ?? { addr: config.agent.addr ?? config.check.addr, port: config.agent.port ?? config.check.port }

/** @param disabled whether the server is disabled: then even a check that is not configured is paused */
const stateBits = (check: Check | undefined, disabled = false): number =>
  check
    ? (check.startedAt === undefined ? 0 : IN_PROGRESS) |
      CONFIGURED |
      (check.enabled ? ENABLED : 0) |
      (check.paused ? PAUSED : 0)
    : disabled
      ? PAUSED
      : 0

const forced = (isForced: boolean): number => (isForced ? 1 : 0)

const stateLine = (server: Server): string => {
  const { proxy, check, agent, config } = server
  const target = { check: check?.target ?? config.check, agent: agentTarget(server) }
  const values = [
    ...[proxy.uuid, proxy.name, server.puid, server.name, hostText(server.hasAddress ? server.address : undefined)],
    ...[server.state, server.admin, server.weight, server.initialWeight, age(proxy.process, server.lastChange)],
    ...[server.found.status.number, RESULTS.indexOf(server.found.result), server.health],
    ...[stateBits(check, config.disabled), stateBits(agent) | (agent ? AGENT : 0)],
    ...[forced(proxy.config.forcedId), forced(config.forcedId), server.hostname ?? '-', portOf(server.address)],
    config.srvRecord ?? '-',
    ...[server.ssl, target.check.port ?? 0, hostText(target.check.addr)],
    ...[hostText(target.agent.addr), target.agent.port ?? 0],
  ]
  return `${values.join(' ')}\n`
}

const connLine = (server: Server, threads: number): string => {
  const { proxy } = server
  const used = server.check && server.check.status.number > STATUS.INI.number ? 1 : 0
  const idle = Array.from({ length: threads }, () => 0).join(' ')
  const numbers = `${proxy.uuid}/${server.puid} ${hostText(server.hasAddress ? server.address : undefined)} ${portOf(server.address)}`
  return `${server.path} ${numbers} - 5000 0 ${used} ${used} 0 0 -1 0 ${idle}\n`
}
