/**
 * What an administrative change does to a server and what HAProxy says of it: maintenance and drain, entered and left,
 * forced and inherited (`_srv_update_status_adm` in src/server.c).
 */
import { countUsable } from '../proxy/backend.js'
import { applyInitState, hasInitState } from './init-state.js'
import { LOG_ALERT, LOG_NOTICE } from '../logs/logger.js'
import { nameInNews, serversLeft, via } from './state-report.js'
import { recalculateWeight, startWarmup } from './state.js'
import { ServerAdmin, ServerState, type Server } from './server.js'

const { MAINT, FMAINT, IMAINT, RMAINT, DRAIN, FDRAIN } = ServerAdmin

/** @param cause in words, empty when somebody asked for the change */
export const administrativeNews = (server: Server, cause: string): void => {
  const wasMaint = (server.admin & MAINT) !== 0
  const willBeMaint = (server.nextAdmin & MAINT) !== 0
  const why = cause === '' ? '' : ` (${cause})`
  if (!wasMaint && willBeMaint) enterMaintenance(server, why)
  else if (wasMaint && !willBeMaint) leaveMaintenance(server)
  else if (willBeMaint) remainInMaintenance(server)
  if (!willBeMaint) changeDrain(server, why)
}

const tell = (server: Server, text: string, level: number = LOG_NOTICE): void =>
  server.proxy.process.logger.warn(server.proxy, level, `${nameInNews(server)} ${text}.`)

const tellUnlessStarting = (server: Server, text: string, level: number = LOG_NOTICE): void => {
  if (!server.proxy.process.starting) tell(server, text, level)
}

const viaUnless = (server: Server, flag: number): string => (server.nextAdmin & flag ? '' : via(server))

const enterMaintenance = (server: Server, why: string): void => {
  const wasStopping = server.state === ServerState.STOPPING || (server.admin & DRAIN) !== 0
  server.check?.pause()
  if (server.state === ServerState.STOPPED) {
    tellUnlessStarting(server, `was DOWN and now enters maintenance${why}${viaUnless(server, FMAINT)}`)
    return
  }
  server.health = 0
  server.nextState = ServerState.STOPPED
  countUsable(server)
  tellUnlessStarting(
    server,
    `is going DOWN for maintenance${why}${viaUnless(server, FMAINT)}${serversLeft(server)}`,
    wasStopping ? LOG_NOTICE : LOG_ALERT,
  )
}

const leaveMaintenance = (server: Server): void => {
  server.check?.resume()
  const isBelievedUp = (server.check?.believedUp ?? true) && (server.agent?.believedUp ?? true)
  if (hasInitState(server)) applyInitState(server)
  else if (server.track?.nextState !== ServerState.STOPPED && isBelievedUp) {
    if (server.track?.nextState === ServerState.STOPPING) server.nextState = ServerState.STOPPING
    else if (server.config.slowstart > 0) {
      server.nextState = ServerState.STARTING
      startWarmup(server)
    } else server.nextState = ServerState.RUNNING
  }
  const state = server.nextState === ServerState.STOPPED ? 'DOWN' : 'UP'
  const ready = server.nextAdmin & DRAIN ? 'DRAIN' : 'READY'
  const left = server.admin & ~server.nextAdmin
  if (left & IMAINT) tell(server, `is ${state}/${ready} (leaving maintenance)`)
  else if (left & RMAINT) tell(server, `('${server.hostname ?? ''}') is ${state}/${ready} (resolves again)`)
  else if (left & FMAINT) tell(server, `is ${state}/${ready} (leaving forced maintenance)`)
  recalculateWeight(server, false)
  countUsable(server)
}

const remainInMaintenance = (server: Server): void => {
  const left = server.admin & ~server.nextAdmin
  if (left & FMAINT) tell(server, `is leaving forced maintenance but remains in maintenance${via(server)}`)
  if (left & RMAINT)
    tell(server, `('${server.hostname ?? ''}') resolves again but remains in maintenance${via(server)}`)
  else if (left & IMAINT) tell(server, 'remains in forced maintenance')
}

const changeDrain = (server: Server, why: string): void => {
  const wasDrain = (server.admin & DRAIN) !== 0
  const willDrain = (server.nextAdmin & DRAIN) !== 0
  if (!wasDrain && willDrain) {
    countUsable(server)
    const text = `enters drain state${why}${viaUnless(server, FDRAIN)}${serversLeft(server)}`
    tellUnlessStarting(server, text)
    const { process } = server.proxy
    if (!process.starting) process.mailer?.send(server, LOG_NOTICE, `${nameInNews(server)} ${text}`)
  } else if (wasDrain && !willDrain) {
    recalculateWeight(server, false)
    const state = server.nextState === ServerState.STOPPED ? 'DOWN' : 'UP'
    if (server.admin & FDRAIN) tell(server, `is ${state} (leaving forced drain)`)
    else tell(server, `is ${state} (leaving drain)${via(server)}`)
    countUsable(server)
  } else if (willDrain) {
    if (server.nextAdmin & FDRAIN) tell(server, 'remains in forced drain mode')
    else tell(server, `remains in drain mode${via(server)}`)
  }
}
