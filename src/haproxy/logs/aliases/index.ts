/** The aliases of log-formats: one file each for a group of them, listed here. */
import { ADDRESS_ALIASES } from './addresses.js'
import type { WriteAlias } from './alias.js'
import { DATE_ALIASES } from './dates.js'
import { HTTP_ALIASES } from './http.js'
import { SESSION_ALIASES } from './session.js'
import { TIME_ALIASES } from './times.js'

/** What writes each alias, by its name. */
export const ALIASES: ReadonlyMap<string, WriteAlias> = new Map(
  [ADDRESS_ALIASES, DATE_ALIASES, TIME_ALIASES, SESSION_ALIASES, HTTP_ALIASES].flatMap((group) =>
    Object.entries(group),
  ),
)
