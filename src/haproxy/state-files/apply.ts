/**
 * Applies a line of a state file to a server (`srv_state_srv_update` in src/server_state.c). Values that were changed in the
 * configuration take precedence.
 */
import { SECOND } from '../../engine/clock.js'
import { isIp } from '../../net/address.js'
import { changeTarget } from '../checks/target.js'
import type { Check } from '../checks/check.js'
import { makeReady, setDrain, setMaintenance } from '../server/control.js'
import { applyWeight, setRunning, setStopped, setStopping } from '../server/state.js'
import type { Server } from '../server/server.js'
import { ServerAdmin, ServerState } from '../server/status.js'
import type { StateLine } from './file.js'
import { readValues, type SavedState } from './values.js'

const { FMAINT, CMAINT, FDRAIN, FQDN_CHANGED } = ServerAdmin
const { STOPPED, STARTING, RUNNING, STOPPING } = ServerState

/** Bits of the states of checks. */
const CONFIGURED = 2
const ENABLED = 4

/** Applies a line; problems are reported. Returns whether its address may be used. */
export const applyState = (server: Server, line: StateLine): boolean => {
  const saved = readValues(line)
  if (typeof saved === 'string') {
    warn(server, 'application failed', saved)
    return false
  }
  applyOperational(server, saved)
  applyAdministrative(server, saved)
  server.lastChange = server.proxy.process.clock.now - saved.sinceLastChange * SECOND
  server.found = saved
  switchOff(server.check, saved.checkState)
  switchOff(server.agent, saved.agentState)
  if (saved.initialWeight === server.initialWeight) server.weight = saved.weight
  applyWeight(server)
  const problem = applyName(server, saved) ?? applyTargets(server, saved)
  if (problem !== undefined) warn(server, 'partially applied', `, ${problem}`)
  return true
}

const warn = (server: Server, what: string, text: string): void =>
  server.proxy.process.logger.message('warning', `server-state ${what} for server '${server.path}'${text}`)

const applyOperational = (server: Server, { state, health }: SavedState): void => {
  const { rise, fall } = server.config.check
  const best = rise + fall - 1
  server.health = health
  if (state === STOPPED || (state === STOPPING && fall === 1)) {
    server.health = 0
    setStopped(server, 'statefile')
  } else if (state === RUNNING || (state === STARTING && rise === 1)) {
    server.health = best
    setRunning(server, 'none')
  } else if (state === STARTING) {
    if (health < 1 || health >= rise) server.health = rise - 1
    server.nextState = STARTING
  } else {
    if (health < rise || health > best - 1) server.health = rise
    setStopping(server, 'statefile')
  }
}

const applyAdministrative = (server: Server, { admin, initialWeight }: SavedState): void => {
  const isDisabled = (server.nextAdmin & CMAINT) !== 0
  const wasDisabled = (admin & CMAINT) !== 0
  if (wasDisabled !== isDisabled) (isDisabled ? setMaintenance : makeReady)(server)
  else if (admin & FMAINT && !isDisabled) setMaintenance(server)
  else if (!(admin & FMAINT) && isDisabled) makeReady(server)
  // a drain caused by a weight of 0 ends if the configuration has another weight
  const isDrained = (admin & FDRAIN) !== 0 && (initialWeight > 0 || server.initialWeight === 0)
  if (isDrained && !(server.nextAdmin & FMAINT)) setDrain(server)
}

/** Switches off a check that `disable health` or `disable agent` had switched off. */
const switchOff = (check: Check | undefined, bits: number): void => {
  if (check && bits & CONFIGURED && !(bits & ENABLED)) check.enabled = false
}

/** Returns why the rest of the line is ignored. */
const applyName = (server: Server, { fqdn, fqdnChanged, srvRecord }: SavedState): string | undefined => {
  if (fqdn === undefined) return undefined
  if (server.hostname !== undefined) {
    if (fqdn !== server.hostname && fqdnChanged) {
      if (server.config.resolution.resolvers !== undefined) server.hostname = fqdn
      server.admin = server.nextAdmin |= FQDN_CHANGED
    }
  } else if (srvRecord !== undefined) {
    const own = server.config.srvRecord
    if (own === undefined) return `no SRV resolution for server '${server.name}'. Previous state not applied`
    if (own !== srvRecord)
      return (
        `SRV record mismatch between configuration ('${own}') and state file ('${srvRecord}) for server '${server.name}'. ` +
        'Previous state not applied'
      )
    server.hostname = fqdn
    server.mapPorts = false
  }
  return undefined
}

/** Returns the error of the first target that is invalid. */
const applyTargets = (server: Server, { port, line }: SavedState): string | undefined => {
  if (isIp(server.address)) server.address = { ...server.address, port }
  if (line.useSsl !== undefined && server.canSwitchSsl) server.ssl = Number.parseInt(line.useSsl, 10) || 0
  return (
    target(server, 'check', line.checkAddress, line.checkPort) ??
    target(server, 'agent', line.agentAddress, line.agentPort)
  )
}

const target = (
  server: Server,
  which: 'check' | 'agent',
  addr: string | undefined,
  port: string | undefined,
): string | undefined => {
  const wanted = { addr: addr === '-' ? undefined : addr, port: port === '0' ? undefined : port }
  if (wanted.addr === undefined && wanted.port === undefined) return undefined
  return changeTarget(server, which, wanted.addr, wanted.port)
}
