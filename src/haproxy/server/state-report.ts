/**
 * What is reported of servers: changes of their states (`_srv_update_status_op` and `_srv_update_status_adm` in src/server.c) and
 * results of their checks (`set_server_check_status` in src/check.c). Reports go to the terminal and to the log; some are mailed.
 */
import type { Check } from '../checks/check.js'
import { LOG_ALERT, LOG_NOTICE } from '../logs/logger.js'
import type { ServerObserver } from './observers.js'
import type { Server } from './server.js'
import { ServerAdmin, ServerState } from './status.js'
import { causeText, type AdministrativeTransition, type OperationalTransition, type Transition } from './transition.js'

const { MAINT, FMAINT, IMAINT, RMAINT, DRAIN, FDRAIN } = ServerAdmin

/**
 * Takes one line of a report.
 * @param level of the log, 0 … 7
 * @param text without the full stop at its end
 * @param mailed whether the built-in mailer sends it
 */
export type ReportSink = (server: Server, level: number, text: string, mailed: boolean) => void

/** Reports a change, line by line; most changes of weights have no lines. */
export const reportChange = (server: Server, transition: Transition, sink: ReportSink): void => {
  if (transition.kind === 'operational') reportOperational(server, transition, sink)
  else reportAdministrative(server, transition, sink)
}

const reportOperational = (server: Server, transition: OperationalTransition, sink: ReportSink): void => {
  const { before, after } = transition
  if (before.state === after.state) return
  if (after.state === ServerState.STOPPED) {
    const level = wasStopping(transition) ? LOG_NOTICE : LOG_ALERT
    sink(server, level, operationalText(server, 'is DOWN', transition), true)
  } else if (after.state === ServerState.STOPPING)
    sink(server, LOG_NOTICE, operationalText(server, 'is stopping', transition), false)
  else sink(server, LOG_NOTICE, operationalText(server, 'is UP', transition), true)
}

const operationalText = (server: Server, what: string, transition: OperationalTransition): string => {
  const { check, cause } = transition
  const reason = check ? check.description() : causeText(cause) === '' ? '' : `, ${causeText(cause)}`
  return `${serverTitle(server)} ${what}${reason}${via(server)}${serversLeft(server, transition)}`
}

const wasStopping = ({ before }: Transition): boolean =>
  before.state === ServerState.STOPPING || (before.admin & DRAIN) !== 0

const reportAdministrative = (server: Server, transition: AdministrativeTransition, sink: ReportSink): void => {
  // the states that servers begin with are not reported
  const { starting } = server.proxy.process
  const add: Add = (text, { level = LOG_NOTICE, mailed = false } = {}) =>
    sink(server, level, `${serverTitle(server)} ${text}`, mailed)
  const wasMaint = (transition.before.admin & MAINT) !== 0
  const isMaint = (transition.after.admin & MAINT) !== 0
  if (!wasMaint && isMaint) {
    if (!starting) addEntered(server, transition, add)
  } else if (wasMaint && !isMaint) addLeft(server, transition, add)
  else if (isMaint) addRemaining(server, transition, add)
  if (!isMaint) addDrain(server, transition, starting, add)
}

type Add = (text: string, options?: { level?: number; mailed?: boolean }) => void

/** ` (DNS NX status) via be1/srv1`: the cause, and where a state that is not forced here comes from. */
const reasonText = (server: Server, { cause, after }: AdministrativeTransition, forced: number): string =>
  `${cause === '' ? '' : ` (${cause})`}${after.admin & forced ? '' : via(server)}`

const addEntered = (server: Server, transition: AdministrativeTransition, add: Add): void => {
  const reason = reasonText(server, transition, FMAINT)
  if (transition.before.state === ServerState.STOPPED) return add(`was DOWN and now enters maintenance${reason}`)
  const level = wasStopping(transition) ? LOG_NOTICE : LOG_ALERT
  add(`is going DOWN for maintenance${reason}${serversLeft(server, transition)}`, { level })
}

