/** A line of `show stat`: an object's fields by column, without empty ones. */
import { TRAFFIC_COLUMNS, type StatColumn, type StatSide } from './columns.js'
import { strField, TAGS, u32Field, type StatsField } from './field.js'
import type { ListenerOwner } from '../listeners/listener.js'

export type StatRow = Partial<Record<StatColumn, StatsField>>

/** The values of the column `type`. */
export const STAT_TYPES: Readonly<Record<StatSide, number>> = { F: 0, B: 1, S: 2, L: 3 }

/** The columns that all kinds of objects have. @param sid the number of the object within its proxy, or 0 */
export const startRow = (side: StatSide, proxy: ListenerOwner, name: string, sid: number): StatRow => {
  const row: StatRow = {
    pxname: strField(TAGS.serviceName, proxy.name),
    svname: strField(TAGS.serviceName, name),
    pid: u32Field(TAGS.key, 1),
    iid: u32Field(TAGS.serviceKey, proxy.uuid),
    sid: u32Field(TAGS.serviceKey, sid),
    type: u32Field(TAGS.setting, STAT_TYPES[side]),
    mode: strField(TAGS.setting, modeText(proxy)),
  }
  for (const { name, format, tags, httpOnly } of TRAFFIC_COLUMNS[side])
    if (!httpOnly || proxy.mode === 'http') row[name] = { format, tags, value: 0 }
  return row
}

/** The mode as messages and statistics name it (`proxy_mode_str`). */
export const modeText = (proxy: ListenerOwner): string => (proxy.mode === 'log' ? 'syslog' : proxy.mode)

/** Sets several columns to the same field. */
export const setAll = (row: StatRow, field: StatsField, ...columns: readonly StatColumn[]): void => {
  for (const column of columns) row[column] = field
}
