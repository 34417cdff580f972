/** Time zones: their data, POSIX's way of writing them, and local time. None of it comes from the host. */
export { localDate, LocalTime, offsetText, type LocalDate } from './local.js'
export { timeZone, zoneOfVariable } from './variable.js'
export { fixedZone, UTC, type TimeZone } from './zone.js'
