/** What lines ask for that hapsim does not do, by what of HAProxy's behaviour is missing without it. */
import type { Place } from './place.js'

/**
 * - `traffic`: connections and requests of clients, and the lines that are logged of them
 * - `checks`: how checks reach a server or judge its answer
 * - `tls`: how TLS is spoken to servers
 * - `names`: how names become addresses while the process runs
 * - `states`: what a process takes over from the one before
 * - `scripts`: what scripts may call
 * - `logs`: where log lines go, and how they are made
 * - `files`: where files are looked for
 * - `runtime`: how the runtime API is reached
 * - `process`: threads, memory, privileges, the operating system
 */
export type GapArea =
  'traffic' | 'checks' | 'tls' | 'names' | 'states' | 'scripts' | 'logs' | 'files' | 'runtime' | 'process'

export interface Gap {
  readonly place: Place
  /** the keyword or setting, as messages name it: `'http-request'`, `'alpn' of 'bind'` */
  readonly what: string
  readonly area: GapArea
}
