/** stats: the fields of `show info` and `show stat`, and how they are written. */
export { STAT_COLUMNS, type StatColumn, type StatSide } from './columns.js'
export { csvHeader, infoText, statLine, type StatForm } from './format.js'
export type { Field } from './field.js'
export { infoFields, type InfoField } from './info.js'
export { Limits } from './limits.js'
export { backendStats, frontendStats, listenerStats, visibleWeight } from './proxy-stats.js'
export { modeText, STAT_TYPES, type StatRow } from './row.js'
export { serverStats, serverStatus } from './server-stats.js'
