/**
 * Soft stop (`soft_stop`, `do_soft_stop_now` and `hard_stop` in src/proxy.c): once the delay of `grace` has passed, the process
 * stops listening and checking; connections that outlast `hard-stop-after` are closed.
 */
import { MILLISECOND, SECOND, type Micros } from '../engine/clock.js'
import { LOG_NOTICE, LOG_WARNING } from './logs/logger.js'
import type { ProcessContext } from './context.js'
import type { Proxy } from './proxy/proxy.js'
import { stopProxies } from './proxy/control.js'

/** How long after the hard stop the process waits for what is left. */
const HARD_STOP_MARGIN = SECOND

/** A process that can be stopped softly. */
export interface StoppableProcess extends ProcessContext {
  readonly proxies: readonly Proxy[]
  readonly runtime: { readonly clients: { readonly size: number } }
  isStopping: boolean
  isDraining: boolean
  drain(): void
  closeConnections(): void
  stop(): void
}

/** Begins it. The caller stops the process once it is draining and no connection is left. */
export const softStop = (process: StoppableProcess): void => {
  const { graceDelay } = process.configuration.global
  process.isStopping = true
  if (graceDelay === 0) return stopNow(process)
  report(process, 'notice', LOG_WARNING, `Scheduling a soft-stop in ${graceDelay / MILLISECOND} ms.`)
  after(process, graceDelay, () => {
    report(process, 'notice', LOG_NOTICE, 'Grace period expired, proceeding with soft-stop now.')
    stopNow(process)
  })
}

const stopNow = (process: StoppableProcess): void => {
  const { hardStopAfter } = process.configuration.global
  if (hardStopAfter > 0) after(process, hardStopAfter, () => hardStop(process))
  process.isDraining = true
  stopProxies(process.proxies)
  process.drain()
}

const hardStop = (process: StoppableProcess): void => {
  report(process, 'warning', LOG_WARNING, 'soft-stop running for too long, performing a hard-stop.')
  const clients = process.runtime.clients.size
  if (clients > 0)
    process.logger.message('warning', `Proxy GLOBAL hard-stopped (${clients} remaining conns will be closed).`)
  for (const { name, frontendSessions } of process.proxies)
    if (frontendSessions > 0)
      report(
        process,
        'warning',
        LOG_WARNING,
        `Proxy ${name} hard-stopped (${frontendSessions} remaining conns will be closed).`,
      )
  process.closeConnections()
  after(process, HARD_STOP_MARGIN, () => {
    report(process, 'warning', LOG_WARNING, 'Some tasks resisted to hard-stop, exiting now.')
    process.stop()
  })
}

const report = (process: StoppableProcess, severity: 'notice' | 'warning', level: number, text: string): void => {
  process.logger.message(severity, text)
  process.logger.send(undefined, level, text)
}

const after = (process: StoppableProcess, delay: Micros, run: () => void): void => {
  const task = process.threads.spawn({ name: 'soft stop', run })
  task.wakeAt(process.clock.now + delay)
}
