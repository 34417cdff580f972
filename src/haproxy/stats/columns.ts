/**
 * The columns of `show stat`, in their order, and the counters that columns show (`stat_cols_px` in src/stats-proxy.c). Tools rely on the
 * positions, so new columns only ever come last.
 */
import type { Micros } from '../../engine/clock.js'
import type { BackendCounters, FrontendCounters } from '../counters/proxy.js'

export const STAT_COLUMNS = [
  ...['pxname', 'svname', 'qcur', 'qmax', 'scur', 'smax', 'slim', 'stot', 'bin', 'bout', 'dreq', 'dresp', 'ereq'],
  ...[
    'econ',
    'eresp',
    'wretr',
    'wredis',
    'status',
    'weight',
    'act',
    'bck',
    'chkfail',
    'chkdown',
    'lastchg',
    'downtime',
  ],
  ...['qlimit', 'pid', 'iid', 'sid', 'throttle', 'lbtot', 'tracked', 'type', 'rate', 'rate_lim', 'rate_max'],
  ...['check_status', 'check_code', 'check_duration', 'hrsp_1xx', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx'],
  ...['hrsp_other', 'hanafail', 'req_rate', 'req_rate_max', 'req_tot', 'cli_abrt', 'srv_abrt', 'comp_in', 'comp_out'],
  ...['comp_byp', 'comp_rsp', 'lastsess', 'last_chk', 'last_agt', 'qtime', 'ctime', 'rtime', 'ttime', 'agent_status'],
  ...['agent_code', 'agent_duration', 'check_desc', 'agent_desc', 'check_rise', 'check_fall', 'check_health'],
  ...['agent_rise', 'agent_fall', 'agent_health', 'addr', 'cookie', 'mode', 'algo', 'conn_rate', 'conn_rate_max'],
  ...['conn_tot', 'intercepted', 'dcon', 'dses', 'wrew', 'connect', 'reuse', 'cache_lookups', 'cache_hits', 'srv_icur'],
  ...['src_ilim', 'qtime_max', 'ctime_max', 'rtime_max', 'ttime_max', 'eint', 'idle_conn_cur', 'safe_conn_cur'],
  ...['used_conn_cur', 'need_conn_est', 'uweight', 'agg_server_status', 'agg_server_check_status', 'agg_check_status'],
  ...['srid', 'sess_other', 'h1sess', 'h2sess', 'h3sess', 'req_other', 'h1req', 'h2req', 'h3req', 'proto'],
] as const

export type StatColumn = (typeof STAT_COLUMNS)[number]

/** The kind of object of a line: listener, frontend, backend or server. */
export type StatSide = 'L' | 'F' | 'B' | 'S'

/** A column that shows a counter. */
export interface CounterColumn<Counters> {
  readonly name: StatColumn
  /** the kinds of objects that have it */
  readonly sides: string
  /** frequencies have 32 bits, others 64 */
  readonly isRate?: true
  /** only in mode http */
  readonly httpOnly?: true
  readonly value: (counters: Counters, now: Micros) => number
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Responses are counted by the first digit of their status. */
const RESPONSES = ['hrsp_other', 'hrsp_1xx', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx'] as const

/** Compression of responses; compression of requests is not shown. */
const RESPONSE = 1

type Shared = FrontendCounters | BackendCounters

const SHARED: readonly CounterColumn<Shared>[] = [
  { name: 'stot', sides: 'LFBS', value: (c) => c.sessions },
  { name: 'bin', sides: 'LFBS', value: (c) => c.bytesIn },
  { name: 'bout', sides: 'LFBS', value: (c) => c.bytesOut },
  { name: 'dreq', sides: 'LFB', value: (c) => c.deniedRequests },
  { name: 'dresp', sides: 'LFBS', value: (c) => c.deniedResponses },
  { name: 'wrew', sides: 'LFBS', value: (c) => c.failedRewrites },
  { name: 'eint', sides: 'LFBS', value: (c) => c.internalErrors },
  { name: 'rate', sides: 'FBS', isRate: true, value: (c, now) => c.sessionRate.read(now) },
  ...RESPONSES.map((name, i): CounterColumn<Shared> => ({
    name,
    sides: 'FBS',
    httpOnly: true,
    value: (c) => c.responses[i]!,
  })),
  { name: 'comp_in', sides: 'FB', value: (c) => c.compression.input[RESPONSE]! },
  { name: 'comp_out', sides: 'FB', value: (c) => c.compression.output[RESPONSE]! },
  { name: 'comp_byp', sides: 'FB', value: (c) => c.compression.bypassed[RESPONSE]! },
  { name: 'comp_rsp', sides: 'FB', value: (c) => c.compressedResponses },
  { name: 'cache_lookups', sides: 'FB', httpOnly: true, value: (c) => c.cacheLookups },
  { name: 'cache_hits', sides: 'FB', httpOnly: true, value: (c) => c.cacheHits },
]

/** Columns of frontends and listeners. */
export const FRONTEND_COUNTERS: readonly CounterColumn<FrontendCounters>[] = [
  ...SHARED,
  { name: 'ereq', sides: 'LF', value: (c) => c.failedRequests },
  { name: 'conn_tot', sides: 'LF', value: (c) => c.connections },
  { name: 'dcon', sides: 'LF', value: (c) => c.deniedConnections },
  { name: 'dses', sides: 'LF', value: (c) => c.deniedSessions },
  { name: 'conn_rate', sides: 'F', isRate: true, value: (c, now) => c.connectionRate.read(now) },
  { name: 'req_rate', sides: 'F', isRate: true, value: (c, now) => c.requestRate.read(now) },
  { name: 'req_tot', sides: 'F', value: (c) => sum(c.requestsByVersion) },
  { name: 'intercepted', sides: 'F', httpOnly: true, value: (c) => c.interceptedRequests },
  { name: 'sess_other', sides: 'F', value: (c) => Math.max(c.sessions - sum(c.sessionsByVersion), 0) },
  { name: 'h1sess', sides: 'F', value: (c) => c.sessionsByVersion[0]! },
  { name: 'h2sess', sides: 'F', value: (c) => c.sessionsByVersion[1]! },
  { name: 'h3sess', sides: 'F', value: (c) => c.sessionsByVersion[2]! },
  { name: 'req_other', sides: 'F', value: (c) => c.requestsByVersion[0]! },
  { name: 'h1req', sides: 'F', value: (c) => c.requestsByVersion[1]! },
  { name: 'h2req', sides: 'F', value: (c) => c.requestsByVersion[2]! },
  { name: 'h3req', sides: 'F', value: (c) => c.requestsByVersion[3]! },
]

/** Columns of backends and servers. */
export const BACKEND_COUNTERS: readonly CounterColumn<BackendCounters>[] = [
  ...SHARED,
  { name: 'econ', sides: 'BS', value: (c) => c.failedConnections },
  { name: 'eresp', sides: 'BS', value: (c) => c.failedResponses },
  { name: 'wretr', sides: 'BS', value: (c) => c.retries },
  { name: 'wredis', sides: 'BS', value: (c) => c.redispatches },
  { name: 'lbtot', sides: 'BS', value: (c) => c.balancedSessions },
  { name: 'cli_abrt', sides: 'BS', value: (c) => c.clientAborts },
  { name: 'srv_abrt', sides: 'BS', value: (c) => c.serverAborts },
  { name: 'connect', sides: 'BS', value: (c) => c.connections },
  { name: 'reuse', sides: 'BS', value: (c) => c.reuses },
  { name: 'req_tot', sides: 'BS', httpOnly: true, value: (c) => c.requests },
]
