/**
 * What operators and scripts change of a server: the same for the runtime API and for Lua (`srv_adm_set_…` in
 * include/haproxy/server.h, `srv_update_addr_port` and `server_parse_maxconn_change_request` in src/server.c).
 */
import { strtol } from '../../bytes/integers.js'
import { isIp, parseHost } from '../../net/address.js'
import { applyWeight, clearAdminFlag, setAdminFlag } from './state.js'
import type { Server } from './server.js'
import { ServerAdmin } from './status.js'
import { parseWeight } from './weight.js'

/** Takes it out of service until {@link makeReady}. */
export const setMaintenance = (server: Server): void => {
  setAdminFlag(server, ServerAdmin.FMAINT)
  clearAdminFlag(server, ServerAdmin.FDRAIN)
}

/** Stops sending new traffic to it (drain). */
export const setDrain = (server: Server): void => {
  setAdminFlag(server, ServerAdmin.FDRAIN)
  clearAdminFlag(server, ServerAdmin.FMAINT)
}

export const makeReady = (server: Server): void => {
  clearAdminFlag(server, ServerAdmin.FDRAIN)
  clearAdminFlag(server, ServerAdmin.FMAINT)
}

/** Sets the health to its highest or lowest value, regardless of check results. */
export const setCheckHealth = (server: Server, health: 'full' | 'none'): void => {
  server.health = health === 'none' ? 0 : server.config.check.rise + server.config.check.fall - 1
}

/**
 * Changes the weight: `20`, or `50%` of the initial one. Returns HAProxy's error, line feed included, and changes nothing then;
 * undefined when done.
 */
export const setWeight = (server: Server, text: string): string | undefined => {
  const weight = parseWeight(server, text)
  if (typeof weight === 'string') return weight
  server.weight = weight
  applyWeight(server)
  return undefined
}

/** Returns HAProxy's error, line feed included; undefined when done. */
export const setMaxconn = (server: Server, text: string): string | undefined => {
  if (text === '') return 'Require <maxconn>.\n'
  const { value, rest } = strtol(text)
  if (rest === text) return 'maxconn string empty or preceded by garbage\n'
  if (rest !== '') return 'Trailing garbage in maxconn string\n'
  server.maxconn = value >>> 0
  return undefined
}

/**
 * Changes the address of a server, its port, or both. Returns HAProxy's message, without a line feed: the change, or the error.
 * @param updater who changes it, as the message names it
 */
export const updateAddress = (
  server: Server,
  addressText: string | undefined,
  portText: string | undefined,
  updater: string,
): string => {
  const old = server.address
  if (!isIp(old) || !server.hasAddress)
    return 'Update for the current server address family is only supported through configuration file.'
  const ip = addressText === undefined ? old : parseHost(addressText)
  if (ip === undefined) return `Invalid addr '${addressText}'`
  const port = portText === undefined ? { number: old.port, isOffset: server.mapPorts } : parsePort(portText)
  if (port === undefined) return `problem converting port '${portText}' to an int`
  const changes = ip.ip === old.ip ? [] : [`IP changed from '${old.ip}' to '${ip.ip}'`]
  const oldPort = portName(old.port, server.mapPorts)
  const newPort = portName(port.number, port.isOffset)
  const isRefused = port.isOffset && !server.mapPorts && needsOwnPort(server)
  if (isRefused && changes.length > 0) changes.push(OFFSET_REFUSED)
  else if (!isRefused && newPort !== oldPort) changes.push(`port changed from '${oldPort}' to '${newPort}'`)
  if (changes.length === 0) return 'nothing changed'
  const address = { family: ip.family, ip: ip.ip, port: isRefused ? old.port : port.number }
  server.proxy.process.addressChanges.add(server, address, isRefused ? server.mapPorts : port.isOffset)
  return `${changes.join(', ')} by '${updater}'`
}

const OFFSET_REFUSED =
  "can't change <port> to port map because it is incompatible with current health check port configuration " +
  "(use 'port' statement from the 'server' directive)."

/** Whether its check connects to the server's port, which an offset would leave undefined. */
const needsOwnPort = (server: Server): boolean =>
  server.check?.enabled === true && server.config.check.port === undefined

/** A port as messages name it. */
export const portName = (number: number, isOffset: boolean): string => `${isOffset ? '+' : ''}${number}`

/** C's `strtol` truncated to 16 bits; a sign makes it an offset to the port of the client's connection. */
const parsePort = (text: string): { readonly number: number; readonly isOffset: boolean } | undefined => {
  const { value, rest } = strtol(text)
  return rest === text ? undefined : { number: value & 0xffff, isOffset: /^[+-]/.test(text) }
}
