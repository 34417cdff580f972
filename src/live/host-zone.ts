/** The time zone of this machine, which counts where TZ is not set. */
import { realpathSync } from 'node:fs'
import { timeZone } from '../engine/index.js'

/** Its name in the time zone database; UTC where it cannot be found out. */
export const hostZone = (): string => [linkedZone(), nodesZone()].find(isKnown) ?? 'UTC'

const isKnown = (name: string | undefined): name is string => name !== undefined && timeZone(name) !== undefined

/** /etc/localtime is a link to the file of the zone on most systems. */
const linkedZone = (): string | undefined => {
  try {
    return /\/zoneinfo\/(?:posix\/)?(.+)$/.exec(realpathSync('/etc/localtime'))?.[1]
  } catch {
    return undefined
  }
}

/** Node knows other ways to find it, but says TZ where that is set. */
const nodesZone = (): string | undefined =>
  process.env.TZ === undefined ? new Intl.DateTimeFormat().resolvedOptions().timeZone : undefined
