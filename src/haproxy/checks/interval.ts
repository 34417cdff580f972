/** How long to wait between checks (`srv_getinter` in src/server.c, `spread-checks` in src/check.c). */
import type { Micros } from '../../engine/clock.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { ServerState } from '../server/status.js'
import type { Check } from './check.js'

/** The interval before the next check of `server`, in microseconds. */
export const checkInterval = (server: Server, check: Check): Micros =>
  check.interval(server.nextState === ServerState.STOPPED)

/** `interval`, longer or shorter by up to the percentage of `spread-checks`. */
export const spread = (proxy: Proxy, interval: Micros): Micros => {
  const percent = proxy.process.configuration.global.spreadChecks
  if (percent === 0) return interval
  const range = Math.floor((interval * percent) / 100)
  return interval + range - Math.floor(2 * range * proxy.process.checkRandom.float())
}
