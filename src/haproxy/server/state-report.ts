/** What HAProxy says when the operational state of a server changes (`_srv_update_status_op` in src/server.c). */
import type { Check } from '../checks/check.js'
import { LOG_ALERT, LOG_NOTICE } from '../logs/logger.js'
import { ServerAdmin, ServerState, type Server } from './server.js'

/** Why an operational state changed (`enum srv_op_st_chg_cause`). */
export type OperationalCause = 'none' | 'health' | 'agent' | 'cli' | 'lua' | 'web' | 'statefile'

const CAUSES: Readonly<Record<OperationalCause, string>> = {
  none: '',
  health: '',
  agent: '',
  cli: 'changed from CLI',
  lua: 'changed from Lua script',
  web: 'changed from Web interface',
  statefile: 'changed from server-state after a reload',
}

/** The cause in words; empty for checks, whose result says it. */
export const causeText = (cause: OperationalCause): string => CAUSES[cause]

export const operationalNews = (server: Server, cause: OperationalCause): void => {
  const { state, nextState } = server
  const wasStopping = state === ServerState.STOPPING || (server.admin & ServerAdmin.DRAIN) !== 0
  if (state !== ServerState.STOPPED && nextState === ServerState.STOPPED)
    tell(server, 'is DOWN', cause, wasStopping ? LOG_NOTICE : LOG_ALERT)
  else if (state !== ServerState.STOPPING && nextState === ServerState.STOPPING)
    tell(server, 'is stopping', cause, LOG_NOTICE)
  else if (
    (state !== ServerState.RUNNING && nextState === ServerState.RUNNING) ||
    (state !== ServerState.STARTING && nextState === ServerState.STARTING)
  )
    tell(server, 'is UP', cause, LOG_NOTICE)
}

const tell = (server: Server, what: string, cause: OperationalCause, level: number): void => {
  const check = causingCheck(server, cause)
  const reason = check ? check.description() : causeText(cause) === '' ? '' : `, ${causeText(cause)}`
  const text = `${nameInNews(server)} ${what}${reason}${via(server)}${serversLeft(server)}`
  const { logger, mailer } = server.proxy.process
  logger.warn(server.proxy, level, `${text}.`)
  if (what !== 'is stopping') mailer?.send(server, level, text)
}

/** The check whose result is the cause. */
export const causingCheck = (server: Server, cause: OperationalCause): Check | undefined =>
  cause === 'health' ? server.check : cause === 'agent' ? server.agent : undefined

/** `Server be1/srv1`, `Backup Server be1/srv2` */
export const nameInNews = (server: Server): string => `${server.backup ? 'Backup ' : ''}Server ${server.path}`

/** ` via be1/srv1` for a server that tracks that one. */
export const via = (server: Server): string => (server.track ? ` via ${server.track.path}` : '')

/** `. 1 active and 0 backup servers left. …`: what is left after the change (`srv_append_more`). */
export const serversLeft = (server: Server): string => {
  const { activeServers, backupServers } = server.proxy
  const counts = `. ${activeServers} active and ${backupServers} backup servers`
  const onBackup = backupServers > 0 && activeServers === 0 ? ' Running on backup.' : ''
  return server.nextState === ServerState.STOPPED
    ? `${counts} left.${onBackup} ${server.currentSessions} sessions active, 0 requeued, ${server.pendingConnections} remaining in queue`
    : `${counts} online.${onBackup} 0 sessions requeued, ${server.pendingConnections} total in queue`
}
