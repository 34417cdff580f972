/** The host's time zone, used if TZ is not set. */
import { realpathSync } from 'node:fs'
import { timeZone } from '../engine/index.js'

/** Its name in the time zone database; UTC if unknown. */
export const hostTimeZone = (): string => [localtimeZone(), intlZone()].find(isKnown) ?? 'UTC'

const isKnown = (name: string | undefined): name is string => name !== undefined && timeZone(name) !== undefined

/** On most systems, /etc/localtime is a symlink to the file of the zone. */
const localtimeZone = (): string | undefined => {
  try {
    return /\/zoneinfo\/(?:posix\/)?(.+)$/.exec(realpathSync('/etc/localtime'))?.[1]
  } catch {
    return undefined
  }
}

/** Node finds the zone by other means, but returns TZ if that is set. */
const intlZone = (): string | undefined =>
  process.env.TZ === undefined ? new Intl.DateTimeFormat().resolvedOptions().timeZone : undefined
