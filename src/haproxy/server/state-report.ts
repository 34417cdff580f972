/**
 * What is reported of servers: changes of their states (`_srv_update_status_op` and `_srv_update_status_adm` in src/server.c) and
 * results of their checks (`set_server_check_status` in src/check.c). Reports go to the terminal and to the log; some are mailed.
 */
import type { Check } from '../checks/check.js'
import { LOG_ALERT, LOG_NOTICE } from '../logs/logger.js'
import type { Server, ServerObserver } from './server.js'
import { ServerAdmin, ServerState } from './status.js'
import { causeText, type AdministrativeChange, type OperationalChange, type Transition } from './transition.js'

const { MAINT, FMAINT, IMAINT, RMAINT, DRAIN, FDRAIN } = ServerAdmin

/** One line of a report. */
export interface ReportLine {
  /** of the log, 0 … 7 */
  readonly level: number
  /** without the full stop at its end */
  readonly text: string
  /** whether the built-in mailer sends it */
  readonly mailed: boolean
}

type Moved = Pick<Transition, 'requeued'>

/** The lines that report a change, in order; empty for most changes of weights. */
export const reportLines = (server: Server, transition: Transition): readonly ReportLine[] =>
  transition.kind === 'operational'
    ? operationalLines(server, transition)
    : administrativeLines(server, transition, server.proxy.process.starting)

const operationalLines = (server: Server, transition: OperationalChange & Moved): readonly ReportLine[] => {
  const { before, after } = transition
  if (before.state === after.state) return []
  const line = (what: string, level: number, mailed: boolean): readonly ReportLine[] => [
    { level, mailed, text: operationalText(server, what, transition) },
  ]
  if (after.state === ServerState.STOPPED)
    return line('is DOWN', wasStopping(transition) ? LOG_NOTICE : LOG_ALERT, true)
  return after.state === ServerState.STOPPING ? line('is stopping', LOG_NOTICE, false) : line('is UP', LOG_NOTICE, true)
}

const operationalText = (server: Server, what: string, transition: OperationalChange & Moved): string => {
  const { check, cause } = transition
  const reason = check ? check.description() : causeText(cause) === '' ? '' : `, ${causeText(cause)}`
  return `${serverTitle(server)} ${what}${reason}${via(server)}${serversLeft(server, transition)}`
}

const wasStopping = ({ before }: Transition | (OperationalChange & Moved)): boolean =>
  before.state === ServerState.STOPPING || (before.admin & DRAIN) !== 0

/** @param starting the process is being started: what servers begin with is not reported */
const administrativeLines = (
  server: Server,
  transition: AdministrativeChange & Moved,
  starting: boolean,
): readonly ReportLine[] => {
  const lines: ReportLine[] = []
  const add = (text: string, { level = LOG_NOTICE, mailed = false } = {}): void =>
    void lines.push({ level, mailed, text: `${serverTitle(server)} ${text}` })
  const wasMaint = (transition.before.admin & MAINT) !== 0
  const isMaint = (transition.after.admin & MAINT) !== 0
  if (!wasMaint && isMaint) {
    if (!starting) addEntered(server, transition, add)
  } else if (wasMaint && !isMaint) addLeft(server, transition, add)
  else if (isMaint) addRemaining(server, transition, add)
  if (!isMaint) addDrain(server, transition, starting, add)
  return lines
}

type Add = (text: string, options?: { level?: number; mailed?: boolean }) => void

/** ` (DNS NX status) via be1/srv1`: the cause, and where a state that is not forced here comes from. */
const reasonText = (server: Server, { cause, after }: AdministrativeChange, forced: number): string =>
  `${cause === '' ? '' : ` (${cause})`}${after.admin & forced ? '' : via(server)}`

const addEntered = (server: Server, transition: AdministrativeChange & Moved, add: Add): void => {
  const reason = reasonText(server, transition, FMAINT)
  if (transition.before.state === ServerState.STOPPED) return add(`was DOWN and now enters maintenance${reason}`)
  const level = wasStopping(transition) ? LOG_NOTICE : LOG_ALERT
  add(`is going DOWN for maintenance${reason}${serversLeft(server, transition)}`, { level })
}

const addLeft = (server: Server, { before, after }: AdministrativeChange, add: Add): void => {
  const state = `${upOrDown(after.state)}/${after.admin & DRAIN ? 'DRAIN' : 'READY'}`
  const left = before.admin & ~after.admin
  if (left & IMAINT) add(`is ${state} (leaving maintenance)`)
  else if (left & RMAINT) add(`('${server.hostname ?? ''}') is ${state} (resolves again)`)
  else if (left & FMAINT) add(`is ${state} (leaving forced maintenance)`)
}

const addRemaining = (server: Server, { before, after }: AdministrativeChange, add: Add): void => {
  const left = before.admin & ~after.admin
  if (left & FMAINT) add(`is leaving forced maintenance but remains in maintenance${via(server)}`)
  if (left & RMAINT) add(`('${server.hostname ?? ''}') resolves again but remains in maintenance${via(server)}`)
  else if (left & IMAINT) add('remains in forced maintenance')
}

const addDrain = (server: Server, transition: AdministrativeChange & Moved, starting: boolean, add: Add): void => {
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
const serversLeft = (server: Server, { after, requeued }: Transition | (AdministrativeChange & Moved)): string => {
  const { activeServers, backupServers } = server.proxy
  const { currentSessions, pendingConnections } = server.traffic
  const counts = `. ${activeServers} active and ${backupServers} backup servers`
  const onBackup = backupServers > 0 && activeServers === 0 ? ' Running on backup.' : ''
  return after.state === ServerState.STOPPED
    ? `${counts} left.${onBackup} ${currentSessions} sessions active, ${requeued} requeued, ${pendingConnections} remaining in queue`
    : `${counts} online.${onBackup} ${requeued} sessions requeued, ${pendingConnections} total in queue`
}

/** `Health check for server be1/srv1 failed, reason: …, status: 2/3 UP`, without a full stop. */
export const checkText = (server: Server, check: Check): string => {
  const { result, health, rise, fall } = check
  const outcome = result === 'CONDPASS' ? 'conditionally succeeded' : result === 'PASSED' ? 'succeeded' : 'failed'
  const status = check.up
    ? `${health - rise + 1}/${fall} ${server.weight > 0 ? 'UP' : 'DRAIN'}`
    : `${health}/${rise} DOWN`
  return `${check.isAgent ? 'Agent' : 'Health'} check for ${server.backup ? 'backup ' : ''}server ${server.path} ${outcome}${check.description()}, status: ${status}`
}

/** Writes reports to the terminal and to the log. */
export const stateReports: ServerObserver = {
  stateChanged: (server, transition) => {
    const { logger } = server.proxy.process
    for (const { level, text } of reportLines(server, transition)) logger.report(server.proxy, level, `${text}.`)
  },
  checkCompleted: (server, check) => {
    if (server.proxy.config.logHealthChecks)
      server.proxy.process.logger.report(server.proxy, LOG_NOTICE, `${checkText(server, check)}.`)
  },
}
