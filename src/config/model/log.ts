/** Log targets in the model of a configuration, and the names of syslog levels, facilities and formats. */
import type { Address } from '../../net/address.js'
import type { Place } from '../syntax/place.js'

/** syslog's levels, 0 … 7 */
export const LOG_LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** syslog's facilities, 0 … 23 */
export const LOG_FACILITIES: readonly string[] = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'auth2', 'ftp'],
  ...['ntp', 'audit', 'alert', 'cron2', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
]

/** Values of `format` on a `log` line. */
export const LOG_FORMATS: readonly string[] = [
  ...['local', 'rfc3164', 'rfc5424', 'priority', 'short', 'timed', 'iso', 'raw'],
]

/** A `log` line. */
export interface LogTarget {
  /** destination; `ring` and `backend` refer to another section */
  readonly target:
    Address | { readonly family: 'stdout' | 'stderr' } | { readonly family: 'ring' | 'backend'; readonly name: string }
  readonly format: string | undefined
  readonly facility: string
  /** maximum level that is sent, 0 … 7 (default 7) */
  readonly level: number
  /** more severe levels are sent as this level, 0 … 7 (default 0) */
  readonly minLevel: number
  /** longer messages are truncated; bytes (default 1024) */
  readonly maxLength: number
  /** `sample` as written */
  readonly sample: string | undefined
  /** `profile`: the section `log-profile` that it uses */
  readonly profile: string | undefined
  readonly place: Place
  /** the target of `global` that `log global` repeats */
  readonly global: LogTarget | undefined
}
