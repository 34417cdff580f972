/** Parses and validates the fields of a line of a state file (`srv_state_srv_update` in src/server_state.c). */
import { strl2uic, strtol } from '../../bytes/integers.js'
import { RESULTS, statusNumbered, type CheckResult, type CheckStatus } from '../../config/checks/status.js'
import { ServerAdmin, type ServerState } from '../server/status.js'
import type { StateLine } from './file.js'

const { FMAINT, CMAINT, FDRAIN, IDRAIN, IMAINT, RMAINT, FQDN_CHANGED } = ServerAdmin

export interface SavedState {
  readonly state: ServerState
  /** without flags that are inherited or depend on name resolution */
  readonly admin: number
  /** an operator has changed the name */
  readonly fqdnChanged: boolean
  readonly weight: number
  readonly initialWeight: number
  /** seconds */
  readonly sinceLastChange: number
  readonly status: CheckStatus
  readonly result: CheckResult
  readonly health: number
  /** bits, as `show servers state` has them */
  readonly checkState: number
  readonly agentState: number
  readonly fqdn: string | undefined
  readonly port: number
  readonly srvRecord: string | undefined
  readonly line: StateLine
}

const ADMIN_STATES = new Set([0, FMAINT, CMAINT, CMAINT | FMAINT, CMAINT | FDRAIN, FDRAIN])
const CHECK_BITS = 0x1f
const GREATEST_WEIGHT = 256
const LONGEST_NAME = 255

/** The value of `strtol`; undefined without digits and for numbers beyond 2^53. */
const toNumber = (text: string): number | undefined => {
  const { value, rest } = strtol(text)
  return rest === text || !Number.isSafeInteger(value) ? undefined : value
}

/** Returns the values, or HAProxy's errors for invalid ones, each after `, `. */
export const readValues = (line: StateLine): SavedState | string => {
  const problems: string[] = []
  const reject = (name: string, text: string): void => void problems.push(`, invalid ${name} value '${text}'`)
  const number = (name: string, text: string, isGood: (value: number) => boolean = () => true): number => {
    const value = toNumber(text)
    if (value !== undefined && isGood(value)) return value
    reject(name, text)
    return 0
  }
  const within = (most: number) => (value: number) => value >= 0 && value <= most
  const bits = (value: number): boolean => (value & ~CHECK_BITS) === 0
  const inherited = IDRAIN | IMAINT | RMAINT | FQDN_CHANGED
  const state = number('srv_op_state', line.state, within(3))
  const admin = number('srv_admin_state', line.admin, (value) => ADMIN_STATES.has(value & ~inherited))
  const saved = {
    state: state as ServerState,
    admin: admin & ~inherited,
    fqdnChanged: (admin & FQDN_CHANGED) !== 0,
    weight: number('srv_uweight', line.weight, within(GREATEST_WEIGHT)),
    initialWeight: number('srv_iweight', line.initialWeight, within(GREATEST_WEIGHT)),
    sinceLastChange: number('srv_last_time_change', line.sinceLastChange),
    status: statusNumbered(
      number('srv_check_status', line.checkStatus, (value) => statusNumbered(value) !== undefined),
    )!,
    result: RESULTS[number('srv_check_result', line.checkResult, within(RESULTS.length - 1))]!,
    health: number('srv_check_health', line.checkHealth),
    checkState: number('srv_check_state', line.checkState, bits),
    agentState: number('srv_agent_state', line.agentState, bits),
  }
  number('bk_f_forced_id', line.backendIdForced, within(1))
  number('srv_f_forced_id', line.serverIdForced, within(1))
  const fqdn = line.fqdn.startsWith('-') ? undefined : line.fqdn
  if (fqdn !== undefined && (fqdn.length > LONGEST_NAME || /[^A-Za-z0-9_.-]/.test(fqdn))) reject('srv_fqdn', fqdn)
  const port = strl2uic(line.port)
  if (port > 65535) reject('srv_port', line.port)
  if (problems.length > 0) return problems.join('')
  return { ...saved, fqdn, port, srvRecord: line.srvRecord.startsWith('_') ? line.srvRecord : undefined, line }
}
