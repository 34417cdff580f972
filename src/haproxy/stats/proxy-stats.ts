/** The statistics of frontends, backends and listeners (`stats_fill_fe_line`, `…_be_line`, `…_li_line` in src/stats-proxy.c). */
import { formatHostPort, isIp } from '../../net/address.js'
import type { Listener, ListenerOwner } from '../listeners/listener.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { ServerState } from '../server/status.js'
import { age, downtime } from './ages.js'
import { s32Field, strField, TAGS, u32Field, u64Field } from './field.js'
import { setAll, startRow, type StatRow } from './row.js'

export const frontendStats = (proxy: Proxy): StatRow => {
  const row = startRow('F', proxy, 'FRONTEND', 0)
  row.scur = u32Field(TAGS.gauge, 0)
  row.slim = u32Field(TAGS.limit, proxy.maxconn ?? proxy.process.limits.frontendMaxconn(proxy.config))
  row.status = strField(TAGS.status, proxy.config.disabled || proxy.stopped ? 'STOP' : proxy.paused ? 'PAUSED' : 'OPEN')
  row.rate_lim = u32Field(TAGS.limit, 0)
  setAll(row, u32Field(TAGS.max, 0), 'smax', 'rate_max', 'req_rate_max', 'conn_rate_max')
  return row
}

export const listenerStats = (listener: Listener, proxy: ListenerOwner): StatRow => {
  const { address } = listener.config
  const row = startRow('L', proxy, listener.name, listener.id)
  row.scur = u32Field(TAGS.gauge, 0)
  row.smax = u32Field(TAGS.max, 0)
  row.slim = u32Field(TAGS.limit, 0)
  // only `maxconn` of the line changes it, regardless of the frontend's state
  row.status = strField(TAGS.status, 'OPEN')
  row.addr = strField(TAGS.setting, isIp(address) ? formatHostPort(address) : 'unix')
  row.proto = strField(TAGS.status, isIp(address) ? (address.family === 'ipv4' ? 'tcpv4' : 'tcpv6') : 'unix_stream')
  return row
}

/** @param withCounts whether the state includes the number of servers that are up (`show stat up` and `no-maint`) */
export const backendStats = (proxy: Proxy, withCounts = false): StatRow => {
  const row = startRow('B', proxy, 'BACKEND', 0)
  const { process, servers } = proxy
  const total = totals(proxy)
  const isUp = total.weight > 0 || servers.length === 0
  const up = servers.filter((server) => server.state !== ServerState.STOPPED).length
  setAll(
    row,
    u32Field(TAGS.gauge, 0),
    'qcur',
    'scur',
    'agg_server_status',
    'agg_server_check_status',
    'agg_check_status',
  )
  setAll(row, u32Field(TAGS.max, 0), 'qmax', 'smax', 'qtime_max', 'ctime_max', 'rtime_max', 'ttime_max')
  setAll(row, u32Field(TAGS.average, 0), 'qtime', 'ctime', 'rtime', 'ttime')
  row.rate_max = u32Field(TAGS.gauge, 0)
  row.lastsess = s32Field(TAGS.age, -1)
  row.slim = u32Field(TAGS.limit, proxy.process.limits.fullconn(proxy.config))
  row.status = strField(TAGS.status, `${isUp ? 'UP' : 'DOWN'}${withCounts ? ` (${up}/${servers.length})` : ''}`)
  row.weight = u32Field(TAGS.average, total.weight)
  row.uweight = u32Field(TAGS.average, total.userWeight)
  row.act = u32Field(TAGS.gauge, proxy.activeServers)
  row.bck = u32Field(TAGS.gauge, proxy.backupServers)
  row.chkdown = u64Field(TAGS.counter, proxy.downTransitions)
  row.lastchg = u32Field(TAGS.age, age(process, proxy.lastChange))
  if (servers.length > 0)
    row.downtime = u32Field(TAGS.counter, downtime(process, proxy.downTime, proxy.lastChange, total.weight === 0))
  row.algo = strField(TAGS.setting, algorithmText(proxy))
  return row
}

/** A server's weight as statistics show it, without the scale that load balancing works with. */
export const visibleWeight = (server: Server): number => Math.ceil(server.effectiveWeight / server.proxy.weightScale)

/** Weights of the servers in use: the active ones, or backup ones if no active one is usable. */
const totals = (proxy: Proxy): { readonly weight: number; readonly userWeight: number } => {
  const { activeServers, servers } = proxy
  const candidates = servers.filter((each) => each.counted && each.backup === (activeServers === 0))
  const inUse = activeServers === 0 && !proxy.config.allbackups ? candidates.slice(0, 1) : candidates
  const effective = inUse.reduce((sum, each) => sum + each.effectiveWeight, 0)
  return {
    weight: Math.ceil(effective / proxy.weightScale),
    userWeight: inUse.reduce((sum, each) => sum + each.weight, 0),
  }
}

/** The algorithm as `backend_lb_algo_str` names it: it knows no word for `random`. */
const algorithmText = (proxy: Proxy): string => {
  const name = /^[^\s(]+/.exec(proxy.config.balance)?.[0] ?? 'roundrobin'
  return name === 'random' ? 'unknown' : name
}
