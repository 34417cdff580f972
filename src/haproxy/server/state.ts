/**
 * The states of servers and how they change (`srv_set_stopped`, `srv_set_running`, `srv_adm_set_…` and `srv_update_status` in
 * src/server.c). Every change becomes a {@link Transition}, which the observers of servers are given in their order.
 */
import { countUsable } from '../proxy/backend.js'
import { applyInitState, hasInitState } from './init-state.js'
import type { Server } from './server.js'
import { ServerAdmin, ServerState } from './status.js'
import type { AdministrativeCause, OperationalCause, ServerSnapshot, Transition } from './transition.js'
import { scheduleWarmup } from './warmup.js'
import { recalculateWeight } from './weight.js'

export type { OperationalCause }

const { MAINT, IMAINT, DRAIN, IDRAIN } = ServerAdmin

/** Marks the server as down because it failed; ignored if it is already down or in maintenance. */
export const setStopped = (server: Server, cause: OperationalCause): void => {
  if (server.admin & MAINT || server.nextState === ServerState.STOPPED) return
  server.nextState = ServerState.STOPPED
  updateOperational(server, cause)
  for (const tracker of server.trackers) setStopped(tracker, 'none')
}

/** Brings it into service, gradually where it has a slowstart. */
export const setRunning = (server: Server, cause: OperationalCause): void => {
  if (server.admin & MAINT) return
  if (server.nextState === ServerState.STARTING || server.nextState === ServerState.RUNNING) return
  server.nextState = server.config.slowstart > 0 ? ServerState.STARTING : ServerState.RUNNING
  updateOperational(server, cause)
  for (const tracker of server.trackers) setRunning(tracker, 'none')
}

/** Stops sending new traffic to it, because it answered that it wants to stop; connections that it has stay. */
export const setStopping = (server: Server, cause: OperationalCause): void => {
  if (server.admin & MAINT || server.nextState === ServerState.STOPPING) return
  server.nextState = ServerState.STOPPING
  updateOperational(server, cause)
  for (const tracker of server.trackers) setStopping(tracker, 'none')
}

/** Sets one flag of {@link ServerAdmin}; servers that track this one inherit it. */
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

const maskOf = (flag: number): number => (flag & MAINT ? MAINT : DRAIN)

const inheritedFlag = (flag: number): number => (flag & MAINT ? IMAINT : flag & DRAIN ? IDRAIN : flag)

/** Recalculates the effective weight and applies it. */
export const applyWeight = (server: Server): void => {
  recalculateWeight(server)
  updateOperational(server, 'none')
}

const updateOperational = (server: Server, cause: OperationalCause): void => {
  const before = snapshot(server)
  const { state, nextState } = server
  if (nextState === ServerState.STARTING && state !== ServerState.STARTING) scheduleWarmup(server, applyWeight)
  if (nextState !== state && (nextState === ServerState.RUNNING || nextState === ServerState.STARTING))
    recalculateWeight(server)
  const check = cause === 'health' ? server.check : cause === 'agent' ? server.agent : undefined
  notify(server, { kind: 'operational', cause, check, before, after: commit(server), requeued: 0 })
}

const updateAdministrative = (server: Server, cause: AdministrativeCause): void => {
  const before = snapshot(server)
  const wasMaint = (server.admin & MAINT) !== 0
  const willBeMaint = (server.nextAdmin & MAINT) !== 0
  if (!wasMaint && willBeMaint) enterMaintenance(server)
  else if (wasMaint && !willBeMaint) leaveMaintenance(server)
  if (!willBeMaint && server.admin & DRAIN && !(server.nextAdmin & DRAIN)) recalculateWeight(server)
  notify(server, { kind: 'administrative', cause, before, after: commit(server), requeued: 0 })
}

const enterMaintenance = (server: Server): void => {
  server.check?.pause()
  if (server.state === ServerState.STOPPED) return
  server.health = 0
  server.nextState = ServerState.STOPPED
}

/** The server is up again unless a check or the server that it tracks is down. */
const leaveMaintenance = (server: Server): void => {
  const { check, agent, track } = server
  check?.resume()
  if (hasInitState(server)) applyInitState(server)
  else if (track?.nextState !== ServerState.STOPPED && check?.isPresumedUp !== false && agent?.isPresumedUp !== false) {
    if (track?.nextState === ServerState.STOPPING) server.nextState = ServerState.STOPPING
    else if (server.config.slowstart > 0) {
      server.nextState = ServerState.STARTING
      scheduleWarmup(server, applyWeight)
    } else server.nextState = ServerState.RUNNING
  }
  recalculateWeight(server)
}

const snapshot = ({ state, admin, proxy }: Server): ServerSnapshot => ({
  state,
  admin,
  usableServers: proxy.activeServers + proxy.backupServers,
})

/** Makes the next state the current one (`srv_lb_commit_status`). */
const commit = (server: Server): ServerSnapshot => {
  const { now } = server.proxy.process.clock
  const { state: before } = server
  server.state = server.nextState
  server.admin = server.nextAdmin
  server.effectiveWeight = server.nextEffectiveWeight
  countUsable(server)
  if (before !== server.state) {
    if (before === ServerState.STOPPED) server.downTime += now - server.lastChange
    else if (server.state === ServerState.STOPPED) server.counting.downTransitions++
    server.lastChange = now
  }
  return snapshot(server)
}

/** Applies a change to the server's traffic, which completes the transition, and reports it. */
const notify = (server: Server, transition: Transition & { requeued: number }): void => {
  const { serverObservers } = server.proxy.process
  transition.requeued = serverObservers.apply(server, transition)
  serverObservers.stateChanged(server, transition)
}
