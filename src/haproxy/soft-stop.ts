/**
 * Stopping softly (`soft_stop`, `do_soft_stop_now` and `hard_stop` in src/proxy.c): after the time of `grace` it listens and
 * checks no more, and what goes on longer than `hard-stop-after` allows is ended.
 */
import { MILLISECOND, SECOND, type Micros } from '../engine/clock.js'
import { LOG_NOTICE, LOG_WARNING } from './logs/logger.js'
import type { HaproxyProcess } from './process.js'
import { stopProxies } from './proxy/control.js'

/** What is left this long after everything was ended is not waited for. */
const RESISTANCE = SECOND

/** Begins it. Who runs the process ends it once it is draining and no connection is left. */
export const softStop = (process: HaproxyProcess): void => {
  const { graceDelay } = process.configuration.global
  process.isStopping = true
  if (graceDelay === 0) return stopNow(process)
  tell(process, 'notice', LOG_WARNING, `Scheduling a soft-stop in ${graceDelay / MILLISECOND} ms.`)
  later(process, graceDelay, () => {
    tell(process, 'notice', LOG_NOTICE, 'Grace period expired, proceeding with soft-stop now.')
    stopNow(process)
  })
}

const stopNow = (process: HaproxyProcess): void => {
  const { hardStopAfter } = process.configuration.global
  if (hardStopAfter > 0) later(process, hardStopAfter, () => hardStop(process))
  process.isDraining = true
  stopProxies(process.proxies)
  process.suspendChecks()
  process.runtime.stopListening()
}

const hardStop = (process: HaproxyProcess): void => {
  tell(process, 'warning', LOG_WARNING, 'soft-stop running for too long, performing a hard-stop.')
  const clients = process.runtime.clients.size
  if (clients > 0)
    process.logger.say('warning', `Proxy GLOBAL hard-stopped (${clients} remaining conns will be closed).`)
  process.closeConnections()
  later(process, RESISTANCE, () => {
    tell(process, 'warning', LOG_WARNING, 'Some tasks resisted to hard-stop, exiting now.')
    process.stop()
  })
}

const tell = (process: HaproxyProcess, severity: 'notice' | 'warning', level: number, text: string): void => {
  process.logger.say(severity, text)
  process.logger.send(undefined, level, text)
}

const later = (process: HaproxyProcess, delay: Micros, run: () => void): void => {
  const task = process.threads.spawn({ name: 'soft stop', run })
  task.wakeAt(process.clock.now + delay)
}
