/** The calendar, which lives in the engine. */
export * from '../../engine/calendar.js'
