/** stats: the fields of `show info` and `show stat`, and how they are written. */
export { STAT_COLUMNS, type StatColumn, type StatSide } from './columns.js'
export { infoText, statText, type StatForm, type StatObject } from './format.js'
export { STATS_SCHEMA } from './schema.js'
export type { StatsField } from './field.js'
export { infoFields, preciseInfoFields, type InfoField, type InfoSource } from './info.js'
export { backendStats, frontendStats, listenerStats } from './proxy-stats.js'
export { modeText, STAT_TYPES, type StatRow } from './row.js'
export { serverStats, serverStatus } from './server-stats.js'
