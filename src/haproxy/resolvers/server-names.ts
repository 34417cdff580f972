/**
 * What becomes of a server with an answer for its name, or without one (snr_resolution_cb, snr_resolution_error_cb and
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
 * Gives `server` an address of the last answer, unless it has one already.
 * @param updater who says so, in words
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
  process.logger.warn(server.proxy, LOG_NOTICE, text)
  change(server, { family: record.family, ip: record.ip, port: address.port })
  return true
  return true
}

/** Takes the address away once the time is over for which it may be kept. Returns whether that has happened. */
export const loseAddress = (server: Server, resolution: Resolution, hold: ResolversHold): boolean => {
  if (server.nextAdmin & ServerAdmin.RMAINT) return false
  const cause = causeOf(resolution, hold, server.proxy.process.clock.now)
  if (cause === undefined) return false
  setAdminFlag(server, ServerAdmin.RMAINT, cause)
  change(server, undefined)
  return true
}

const CAUSES = { nx: 'DNS NX status', timeout: 'DNS timeout status', refused: 'DNS refused status' } as const

/** Why it is lost; undefined while it is not. */
const causeOf = ({ status, lastValid }: Resolution, hold: ResolversHold, now: number): string | undefined => {
  if (status === 'none') return undefined
  if (status === 'valid') return 'No IP for server '
  if (!isOver({ status, lastValid }, hold, now)) return undefined
  return isNamed(status) ? CAUSES[status] : 'unspecified DNS error'
}

const isNamed = (status: Resolution['status']): status is keyof typeof CAUSES => status in CAUSES

/** Whether the time is over for which a bad answer lets servers keep what they have. */
export const isOver = (
  { status, lastValid }: Pick<Resolution, 'status' | 'lastValid'>,
  hold: ResolversHold,
  now: number,
): boolean => now >= lastValid + hold[isNamed(status) ? status : 'other']

const change = (server: Server, address: Parameters<Server['proxy']['process']['addressChanges']['add']>[1]): void => {
  server.proxy.process.addressChanges.add(server, address, server.mapPorts, true)
}
