/** The statistics of servers (`stats_fill_sv_line` in src/stats-proxy.c). */
import { formatHostPort, isIp } from '../../net/address.js'
import type { Server } from '../server/server.js'
import { ServerAdmin, ServerState } from '../server/status.js'
import { visibleWeight } from '../server/weight.js'
import { ageOfChange, downtime } from './ages.js'
import { BACKEND_COUNTERS } from './columns.js'
import { strField, TAGS, u32Field, u64Field } from './field.js'
import { addCounters, addLastSession, addTimes, startRow, type StatRow } from './row.js'

const HAS_FINISHED = 3

export const serverStats = (server: Server): StatRow => {
  const row = startRow('S', server.proxy, server.name, server.puid)
  const { process, mode } = server.proxy
  const { counters, traffic } = server
  addCounters(row, 'S', BACKEND_COUNTERS, counters, { mode, now: process.clock.now })
  row.qcur = u32Field(TAGS.gauge, traffic.pendingConnections)
  row.qmax = u32Field(TAGS.max, counters.maxPending)
  row.scur = u32Field(TAGS.gauge, traffic.currentSessions)
  row.smax = u32Field(TAGS.max, counters.maxSessions)
  row.rate_max = u32Field(TAGS.max, counters.maxSessionRate)
  addTimes(row, counters, mode)
  addLastSession(row, counters, process)
  row.srv_icur = u32Field(TAGS.gauge, traffic.idleConnections + traffic.safeIdleConnections)
  row.idle_conn_cur = u32Field(TAGS.gauge, traffic.idleConnections)
  row.safe_conn_cur = u32Field(TAGS.gauge, traffic.safeIdleConnections)
  row.used_conn_cur = u32Field(TAGS.gauge, traffic.usedConnections)
  if (server.maxconn > 0) row.slim = u32Field(TAGS.limit, server.maxconn)
  if (server.config.maxqueue > 0) row.qlimit = u32Field(TAGS.setting, server.config.maxqueue)
  row.status = strField(TAGS.status, serverStatus(server))
  row.weight = u32Field(TAGS.average, visibleWeight(server))
  row.uweight = u32Field(TAGS.average, server.weight)
  row.act = u32Field(TAGS.status, server.backup ? 0 : 1)
  row.bck = u32Field(TAGS.status, server.backup ? 1 : 0)
  row.lastchg = u32Field(TAGS.age, ageOfChange(process, server.lastChange))
  row.srid = u32Field(TAGS.counter, server.rid)
  const ofChecks = server.check && server.check.status.number >= HAS_FINISHED ? 1 : 0
  row.need_conn_est = u32Field(TAGS.gauge, Math.max(ofChecks, traffic.neededConnections))
  if (server.state === ServerState.STARTING && !server.draining) row.throttle = u32Field(TAGS.average, throttle(server))
  if (server.track) row.tracked = strField(TAGS.settingName, server.track.path)
  if (server.config.cookie !== undefined) row.cookie = strField(TAGS.settingName, server.config.cookie)
  if (server.hasAddress)
    row.addr = strField(TAGS.setting, isIp(server.address) ? formatHostPort(server.address) : 'unix')
  if (followTracking(server).config.observe !== 'none')
    row.hanafail = u64Field(TAGS.counter, counters.failedHealthAnalyses)
  addCheck(row, server)
  addAgent(row, server)
  return row
}

