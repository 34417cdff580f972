/**
 * How a server's state changes: the one place through which every change goes, whatever caused it, with the news it makes:
 * messages, log lines, events, the same for the servers that track it. (`srv_update_status` and its callers in
 * src/server.c.)
 */
import { strtol } from '../../bytes/integers.js'
import type { ServerConfig } from '../../config/model/server.js'
import { SECOND } from '../../engine/clock.js'
import { isIp } from '../../net/address.js'
import type { Ip } from '../../net/ip.js'
import { backendDown, backendUp, countUsable } from '../proxy/backend.js'
import { Check } from '../checks/check.js'
import { applyInitState } from './init-state.js'
import { causeText, causingCheck, operationalNews, type OperationalCause } from './state-report.js'
import { administrativeNews } from './admin-state.js'
import type { ServerEvent, ServerEventName } from '../events/events.js'
import { ServerAdmin, ServerState, SERVER_STATE_NAMES, type Server } from './server.js'

export type { OperationalCause }

/** Why an administrative change happened; empty when somebody asked for it. */
export type AdministrativeCause = string

/** Takes it out of service because it failed. Nothing happens to one that is down or in maintenance already. */
export const setStopped = (server: Server, cause: OperationalCause): void => {
  if (server.admin & ServerAdmin.MAINT || server.nextState === ServerState.STOPPED) return
  server.nextState = ServerState.STOPPED
  updateOperational(server, cause)
  for (const tracker of server.trackers) setStopped(tracker, 'none')
}

/** Brings it into service, slowly where it has a slowstart. */
export const setRunning = (server: Server, cause: OperationalCause): void => {
  if (server.admin & ServerAdmin.MAINT) return
  if (server.nextState === ServerState.STARTING || server.nextState === ServerState.RUNNING) return
  server.nextState = server.config.slowstart > 0 ? ServerState.STARTING : ServerState.RUNNING
  updateOperational(server, cause)
  for (const tracker of server.trackers) setRunning(tracker, 'none')
}

/** Lets it finish what it has and take nothing new: it answered that it wants to stop. */
export const setStopping = (server: Server, cause: OperationalCause): void => {
  if (server.admin & ServerAdmin.MAINT || server.nextState === ServerState.STOPPING) return
  server.nextState = ServerState.STOPPING
  updateOperational(server, cause)
  for (const tracker of server.trackers) setStopping(tracker, 'none')
}

/** Sets one flag of {@link ServerAdmin}, and lets the servers that track this one inherit it. */
export const setAdminFlag = (server: Server, flag: number, cause: AdministrativeCause = ''): void => {
  if (flag === 0 || server.nextAdmin & flag) return
  server.nextAdmin |= flag
  updateAdministrative(server, cause)
  const inherited = inheritedFlag(flag)
  if (server.nextAdmin & ~flag & maskOf(flag)) return
  for (const tracker of server.trackers) setAdminFlag(tracker, inherited, cause)
}

/** Clears one flag, here and where it was inherited. */
export const clearAdminFlag = (server: Server, flag: number): void => {
  if (flag === 0 || !(server.nextAdmin & flag)) return
  server.nextAdmin &= ~flag
  updateAdministrative(server, '')
  if (server.nextAdmin & maskOf(flag)) return
  for (const tracker of server.trackers) clearAdminFlag(tracker, inheritedFlag(flag))
}

const maskOf = (flag: number): number => (flag & ServerAdmin.MAINT ? ServerAdmin.MAINT : ServerAdmin.DRAIN)

const inheritedFlag = (flag: number): number =>
  flag & ServerAdmin.MAINT ? ServerAdmin.IMAINT : flag & ServerAdmin.DRAIN ? ServerAdmin.IDRAIN : flag

/**
 * Computes the effective weight, which is lower while the server warms up; full throttle ends the warming up.
 * @param apply whether to publish what follows (`server_recalc_eweight`)
 */
