/** Ages in statistics, in whole seconds. */
import { SECOND, type Micros } from '../../engine/clock.js'
import type { ProcessContext } from '../context.js'

const seconds = (time: Micros): number => Math.floor(time / SECOND)

/** Seconds since `then`. */
export const age = (process: ProcessContext, then: Micros): number => seconds(process.clock.now) - seconds(then)

/**
 * The total downtime in seconds: `former`, and the time since `since` if it is down now.
 * (`srv_downtime` in src/server.c, `be_downtime` in src/backend.c)
 */
export const downtime = (process: ProcessContext, former: Micros, since: Micros, isDown: boolean): number =>
  seconds(former) + (isDown ? age(process, since) : 0)