/** Adds the columns of the health check; few while it is disabled or paused. */
const addCheck = (row: StatRow, server: Server): void => {
  const { check, counters } = server
  if (!check?.enabled) return
  row.chkfail = u64Field(TAGS.counter, counters.failedChecks)
  row.chkdown = u64Field(TAGS.counter, counters.downTransitions)
  const isDown = server.state === ServerState.STOPPED
  row.downtime = u32Field(TAGS.counter, downtime(server.proxy.process, server.downTime, server.lastChange, isDown))
  if (check.paused) return
  const { status } = check
  const underWay = check.startedAt === undefined ? '' : '* '
  row.check_status = strField(TAGS.output, underWay + status.short)
  if (status.hasCode) row.check_code = u32Field(TAGS.output, check.code >>> 0)
  if (status.number >= HAS_FINISHED) row.check_duration = u64Field(TAGS.duration, Math.max(check.duration, 0))
  row.check_desc = strField(TAGS.output, status.description)
  row.last_chk = strField(TAGS.output, check.infoText)
  const { check: reference } = followTracking(server)
  row.check_rise = u32Field(TAGS.setting, (reference ?? check).rise)
  row.check_fall = u32Field(TAGS.setting, (reference ?? check).fall)
  row.check_health = u32Field(TAGS.setting, (reference ?? check).health)
}

/** Adds the columns of the agent check. */
const addAgent = (row: StatRow, { agent }: Server): void => {
  if (!agent?.enabled) return
  const { status } = agent
  row.agent_status = strField(TAGS.output, (agent.startedAt === undefined ? '' : '* ') + status.short)
  if (status.hasCode) row.agent_code = u32Field(TAGS.output, agent.code >>> 0)
  row.agent_duration = u64Field(TAGS.duration, agent.duration)
  row.agent_desc = strField(TAGS.output, status.description)
  row.last_agt = strField(TAGS.output, agent.infoText)
  row.agent_rise = u32Field(TAGS.setting, agent.rise)
  row.agent_fall = u32Field(TAGS.setting, agent.fall)
  row.agent_health = u32Field(TAGS.setting, agent.health)
}

/** The server whose checks apply to this one: the end of the chain of tracked servers. */
const followTracking = (server: Server): Server => {
  let last = server
  while (last.track) last = last.track
  return last
}

/** The state as text: `UP`, `DOWN 1/2`, `MAINT (via be1/srv1)` … (`stats_fill_sv_computestate`) */
export const serverStatus = (server: Server): string => {
  const { admin } = server
  if (admin & ServerAdmin.RMAINT) return 'MAINT (resolution)'
  if (admin & ServerAdmin.IMAINT) return `MAINT (via ${(server.track ?? server).path})`
  if (admin & ServerAdmin.MAINT) return 'MAINT'
  const reference = followTracking(server)
  const check = reference.check?.enabled ? reference.check : undefined
  const agent = reference.agent?.enabled ? reference.agent : undefined
  const { RUNNING, STARTING, STOPPING } = ServerState
  if (server.state === RUNNING || server.state === STARTING) {
    const wavers = check !== undefined && !check.fullyUp
    if (admin & ServerAdmin.DRAIN) return agent ? 'DRAIN (agent)' : wavers ? `DRAIN${levelText(reference)}` : 'DRAIN'
    if (wavers) return `UP${levelText(reference)}`
    return check ? 'UP' : 'no check'
  }
  if (server.state === STOPPING) {
    const isChecked = server.track !== undefined || server.check?.enabled === true
    return !isChecked || (reference.check?.fullyUp ?? true) ? 'NOLB' : `NOLB${levelText(reference)}`
  }
  if (agent?.health === 0) return 'DOWN (agent)'
  if (check?.health === 0 || (!check && !agent)) return 'DOWN'
  return `DOWN${levelText(reference)}`
}

/** ` 1/3`: progress towards the other state, by the check that determines it. */
const levelText = ({ state, health, config }: Server): string => {
  const { rise, fall } = config.check
  return state === ServerState.STOPPED ? ` ${health}/${rise}` : ` ${health - rise + 1}/${fall}`
}

/** The percentage of its weight during slowstart (`server_throttle_rate`). */
const throttle = (server: Server): number => {
  if (server.weight === 0) return 100
  const { weightScale } = server.proxy
  return Math.floor((100 * server.effectiveWeight + weightScale - 1) / (weightScale * server.weight))
}