export const recalculateWeight = (server: Server, apply: boolean): void => {
  const { dynamicWeights, weightScale } = server.proxy
  const slowstart = server.config.slowstart
  const elapsed = server.proxy.process.clock.now - server.lastChange
  if (elapsed >= slowstart && server.state !== ServerState.STOPPED && server.nextState === ServerState.STARTING)
    server.nextState = ServerState.RUNNING
  let scale = weightScale
  if (server.nextState === ServerState.STARTING && dynamicWeights) {
    const passed = server.state === ServerState.STOPPED ? 0 : Math.floor(elapsed / SECOND)
    scale = passed === 0 ? 1 : Math.floor((weightScale * passed * SECOND + slowstart) / slowstart)
  }
  server.nextEffectiveWeight = server.weight * scale
  if (apply) updateOperational(server, 'none')
}

/**
 * Changes the weight as the runtime API and Lua do: `20` or `50%` (of the initial one). Returns the error HAProxy gives
 * for anything else, line feed included; the state is untouched then (`server_parse_weight_change_request`).
 */
export const setWeight = (server: Server, text: string): string | undefined => {
  if (text === '') return 'Require <weight> or <weight%>.\n'
  const { value, rest } = strtol(text)
  if (rest === text) return 'Empty weight string empty or preceded by garbage\n'
  let weight = value
  if (rest === '%') {
    if (weight < 0) return 'Relative weight must be positive.\n'
    weight = Math.min(Math.floor((server.initialWeight * Math.min(weight, 25600)) / 100), 256)
  } else if (weight < 0 || weight > 256) return 'Absolute weight can only be between 0 and 256 inclusive.\n'
  else if (rest !== '') return 'Trailing garbage in weight string\n'
  if (weight !== 0 && weight !== server.initialWeight && !server.proxy.dynamicWeights)
    return "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.\n"
  server.weight = weight
  recalculateWeight(server, true)
  return undefined
}

/** Puts a server into the state in which a process starts: nothing is said about it. */
export const initialiseServer = (server: Server): void => {
  if (!server.proxy.config.disabled) {
    if (server.config.check.enabled) server.check = new Check(server)
    if (server.config.agent.enabled) server.agent = new Check(server, true)
  }
  if (server.config.disabled) {
    server.admin = server.nextAdmin = ServerAdmin.CMAINT | ServerAdmin.FMAINT
    server.health = 0
    server.state = server.nextState = ServerState.STOPPED
    server.check?.pause()
  } else {
    applyInitState(server)
    server.state = server.nextState
  }
  server.nextEffectiveWeight = server.weight * server.proxy.weightScale
  server.effectiveWeight = server.nextEffectiveWeight
}

/**
 * Gives a server that has a name its first address, nothing being said about it. One without is in maintenance.
 * @param starts where addresses are other than those that the configuration was read with
 */
export const settleAddress = (server: Server, starts: ReadonlyMap<ServerConfig, Ip | undefined>): void => {
  if (server.proxy.config.disabled) return
  if (starts.has(server.config)) {
    const ip = starts.get(server.config)
    const port = isIp(server.address) ? server.address.port : 0
    server.address = { ...(ip ?? { family: 'ipv4', ip: '0.0.0.0' }), port }
    server.hasAddress = ip !== undefined
  }
  if (!server.hasAddress) setAdminFlag(server, ServerAdmin.RMAINT)
}

/** The state in which a server begins that is added at run time: in maintenance, its check switched off. */
export const initialiseDynamicServer = (server: Server): void => {
  if (server.config.check.enabled) {
    server.check = new Check(server)
    server.check.enabled = false
    server.check.paused = server.config.disabled
  }
  if (server.config.agent.enabled) {
    server.agent = new Check(server, true)
    server.agent.enabled = false
  }
  server.health = 0
  server.admin = server.nextAdmin = server.config.disabled
    ? ServerAdmin.CMAINT | ServerAdmin.FMAINT
    : ServerAdmin.FMAINT
  server.state = server.nextState = ServerState.STOPPED
  server.lastChange = server.proxy.process.clock.now
  // what its weight comes to is worked out when it leaves maintenance
  server.nextEffectiveWeight = server.effectiveWeight = 1
}

