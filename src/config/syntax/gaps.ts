/** Features of HAProxy that a configuration uses and hapsim does not emulate, by area. */
import type { Place } from './place.js'

/**
 * - `traffic`: client connections and requests, and their logs
 * - `checks`: health checks
 * - `tls`: TLS to servers
 * - `names`: name resolution at run time
 * - `states`: state inherited from a previous process
 * - `scripts`: functions available to scripts
 * - `logs`: log targets and formats
 * - `files`: file lookup
 * - `runtime`: access to the runtime API
 * - `process`: threads, memory, privileges, the operating system
 */
export type GapArea =
  'traffic' | 'checks' | 'tls' | 'names' | 'states' | 'scripts' | 'logs' | 'files' | 'runtime' | 'process'

/** A feature that is not emulated. */
export interface Gap {
  readonly place: Place
  /** the keyword or setting in messages: `'http-request'`, `'alpn' of 'bind'` */
  readonly what: string
  readonly area: GapArea
}