const addLeft = (server: Server, { before, after }: AdministrativeTransition, add: Add): void => {
  const state = `${upOrDown(after.state)}/${after.admin & DRAIN ? 'DRAIN' : 'READY'}`
  const left = before.admin & ~after.admin
  if (left & IMAINT) add(`is ${state} (leaving maintenance)`)
  else if (left & RMAINT) add(`('${server.hostname ?? ''}') is ${state} (resolves again)`)
  else if (left & FMAINT) add(`is ${state} (leaving forced maintenance)`)
}

const addRemaining = (server: Server, { before, after }: AdministrativeTransition, add: Add): void => {
  const left = before.admin & ~after.admin
  if (left & FMAINT) add(`is leaving forced maintenance but remains in maintenance${via(server)}`)
  if (left & RMAINT) add(`('${server.hostname ?? ''}') resolves again but remains in maintenance${via(server)}`)
  else if (left & IMAINT) add('remains in forced maintenance')
}

const addDrain = (server: Server, transition: AdministrativeTransition, starting: boolean, add: Add): void => {
  const { before, after } = transition
  const wasDrain = (before.admin & DRAIN) !== 0
  const isDrain = (after.admin & DRAIN) !== 0
  if (!wasDrain && isDrain) {
    if (starting) return
    const text = `enters drain state${reasonText(server, transition, FDRAIN)}${serversLeft(server, transition)}`
    add(text, { mailed: true })
  } else if (wasDrain && !isDrain) {
    const state = upOrDown(after.state)
    if (before.admin & FDRAIN) add(`is ${state} (leaving forced drain)`)
    else add(`is ${state} (leaving drain)${via(server)}`)
  } else if (isDrain) {
    if (after.admin & FDRAIN) add('remains in forced drain mode')
    else add(`remains in drain mode${via(server)}`)
  }
}

const upOrDown = (state: ServerState): string => (state === ServerState.STOPPED ? 'DOWN' : 'UP')

/** `Server be1/srv1`, `Backup Server be1/srv2` */
const serverTitle = (server: Server): string => `${server.backup ? 'Backup ' : ''}Server ${server.path}`

/** ` via be1/srv1` for a server that tracks that one. */
const via = (server: Server): string => (server.track ? ` via ${server.track.path}` : '')

/** `. 1 active and 0 backup servers left. …`: what is left after the change (`srv_append_more`). */
const serversLeft = (server: Server, { after, requeued }: Transition): string => {
  const { activeServers, backupServers } = server.proxy
  const { currentSessions, pendingConnections } = server.traffic
  const counts = `. ${activeServers} active and ${backupServers} backup servers`
  const onBackup = backupServers > 0 && activeServers === 0 ? ' Running on backup.' : ''
  return after.state === ServerState.STOPPED
    ? `${counts} left.${onBackup} ${currentSessions} sessions active, ${requeued} requeued, ${pendingConnections} remaining in queue`
    : `${counts} online.${onBackup} ${requeued} sessions requeued, ${pendingConnections} total in queue`
}

/** `Health check for server be1/srv1 failed, reason: …, status: 2/3 UP`, without a full stop. */
export const checkResultText = (server: Server, check: Check): string => {
  const { result, health, rise, fall } = check
  const outcome = result === 'CONDPASS' ? 'conditionally succeeded' : result === 'PASSED' ? 'succeeded' : 'failed'
  const status = check.up
    ? `${health - rise + 1}/${fall} ${server.weight > 0 ? 'UP' : 'DRAIN'}`
    : `${health}/${rise} DOWN`
  return `${check.isAgent ? 'Agent' : 'Health'} check for ${server.backup ? 'backup ' : ''}server ${server.path} ${outcome}${check.description()}, status: ${status}`
}

const logLine: ReportSink = (server, level, text) => server.proxy.process.logger.report(server.proxy, level, `${text}.`)

/** Writes reports to the terminal and to the log. */
export const stateReports: ServerObserver = {
  stateChanged: (server, transition) => reportChange(server, transition, logLine),
  checkCompleted: (server, check) => {
    if (server.proxy.config.options.has('log-health-checks'))
      logLine(server, LOG_NOTICE, checkResultText(server, check), false)
  },
}