/** Asks the warm-up task to look at the server in a second, again and again until it is at full throttle. */
export const startWarmup = (server: Server): void => {
  const { process } = server.proxy
  server.warmup ??= process.threads.spawn({
    name: `warmup ${server.path}`,
    run: (task) => {
      if (server.nextAdmin & ServerAdmin.MAINT || server.nextState !== ServerState.STARTING) return
      recalculateWeight(server, true)
      if ((server.nextState as ServerState) === ServerState.STARTING) task.wakeAt(process.clock.now + SECOND)
    },
  })
  server.warmup.wakeAt(process.clock.now + SECOND)
}

const updateOperational = (server: Server, cause: OperationalCause): void => {
  const before = stateBefore(server)
  if (server.nextState === ServerState.STARTING && server.state !== ServerState.STARTING) startWarmup(server)
  const rises =
    (server.nextState === ServerState.RUNNING || server.nextState === ServerState.STARTING) &&
    server.nextState !== server.state
  if (rises) recalculateWeight(server, false)
  countUsable(server)
  operationalNews(server, cause)
  commit(server, before, { admin: false, cause })
}

const updateAdministrative = (server: Server, cause: AdministrativeCause): void => {
  const before = stateBefore(server)
  const oldAdmin = server.admin
  administrativeNews(server, cause)
  publish(server, 'SERVER_ADMIN', { admin: { cause, oldAdmin, newAdmin: server.nextAdmin, requeued: 0 } })
  commit(server, before, { admin: true, cause })
}

interface Before {
  readonly state: ServerState
  readonly backendServers: number
}

const stateBefore = (server: Server): Before => ({
  state: server.state,
  backendServers: server.proxy.activeServers + server.proxy.backupServers,
})

/** Makes the next state the current one, and tells who wants to know. */
const commit = (
  server: Server,
  before: Before,
  why: { readonly admin: true; readonly cause: string } | { readonly admin: false; readonly cause: OperationalCause },
): void => {
  const { now } = server.proxy.process.clock
  server.state = server.nextState
  server.admin = server.nextAdmin
  server.effectiveWeight = server.nextEffectiveWeight
  countUsable(server)
  if (before.state !== server.state) {
    if (before.state === ServerState.STOPPED) {
      server.downTime += now - server.lastChange
      publish(server, 'SERVER_UP', {})
    } else if (server.state === ServerState.STOPPED) {
      server.downTransitions++
      publish(server, 'SERVER_DOWN', {})
    }
    endSessions(server, before.state)
    server.lastChange = now
    const check = why.admin ? undefined : causingCheck(server, why.cause)?.snapshot()
    publish(server, 'SERVER_STATE', {
      state: {
        admin: why.admin,
        check,
        cause: why.admin ? why.cause : causeText(why.cause),
        oldState: SERVER_STATE_NAMES[before.state],
        newState: SERVER_STATE_NAMES[server.state],
        requeued: 0,
      },
    })
  }
  const left = server.proxy.activeServers + server.proxy.backupServers
  if (before.backendServers > 0 && left === 0) backendDown(server.proxy)
  else if (before.backendServers === 0 && left > 0) backendUp(server.proxy)
}

/** `on-marked-down` and `on-marked-up`: what becomes of sessions when a server goes or comes back. */
const endSessions = (server: Server, before: ServerState): void => {
  const { state, backup, effectiveWeight, config, proxy } = server
  const { traffic } = proxy.process
  if (traffic === undefined) return
  if (state === ServerState.STOPPED && config.onMarkedDown !== undefined) traffic.shutdownSessions(server)
  else if (before === ServerState.STOPPED && config.onMarkedUp !== undefined && !backup && effectiveWeight > 0)
    traffic.shutdownBackupSessions(proxy)
}

/** Publishes an event of a server: first to those who listen to it alone, then to those who listen to all. */
export const publish = (
  server: Server,
  name: ServerEventName,
  data: Pick<ServerEvent, 'state' | 'admin' | 'check'>,
): void => {
  const { process } = server.proxy
  const event: ServerEvent = {
    name,
    when: process.clock.wall,
    server: {
      name: server.name,
      puid: server.puid,
      rid: server.rid,
      proxyName: server.proxy.name,
      proxyUuid: server.proxy.uuid,
    },
    ...data,
  }
  process.recordEvent(event)
  server.existingSubscriptions?.publish(event)
  process.events.publish(event)
}
