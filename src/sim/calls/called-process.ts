/** What calls use of their process. */
import type { Place } from '../../config/index.js'
import type { Task } from '../../engine/task.js'
import type { LogRecord, MessageRecord } from '../../haproxy/logs/logger.js'
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import type { Traffic } from '../../haproxy/traffic.js'
import type { Registrations } from '../../lua/calls/registrations.js'
import type { Duration } from '../duration.js'

export interface CalledProcess {
  readonly name: string
  readonly traffic: Traffic
  readonly proxyContext: Proxy['process']
  readonly registrations: Registrations
  readonly isRunning: boolean
  readonly logs: readonly LogRecord[]
  readonly messages: readonly MessageRecord[]
  /** whether a step is running */
  readonly isInStep: boolean
  /** where a task waits in a script */
  placeOf(task: Task): string | undefined
  runUntil(condition: () => boolean, limit: Duration): boolean
}

/** Rules of calls are in no file. */
export const NO_PLACE: Place = { file: 'hapsim', line: 0 }
