/** The fields of `show info` and `core.get_info()`, in order (`stats_fill_info` in src/stats.c). */
import { SECOND } from '../../engine/clock.js'
import type { ProcessContext } from '../context.js'
import type { Proxy } from '../proxy/proxy.js'
import { HAPROXY_VERSION, RELEASE_DATE } from '../release.js'
import { flt, str, TAGS, u32, u64, type Field } from './field.js'

/** The process as `show info` sees it. */
export interface InfoSource extends ProcessContext {
  readonly proxies: readonly Proxy[]
  /** a soft stop was asked for */
  readonly isStopping: boolean
  /** the runtime API: connections, commands and bytes of answers so far, and open sessions */
  readonly runtime: {
    readonly connections: number
    readonly requests: number
    readonly bytesOut: number
    readonly current: number
  }
}

/** A named field; undefined for what the process does not have. */
export type InfoField = readonly [name: string, field: Field | undefined]

const PRODUCT = 'POS'
const LIMIT = TAGS.limit
const { gauge: GAUGE, counter: COUNTER, rate: RATE, max: MAX, duration: DURATION } = TAGS

/** Fields of traffic, memory and TLS, which are 0. */
const none = (tags: string, names: string): InfoField[] => names.split(' ').map((name) => [name, u32(tags, 0)])

/** Fields that the option `float` shows as fractional numbers. */
const FRACTIONS: ReadonlySet<string> = new Set([
  ...['ConnRate', 'SessRate', 'SslRate', 'SslFrontendKeyRate', 'SslFrontendSessionReuse_pct', 'SslBackendKeyRate'],
  ...['CompressBpsIn', 'CompressBpsOut'],
])

/** The fields with the option `float`: rates and times as fractional numbers. */
export const preciseInfoFields = (process: InfoSource): readonly InfoField[] => {
  const { clock, startedAt } = process
  const started = clock.wall - clock.now + startedAt
  return infoFields(process).map(([name, field]): InfoField => {
    if (field === undefined) return [name, field]
    if (name === 'Uptime_sec') return [name, flt(field.tags, (clock.now - startedAt) / SECOND)]
    if (name === 'Start_time_sec') return [name, flt(field.tags, started / SECOND)]
    return [name, FRACTIONS.has(name) ? flt(TAGS.rate, Number(field.value)) : field]
  })
}

