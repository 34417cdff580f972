/** The zone that the variable TZ names, as the GNU C library takes it (`tzset`). */
import { namedZone } from './history.js'
import { posixZone } from './posix.js'
import { fixedZone, UTC, type TimeZone } from './zone.js'

/** Where systems keep the files of zones; `posix` in it has them once more. */
const FOLDER = /^(?:\/usr\/share\/zoneinfo\/)?(?:posix\/)?/

/** A zone by its name in the time zone database or in POSIX's form; undefined when it is neither. */
export const timeZone = (name: string): TimeZone | undefined => namedZone(name) ?? posixZone(name)

/**
 * @param value of TZ; undefined: not set
 * @param machine the zone of the machine, which counts then
 */
export const zoneOfVariable = (value: string | undefined, machine: TimeZone): TimeZone => {
  if (value === undefined) return machine
  const name = value.replace(/^:/, '')
  if (name === '') return UTC
  if (name === 'localtime' || name === '/etc/localtime') return machine
  return timeZone(name.replace(FOLDER, '')) ?? unknownZone(name)
}

/** UTC by the name that the value begins with. */
const unknownZone = (name: string): TimeZone => fixedZone(0, /^[A-Za-z]{3,}/.exec(name)?.[0] ?? '')
