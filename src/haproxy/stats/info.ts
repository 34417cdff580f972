/** The fields of `show info` and `core.get_info()`, in order (`stats_fill_info` in src/stats.c). */
import { SECOND } from '../../engine/clock.js'
import type { ProcessContext } from '../context.js'
import type { Proxy } from '../proxy/proxy.js'
import { HAPROXY_VERSION, RELEASE_DATE } from '../release.js'
import { fltField, strField, TAGS, u32Field, u64Field, type StatsField } from './field.js'

/** The process as `show info` sees it. */
export interface InfoSource extends ProcessContext {
  readonly proxies: readonly Proxy[]
  /** a soft stop was requested */
  readonly isStopping: boolean
}

/** A named field; undefined if it does not apply to the process. */
export type InfoField = readonly [name: string, field: StatsField | undefined]

const PRODUCT = 'POS'
const LIMIT = TAGS.limit
const { gauge: GAUGE, counter: COUNTER, rate: RATE, max: MAX, duration: DURATION } = TAGS

/** Fields of traffic, memory and TLS, which are 0. */
const none = (tags: string, names: string): InfoField[] => names.split(' ').map((name) => [name, u32Field(tags, 0)])

/** Fields that the option `float` shows as fractional numbers. */
const FRACTIONS: ReadonlySet<string> = new Set([
  ...['SslRate', 'SslFrontendKeyRate', 'SslFrontendSessionReuse_pct', 'SslBackendKeyRate'],
  ...['CompressBpsIn', 'CompressBpsOut'],
])

/** The fields with the option `float`: rates and times as fractional numbers. */
export const preciseInfoFields = (process: InfoSource): readonly InfoField[] => {
  const { clock, startedAt, counters } = process
  const started = clock.wall - clock.now + startedAt
  return infoFields(process).map(([name, field]): InfoField => {
    if (field === undefined) return [name, field]
    if (name === 'Uptime_sec') return [name, fltField(field.tags, (clock.now - startedAt) / SECOND)]
    if (name === 'Start_time_sec') return [name, fltField(field.tags, started / SECOND)]
    if (name === 'ConnRate') return [name, fltField(TAGS.rate, counters.connectionRate.readFraction(clock.now))]
    if (name === 'SessRate') return [name, fltField(TAGS.rate, counters.sessionRate.readFraction(clock.now))]
    return [name, FRACTIONS.has(name) ? fltField(TAGS.rate, Number(field.value)) : field]
  })
}

