/** The states in which servers begin, when the process starts and when a server is added at run time. Nothing of it is reported. */
import type { ServerConfig } from '../../config/model/server.js'
import { isIp } from '../../net/address.js'
import type { Ip } from '../../net/ip.js'
import { applyInitState } from './init-state.js'
import type { Server } from './server.js'
import { setAdminFlag } from './state.js'
import { ServerAdmin, ServerState } from './status.js'

/** Gives a server of the configuration its first state, once its checks are made. */
export const initialiseServer = (server: Server): void => {
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
 * Gives a server that has a name its first address. One without an address is in maintenance.
 * @param starts the addresses that differ from those that the configuration was read with
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

/** A server that is added at run time begins in maintenance, with its checks switched off. */
export const initialiseDynamicServer = (server: Server): void => {
  const { check, agent, config } = server
  if (check) {
    check.enabled = false
    check.paused = config.disabled
  }
  if (agent) agent.enabled = false
  server.health = 0
  server.admin = server.nextAdmin = config.disabled ? ServerAdmin.CMAINT | ServerAdmin.FMAINT : ServerAdmin.FMAINT
  server.state = server.nextState = ServerState.STOPPED
  server.lastChange = server.proxy.process.clock.now
  // computed when the server leaves maintenance
  server.nextEffectiveWeight = server.effectiveWeight = 1
}
