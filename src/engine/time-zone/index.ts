/** Time zones: the zone database, POSIX TZ strings, and local time. Independent of the host. */
export { localDate, LocalTime, offsetText, type LocalDate } from './local.js'
export { timeZone, zoneFromTz } from './variable.js'
export { fixedZone, UTC, type TimeZone } from './zone.js'
