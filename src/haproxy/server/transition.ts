/** Changes of a server's state, as observers are given them (`srv_update_status` in src/server.c). */
import type { Check } from '../checks/check.js'
import type { ServerState } from './status.js'

/** Why an operational state changed (`enum srv_op_st_chg_cause`). */
export type OperationalCause = 'none' | 'health' | 'agent' | 'cli' | 'lua' | 'web' | 'statefile'

const CAUSE_TEXTS: Readonly<Record<OperationalCause, string>> = {
  none: '',
  health: '',
  agent: '',
  cli: 'changed from CLI',
  lua: 'changed from Lua script',
  web: 'changed from Web interface',
  statefile: 'changed from server-state after a reload',
}

/** The text of a cause; empty for checks, whose result explains the change (`srv_op_st_chg_cause`). */
export const causeText = (cause: OperationalCause): string => CAUSE_TEXTS[cause]

/** Why an administrative state changed; empty for a request of an operator or a script. */
export type AdministrativeCause = string

export interface ServerSnapshot {
  readonly state: ServerState
  /** bits of `ServerAdmin` */
  readonly admin: number
  /** usable servers of the backend, active and backup ones */
  readonly usableServers: number
}

interface ChangeBase {
  readonly before: ServerSnapshot
  readonly after: ServerSnapshot
}

export interface OperationalChange extends ChangeBase {
  readonly kind: 'operational'
  readonly cause: OperationalCause
  /** the check whose last result is the cause */
  readonly check: Check | undefined
}

export interface AdministrativeChange extends ChangeBase {
  readonly kind: 'administrative'
  readonly cause: AdministrativeCause
}

/** A change that has been committed and is not reported yet. Snapshots may be equal: then only the weight has changed, or nothing. */
export type ServerChange = OperationalChange | AdministrativeChange

/** What became of the server's traffic. */
interface TrafficChange {
  /** pending connections that were moved to other queues, or that the server took over */
  readonly requeued: number
}

/** A change with what became of the server's traffic. */
export type Transition = OperationalTransition | AdministrativeTransition
export interface OperationalTransition extends OperationalChange, TrafficChange {}
export interface AdministrativeTransition extends AdministrativeChange, TrafficChange {}