export const infoFields = (process: InfoSource): readonly InfoField[] => {
  const { global } = process.configuration
  const { runtime, limits } = process
  const uptime = Math.floor((process.clock.now - process.startedAt) / SECOND)
  const listeners = countListeners(process)
  const queued = process.threads.queues.reduce((sum, queue) => sum + queue.size, 0)
  const { warnings } = process.logger
  const start = Math.floor((process.clock.wall - process.clock.now + process.startedAt) / SECOND)
  return [
    ['Name', str(PRODUCT, 'HAProxy')],
    ['Version', str(PRODUCT, HAPROXY_VERSION)],
    ['Release_date', str(PRODUCT, RELEASE_DATE)],
    ['Nbthread', u32(TAGS.setting, process.threads.count)],
    ['Nbproc', u32(TAGS.setting, 1)],
    ['Process_num', u32(TAGS.key, 1)],
    ['Pid', u32(TAGS.status, process.machine.pid)],
    ['Uptime', str(DURATION, uptimeText(uptime))],
    ['Uptime_sec', u32(DURATION, uptime)],
    ['Memmax_MB', u32(LIMIT, 0)],
    ...none(GAUGE, 'PoolAlloc_MB PoolUsed_MB'),
    ['PoolFailed', u32(COUNTER, 0)],
    ['Ulimit-n', u32(LIMIT, limits.maxsock)],
    ['Maxsock', u32(LIMIT, limits.maxsock)],
    ['Maxconn', u32(LIMIT, limits.maxconn)],
    ['Hard_maxconn', u32(LIMIT, limits.hardMaxconn)],
    ['CurrConns', u32(GAUGE, 0)],
    ['CumConns', u32(COUNTER, runtime.connections)],
    ['CumReq', u32(COUNTER, runtime.requests)],
    ['MaxSslConns', u32(MAX, 0)],
    ['CurrSslConns', u32(GAUGE, 0)],
    ['CumSslConns', u32(COUNTER, 0)],
    ['Maxpipes', u32(LIMIT, 0)],
    ...none(GAUGE, 'PipesUsed PipesFree'),
    ['ConnRate', u32(RATE, 0)],
    ['ConnRateLimit', u32(LIMIT, limits.rates.connections)],
    ['MaxConnRate', u32(MAX, 0)],
    ['SessRate', u32(RATE, 0)],
    ['SessRateLimit', u32(LIMIT, limits.rates.sessions)],
    ...none(RATE, 'MaxSessRate SslRate'),
    ['SslRateLimit', u32(LIMIT, limits.rates.sslSessions)],
    ['MaxSslRate', u32(MAX, 0)],
    ['SslFrontendKeyRate', u32(GAUGE, 0)],
    ['SslFrontendMaxKeyRate', u32(MAX, 0)],
    ['SslFrontendSessionReuse_pct', u32(GAUGE, 0)],
    ['SslBackendKeyRate', u32(RATE, 0)],
    ['SslBackendMaxKeyRate', u32(MAX, 0)],
    ...none(COUNTER, 'SslCacheLookups SslCacheMisses'),
    ...none(RATE, 'CompressBpsIn CompressBpsOut'),
    ['CompressBpsRateLim', u32(LIMIT, limits.rates.compression)],
    ['ZlibMemUsage', undefined],
    ['MaxZlibMemUsage', undefined],
    ['Tasks', u32(GAUGE, countTasks(process))],
    ['Run_queue', u32(GAUGE, queued)],
    ['Idle_pct', u32(TAGS.average, 100)],
    ['node', str('COS', global.node ?? process.machine.hostname)],
    ['description', global.description === undefined ? undefined : str('COS', global.description)],
    ['Stopping', u32(GAUGE, process.isStopping ? 1 : 0)],
    ['Jobs', u32(GAUGE, 1 + listeners + runtime.current)],
    ['Unstoppable Jobs', u32(GAUGE, 0)],
    ['Listeners', u32(GAUGE, listeners)],
    ...none(GAUGE, 'ActivePeers ConnectedPeers'),
    ['DroppedLogs', u32(GAUGE, process.logger.dropped)],
    ...none(GAUGE, 'BusyPolling FailedResolutions'),
    ['TotalBytesOut', u64(GAUGE, runtime.bytesOut)],
    ['TotalSplicedBytesOut', u64(GAUGE, 0)],
    ['BytesOutRate', u64(RATE, 0)],
    ['DebugCommandsIssued', u32(GAUGE, 0)],
    ['CumRecvLogs', u32(COUNTER, 0)],
    ['Build info', str(PRODUCT, HAPROXY_VERSION)],
    ['Memmax_bytes', u32(LIMIT, 0)],
    ['PoolAlloc_bytes', u64(GAUGE, 0)],
    ['PoolUsed_bytes', u64(GAUGE, 0)],
    ['Start_time_sec', u32(DURATION, start)],
    ['Tainted', str(TAGS.status, '0')],
    ['TotalWarnings', u32(COUNTER, warnings)],
    ['MaxconnReached', u32(COUNTER, 0)],
    ['BootTime_ms', u32(DURATION, 0)],
    ['Niced_tasks', u32(GAUGE, 0)],
    ['CurrStreams', u64(GAUGE, runtime.current)],
    ['CumStreams', u64(GAUGE, runtime.connections)],
    ['BlockedTrafficWarnings', u32(GAUGE, 0)],
  ]
}

const twoDigits = (number: number): string => String(number).padStart(2, '0')

const uptimeText = (seconds: number): string => {
  const hours = Math.floor((seconds % 86400) / 3600)
  return `${Math.floor(seconds / 86400)}d ${hours}h${twoDigits(Math.floor((seconds % 3600) / 60))}m${twoDigits(seconds % 60)}s`
}

const countListeners = (process: InfoSource): number =>
  process.proxies.reduce(
    (sum, proxy) => sum + (proxy.stopped || proxy.paused || proxy.config.disabled ? 0 : proxy.listeners.length),
    process.configuration.global.statsSockets.length,
  )

/** The tasks of checks and of the runtime API's clients. */
const countTasks = (process: InfoSource): number =>
  process.proxies.reduce(
    (sum, proxy) => sum + proxy.servers.filter((server) => server.check?.task).length,
    process.runtime.current,
  )
