/** A line of `show stat`: an object's fields by column, without empty ones. */
import type { ProxyMode } from '../../config/model/proxy.js'
import type { Micros } from '../../engine/clock.js'
import type { CounterColumn, StatColumn, StatSide } from './columns.js'
import type { ProcessContext } from '../context.js'
import { windowAverage } from '../counters/frequency.js'
import type { BackendCounters } from '../counters/proxy.js'
import { age } from './ages.js'
import { s32Field, strField, TAGS, u32Field, u64Field, type StatsField } from './field.js'
import type { ListenerOwner } from '../listeners/listener.js'

export type StatRow = Partial<Record<StatColumn, StatsField>>

/** The values of the column `type`. */
export const STAT_TYPES: Readonly<Record<StatSide, number>> = { F: 0, B: 1, S: 2, L: 3 }

/** The columns that name an object. @param sid the number of the object within its proxy, or 0 */
export const startRow = (side: StatSide, proxy: ListenerOwner, name: string, sid: number): StatRow => ({
  pxname: strField(TAGS.serviceName, proxy.name),
  svname: strField(TAGS.serviceName, name),
  pid: u32Field(TAGS.key, 1),
  iid: u32Field(TAGS.serviceKey, proxy.uuid),
  sid: u32Field(TAGS.serviceKey, sid),
  type: u32Field(TAGS.setting, STAT_TYPES[side]),
  mode: strField(TAGS.setting, modeText(proxy)),
})

/** Adds the columns of counters that an object has. */
export const addCounters = <Counters>(
  row: StatRow,
  side: StatSide,
  columns: readonly CounterColumn<Counters>[],
  counters: Counters,
  { mode, now }: { readonly mode: ProxyMode; readonly now: Micros },
): void => {
  for (const { name, sides, isRate, httpOnly, value } of columns) {
    if (!sides.includes(side) || (httpOnly && mode !== 'http')) continue
    const count = value(counters, now)
    row[name] = isRate ? u32Field(TAGS.rate, count) : u64Field(TAGS.counter, count)
  }
}

/** The mode as messages and statistics name it (`proxy_mode_str`). */
export const modeText = (proxy: ListenerOwner): string => (proxy.mode === 'log' ? 'syslog' : proxy.mode)

/** `TIME_STATS_SAMPLES` */
const TIME_SAMPLES = 512

/** Adds average and maximum times of sessions, in ms. The average covers all samples up to a limit. */
export const addTimes = (row: StatRow, counters: Readonly<BackendCounters>, mode: ProxyMode): void => {
  const samples =
    Math.min(mode === 'http' ? counters.requests : counters.balancedSessions, TIME_SAMPLES) || TIME_SAMPLES
  const { times, maxTimes } = counters
  row.qtime = u32Field(TAGS.average, windowAverage(times.queue, samples))
  row.ctime = u32Field(TAGS.average, windowAverage(times.connect, samples))
  row.rtime = u32Field(TAGS.average, windowAverage(times.data, samples))
  row.ttime = u32Field(TAGS.average, windowAverage(times.total, samples))
  row.qtime_max = u32Field(TAGS.max, maxTimes.queue)
  row.ctime_max = u32Field(TAGS.max, maxTimes.connect)
  row.rtime_max = u32Field(TAGS.max, maxTimes.data)
  row.ttime_max = u32Field(TAGS.max, maxTimes.total)
}

/** Adds how long ago the last session began, in seconds; -1 before the first session. */
export const addLastSession = (
  row: StatRow,
  { lastSession }: Readonly<BackendCounters>,
  process: ProcessContext,
): void => {
  row.lastsess = s32Field(TAGS.age, lastSession === undefined ? -1 : age(process, lastSession))
}
