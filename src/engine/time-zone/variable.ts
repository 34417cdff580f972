/** The TZ environment variable, interpreted as glibc does (`tzset`). */
import { namedZone } from './history.js'
import { posixZone } from './posix.js'
import { fixedZone, UTC, type TimeZone } from './zone.js'

/** Prefix of zone files; `posix/` holds a second copy of them. */
const ZONEINFO_PREFIX = /^(?:\/usr\/share\/zoneinfo\/)?(?:posix\/)?/

/** A zone by its name in the time zone database or as a POSIX TZ string; undefined if it is neither. */
export const timeZone = (name: string): TimeZone | undefined => namedZone(name) ?? posixZone(name)

/**
 * The zone selected by TZ.
 *
 * @param value of TZ; undefined if not set
 * @param machine the system's zone, used if TZ is not set
 */
export const zoneFromTz = (value: string | undefined, machine: TimeZone): TimeZone => {
  if (value === undefined) return machine
  const name = value.replace(/^:/, '')
  if (name === '') return UTC
  if (name === 'localtime' || name === '/etc/localtime') return machine
  return timeZone(name.replace(ZONEINFO_PREFIX, '')) ?? unknownZone(name)
}

/** glibc treats an unknown zone as UTC and uses the leading letters as its abbreviation. */
const unknownZone = (name: string): TimeZone => fixedZone(0, /^[A-Za-z]{3,}/.exec(name)?.[0] ?? '')