export const infoFields = (process: InfoSource): readonly InfoField[] => {
  const { global } = process.configuration
  const { counters, limits } = process
  const { now } = process.clock
  const uptime = Math.floor((process.clock.now - process.startedAt) / SECOND)
  const listeners = countListeners(process)
  const queued = process.threads.queues.reduce((sum, queue) => sum + queue.size, 0)
  const { warnings } = process.logger
  const start = Math.floor((process.clock.wall - process.clock.now + process.startedAt) / SECOND)
  return [
    ['Name', strField(PRODUCT, 'HAProxy')],
    ['Version', strField(PRODUCT, HAPROXY_VERSION)],
    ['Release_date', strField(PRODUCT, RELEASE_DATE)],
    ['Nbthread', u32Field(TAGS.setting, process.threads.count)],
    ['Nbproc', u32Field(TAGS.setting, 1)],
    ['Process_num', u32Field(TAGS.key, 1)],
    ['Pid', u32Field(TAGS.status, process.machine.pid)],
    ['Uptime', strField(DURATION, uptimeText(uptime))],
    ['Uptime_sec', u32Field(DURATION, uptime)],
    ['Memmax_MB', u32Field(LIMIT, 0)],
    ...none(GAUGE, 'PoolAlloc_MB PoolUsed_MB'),
    ['PoolFailed', u32Field(COUNTER, 0)],
    ['Ulimit-n', u32Field(LIMIT, limits.maxsock)],
    ['Maxsock', u32Field(LIMIT, limits.maxsock)],
    ['Maxconn', u32Field(LIMIT, limits.maxconn)],
    ['Hard_maxconn', u32Field(LIMIT, limits.hardMaxconn)],
    ['CurrConns', u32Field(GAUGE, counters.connections)],
    ['CumConns', u32Field(COUNTER, counters.sessions)],
    ['CumReq', u32Field(COUNTER, counters.requests)],
    ['MaxSslConns', u32Field(MAX, 0)],
    ['CurrSslConns', u32Field(GAUGE, 0)],
    ['CumSslConns', u32Field(COUNTER, 0)],
    ['Maxpipes', u32Field(LIMIT, 0)],
    ...none(GAUGE, 'PipesUsed PipesFree'),
    ['ConnRate', u32Field(RATE, counters.connectionRate.read(now))],
    ['ConnRateLimit', u32Field(LIMIT, limits.rates.connections)],
    ['MaxConnRate', u32Field(MAX, counters.maxConnectionRate)],
    ['SessRate', u32Field(RATE, counters.sessionRate.read(now))],
    ['SessRateLimit', u32Field(LIMIT, limits.rates.sessions)],
    ['MaxSessRate', u32Field(RATE, counters.maxSessionRate)],
    ['SslRate', u32Field(RATE, 0)],
    ['SslRateLimit', u32Field(LIMIT, limits.rates.sslSessions)],
    ['MaxSslRate', u32Field(MAX, 0)],
    ['SslFrontendKeyRate', u32Field(GAUGE, 0)],
    ['SslFrontendMaxKeyRate', u32Field(MAX, 0)],
    ['SslFrontendSessionReuse_pct', u32Field(GAUGE, 0)],
    ['SslBackendKeyRate', u32Field(RATE, 0)],
    ['SslBackendMaxKeyRate', u32Field(MAX, 0)],
    ...none(COUNTER, 'SslCacheLookups SslCacheMisses'),
    ...none(RATE, 'CompressBpsIn CompressBpsOut'),
    ['CompressBpsRateLim', u32Field(LIMIT, limits.rates.compression)],
    ['ZlibMemUsage', undefined],
    ['MaxZlibMemUsage', undefined],
    ['Tasks', u32Field(GAUGE, countTasks(process))],
    ['Run_queue', u32Field(GAUGE, queued)],
    ['Idle_pct', u32Field(TAGS.average, 100)],
    ['node', strField('COS', global.node ?? process.machine.hostname)],
    ['description', global.description === undefined ? undefined : strField('COS', global.description)],
    ['Stopping', u32Field(GAUGE, process.isStopping ? 1 : 0)],
    ['Jobs', u32Field(GAUGE, 1 + listeners + counters.currentSessions)],
    ['Unstoppable Jobs', u32Field(GAUGE, 0)],
    ['Listeners', u32Field(GAUGE, listeners)],
    ...none(GAUGE, 'ActivePeers ConnectedPeers'),
    ['DroppedLogs', u32Field(GAUGE, process.logger.dropped)],
    ...none(GAUGE, 'BusyPolling FailedResolutions'),
    ['TotalBytesOut', u64Field(GAUGE, counters.bytesOut)],
    ['TotalSplicedBytesOut', u64Field(GAUGE, 0)],
    ['BytesOutRate', u64Field(RATE, counters.bytesOutRate)],
    ['DebugCommandsIssued', u32Field(GAUGE, 0)],
    ['CumRecvLogs', u32Field(COUNTER, 0)],
    ['Build info', strField(PRODUCT, HAPROXY_VERSION)],
    ['Memmax_bytes', u32Field(LIMIT, 0)],
    ['PoolAlloc_bytes', u64Field(GAUGE, 0)],
    ['PoolUsed_bytes', u64Field(GAUGE, 0)],
    ['Start_time_sec', u32Field(DURATION, start)],
    ['Tainted', strField(TAGS.status, counters.tainted === 0 ? '0' : `0x${counters.tainted.toString(16)}`)],
    ['TotalWarnings', u32Field(COUNTER, warnings)],
    ['MaxconnReached', u32Field(COUNTER, counters.maxconnReached)],
    ['BootTime_ms', u32Field(DURATION, 0)],
    ['Niced_tasks', u32Field(GAUGE, 0)],
    ['CurrStreams', u64Field(GAUGE, counters.currentStreams)],
    ['CumStreams', u64Field(GAUGE, counters.streams)],
    ['BlockedTrafficWarnings', u32Field(GAUGE, counters.blockedWarnings)],
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
    process.counters.currentStreams,
  )
