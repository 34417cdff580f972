/** Weights: the effective one, which is lower during slowstart, and requests to change it (`server_recalc_eweight` in src/server.c). */
import { strtol } from '../../bytes/integers.js'
import { SECOND } from '../../engine/clock.js'
import type { Server } from './server.js'
import { ServerState } from './status.js'

/** Computes the next effective weight. At full throttle slowstart ends: the next state is RUNNING then. */
export const recalculateWeight = (server: Server): void => {
  const { dynamicWeights, weightScale } = server.proxy
  const { slowstart } = server.config
  const elapsed = server.proxy.process.clock.now - server.lastChange
  if (elapsed >= slowstart && server.state !== ServerState.STOPPED && server.nextState === ServerState.STARTING)
    server.nextState = ServerState.RUNNING
  let scale = weightScale
  if (server.nextState === ServerState.STARTING && dynamicWeights) {
    const passed = server.state === ServerState.STOPPED ? 0 : Math.floor(elapsed / SECOND)
    scale = passed === 0 ? 1 : Math.floor((weightScale * passed * SECOND + slowstart) / slowstart)
  }
  server.nextEffectiveWeight = server.weight * scale
}

/** A server's weight as statistics show it, without the scale that load balancing works with. */
export const visibleWeight = (server: Server): number => Math.ceil(server.effectiveWeight / server.proxy.weightScale)

/**
 * Reads a request for a weight: `20`, or `50%` of the initial one. Returns the weight, or HAProxy's error, line feed included
 * (`server_parse_weight_change_request`).
 */
export const parseWeight = (server: Server, text: string): number | string => {
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
  return weight
}
