/** Ages in statistics, in whole seconds. */
import { SECOND, type Micros } from '../../engine/clock.js'
import type { ProcessContext } from '../context.js'

const seconds = (time: Micros): number => Math.floor(time / SECOND)

/** Seconds since `then`. */
export const age = (process: ProcessContext, then: Micros): number => seconds(process.clock.now) - seconds(then)

/** When the clock of HAProxy wraps around that counts milliseconds in 32 bits (`BOOT_TIME_WRAP_SEC`). */
const WRAP_AFTER_START = 20 * SECOND

/** The 0 of HAProxy's clock, to which `clear counters all` resets the time of the last change. */
export const clockOrigin = ({ startedAt }: ProcessContext): Micros =>
  startedAt + WRAP_AFTER_START - Math.floor(2 ** 32 / 1000) * SECOND

/** Seconds since the last change of state, as statistics show them; 0 if it was reset. */
export const ageOfChange = (process: ProcessContext, lastChange: Micros): number =>
  lastChange === clockOrigin(process) ? 0 : age(process, lastChange)

/**
 * The total downtime in seconds: `former`, and the time since `since` if it is down now.
 * (`srv_downtime` in src/server.c, `be_downtime` in src/backend.c)
 */
export const downtime = (process: ProcessContext, former: Micros, since: Micros, isDown: boolean): number =>
  seconds(former) + (isDown ? age(process, since) : 0)
