/**
 * The columns of `show stat`, in their order, and what every object has in those that merely count or measure
 * (`stat_cols_px` in src/stats-proxy.c). Tools rely on the positions, so new columns only ever come last.
 */
import { TAGS } from './field.js'

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

/** Whose line it is: of a listener, a frontend, a backend or a server. */
export type StatSide = 'L' | 'F' | 'B' | 'S'

/** A column that counts traffic. */
export interface TrafficColumn {
  readonly name: StatColumn
  readonly format: 'u32' | 'u64'
  readonly tags: string
  /** there is one only in mode http */
  readonly httpOnly: boolean
}

/** Every column that is 0 until clients come, by the sides that have it. */
const TRAFFIC: readonly { sides: string; names: string; rate?: true; httpOnly?: true }[] = [
  { sides: 'LFBS', names: 'stot bin bout dresp wrew eint' },
  { sides: 'LFB', names: 'dreq' },
  { sides: 'LF', names: 'ereq conn_tot dcon dses' },
  { sides: 'BS', names: 'econ eresp wretr wredis lbtot cli_abrt srv_abrt connect reuse' },
  { sides: 'FBS', names: 'rate', rate: true },
  { sides: 'F', names: 'req_rate conn_rate', rate: true },
  { sides: 'FBS', names: 'hrsp_1xx hrsp_2xx hrsp_3xx hrsp_4xx hrsp_5xx hrsp_other', httpOnly: true },
  { sides: 'F', names: 'req_tot h1sess h2sess h3sess req_other h1req h2req h3req sess_other' },
  { sides: 'BS', names: 'req_tot', httpOnly: true },
  { sides: 'FB', names: 'comp_in comp_out comp_byp comp_rsp' },
  { sides: 'F', names: 'intercepted', httpOnly: true },
  { sides: 'FB', names: 'cache_lookups cache_hits', httpOnly: true },
]

const trafficColumns = (side: StatSide): readonly TrafficColumn[] =>
  TRAFFIC.filter((each) => each.sides.includes(side)).flatMap(({ names, rate, httpOnly }) =>
    names.split(' ').map((name) => ({
      name: name as StatColumn,
      format: rate ? ('u32' as const) : ('u64' as const),
      tags: rate ? TAGS.rate : TAGS.counter,
      httpOnly: httpOnly === true,
    })),
  )

export const TRAFFIC_COLUMNS: Readonly<Record<StatSide, readonly TrafficColumn[]>> = {
  L: trafficColumns('L'),
  F: trafficColumns('F'),
  B: trafficColumns('B'),
  S: trafficColumns('S'),
}
