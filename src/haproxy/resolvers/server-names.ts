/**
 * Applies the result of a resolution to a server (snr_resolution_cb, snr_resolution_error_cb and
 * snr_set_srv_down in src/server.c).
 */
import { isIp } from '../../net/address.js'
import { LOG_NOTICE } from '../logs/logger.js'
import { setAdminFlag } from '../server/state.js'
import type { Server } from '../server/server.js'
import { ServerAdmin } from '../server/status.js'
import { chooseRecord } from './choose.js'
import type { Resolution } from './resolution.js'
import type { ResolversHold } from '../../config/model/resolvers.js'

/**
 * Gives `server` an address of the last response, unless it has one of them already.
 * @param updater the source of the change, as messages name it
 * @returns whether its address has changed
 */
export const followAnswer = (server: Server, resolution: Resolution, updater: string, hold: ResolversHold): boolean => {
  if (resolution.recordOf(server)) return false
  const record = chooseRecord(server, resolution.records)
  if (record === undefined) {
    loseAddress(server, resolution, hold)
    return false
  }
  record.servers.add(server)
  const { address } = server
  if (!isIp(address)) return false
  const current = server.hasAddress ? address.ip : '(none)'
  if (record.ip === current) return false
  const { process } = server.proxy
  const text = `${server.path}: IP changed from '${current}' to '${record.ip}' by '${updater}'.`
  process.logger.report(server.proxy, LOG_NOTICE, text)
  change(server, { family: record.family, ip: record.ip, port: address.port })
  return true
  return true
}

/** Removes the address once `hold` has passed. Returns whether it was removed. */
export const loseAddress = (server: Server, resolution: Resolution, hold: ResolversHold): boolean => {
  if (server.nextAdmin & ServerAdmin.RMAINT) return false
  const cause = causeOf(resolution, hold, server.proxy.process.clock.now)
  if (cause === undefined) return false
  setAdminFlag(server, ServerAdmin.RMAINT, cause)
  change(server, undefined)
  return true
}

const CAUSES = { nx: 'DNS NX status', timeout: 'DNS timeout status', refused: 'DNS refused status' } as const

/** The cause of the removal; undefined if the address is kept. */
const causeOf = ({ status, lastValid }: Resolution, hold: ResolversHold, now: number): string | undefined => {
  if (status === 'none') return undefined
  if (status === 'valid') return 'No IP for server '
  if (!isOver({ status, lastValid }, hold, now)) return undefined
  return isNamed(status) ? CAUSES[status] : 'unspecified DNS error'
}

const isNamed = (status: Resolution['status']): status is keyof typeof CAUSES => status in CAUSES

/** Whether `hold` has passed, for which servers keep their addresses after a bad response. */
export const isOver = (
  { status, lastValid }: Pick<Resolution, 'status' | 'lastValid'>,
  hold: ResolversHold,
  now: number,
): boolean => now >= lastValid + hold[isNamed(status) ? status : 'other']

const change = (server: Server, address: Parameters<Server['proxy']['process']['addressChanges']['add']>[1]): void => {
  server.proxy.process.addressChanges.add(server, address, server.mapPorts, true)
}
