/** The statistics of frontends, backends and listeners (`stats_fill_fe_line`, `…_be_line`, `…_li_line` in src/stats-proxy.c). */
import type { Micros } from '../../engine/clock.js'
import { formatHostPort, isIp } from '../../net/address.js'
import type { Listener, ListenerOwner } from '../listeners/listener.js'
import { protocolOf } from '../listeners/protocol.js'
import type { Proxy } from '../proxy/proxy.js'
import { ServerState } from '../server/status.js'
import { ageOfChange, downtime } from './ages.js'
import { BACKEND_COUNTERS, FRONTEND_COUNTERS } from './columns.js'
import { strField, TAGS, u32Field, u64Field } from './field.js'
import { addCounters, addLastSession, addTimes, startRow, type StatRow } from './row.js'

export const frontendStats = (proxy: Proxy): StatRow => {
  const row = startRow('F', proxy, 'FRONTEND', 0)
  const { frontendCounters: counters, process, mode } = proxy
  addCounters(row, 'F', FRONTEND_COUNTERS, counters, { mode, now: process.clock.now })
  row.scur = u32Field(TAGS.gauge, proxy.frontendSessions)
  row.smax = u32Field(TAGS.max, counters.maxSessions)
  row.slim = u32Field(TAGS.limit, proxy.maxconn ?? process.limits.frontendMaxconn(proxy.config))
  row.status = strField(TAGS.status, proxy.config.disabled || proxy.stopped ? 'STOP' : proxy.paused ? 'PAUSED' : 'OPEN')
  row.rate_lim = u32Field(TAGS.limit, proxy.config.sessionRate)
  row.rate_max = u32Field(TAGS.max, counters.maxSessionRate)
  row.req_rate_max = u32Field(TAGS.max, counters.maxRequestRate)
  row.conn_rate_max = u32Field(TAGS.max, counters.maxConnectionRate)
  return row
}

/** The listener's counters are those of `option socket-stats`. */
export const listenerStats = (listener: Listener, proxy: ListenerOwner, now: Micros): StatRow => {
  const { address } = listener.config
  const { counters } = listener
  const row = startRow('L', proxy, listener.name, listener.id)
  addCounters(row, 'L', FRONTEND_COUNTERS, counters, { mode: proxy.mode, now })
  row.scur = u32Field(TAGS.gauge, listener.sessions)
  row.smax = u32Field(TAGS.max, counters.maxSessions)
  row.slim = u32Field(TAGS.limit, listener.config.maxconn)
  // regardless of the frontend's state
  row.status = strField(TAGS.status, 'OPEN')
  row.addr = strField(TAGS.setting, isIp(address) ? formatHostPort(address) : 'unix')
  row.proto = strField(TAGS.status, protocolOf(address))
  return row
}

/** @param withCounts whether the state includes the number of servers that are up (`show stat up` and `no-maint`) */
export const backendStats = (proxy: Proxy, withCounts = false): StatRow => {
  const row = startRow('B', proxy, 'BACKEND', 0)
  const { process, servers, mode, backendCounters: counters } = proxy
  const total = totals(proxy)
  const isUp = total.weight > 0 || servers.length === 0
  const up = servers.filter((server) => server.state !== ServerState.STOPPED).length
  addCounters(row, 'B', BACKEND_COUNTERS, counters, { mode, now: process.clock.now })
  row.qcur = u32Field(TAGS.gauge, proxy.pendingConnections)
  row.qmax = u32Field(TAGS.max, counters.maxPending)
  row.scur = u32Field(TAGS.gauge, proxy.backendSessions)
  row.smax = u32Field(TAGS.max, counters.maxSessions)
  row.rate_max = u32Field(TAGS.gauge, counters.maxSessionRate)
  addTimes(row, counters, mode)
  addLastSession(row, counters, process)
  // HAProxy 3.2 computes these for Prometheus only
  row.agg_server_status = row.agg_server_check_status = row.agg_check_status = u32Field(TAGS.gauge, 0)
  row.slim = u32Field(TAGS.limit, proxy.process.limits.fullconn(proxy.config))
  row.status = strField(TAGS.status, `${isUp ? 'UP' : 'DOWN'}${withCounts ? ` (${up}/${servers.length})` : ''}`)
  row.weight = u32Field(TAGS.average, total.weight)
  row.uweight = u32Field(TAGS.average, total.userWeight)
  row.act = u32Field(TAGS.gauge, proxy.activeServers)
  row.bck = u32Field(TAGS.gauge, proxy.backupServers)
  row.chkdown = u64Field(TAGS.counter, counters.downTransitions)
  row.lastchg = u32Field(TAGS.age, ageOfChange(process, proxy.lastChange))
  if (servers.length > 0)
    row.downtime = u32Field(TAGS.counter, downtime(process, proxy.downTime, proxy.lastChange, total.weight === 0))
  row.algo = strField(TAGS.setting, algorithmText(proxy))
  return row
}

/** Weights of the servers in use: the active ones, or backup ones if no active one is usable. */
const totals = (proxy: Proxy): { readonly weight: number; readonly userWeight: number } => {
  const { activeServers, servers } = proxy
  const candidates = servers.filter((each) => each.counted && each.backup === (activeServers === 0))
  const inUse = activeServers === 0 && !proxy.config.options.has('allbackups') ? candidates.slice(0, 1) : candidates
  const effective = inUse.reduce((sum, each) => sum + each.effectiveWeight, 0)
  return {
    weight: Math.ceil(effective / proxy.weightScale),
    userWeight: inUse.reduce((sum, each) => sum + each.weight, 0),
  }
}

/** Algorithms that `backend_lb_algo_str` has no name for. */
const UNNAMED: ReadonlySet<string> = new Set(['random', 'sticky', 'log-hash'])

/** The algorithm in statistics (`backend_lb_algo_str`). */
const algorithmText = ({ config }: Proxy): string => {
  const algorithm = config.balance?.algorithm ?? 'none'
  return UNNAMED.has(algorithm) ? 'unknown' : algorithm
}
