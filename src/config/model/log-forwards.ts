/** Sections `log-forward` in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { Place } from '../syntax/place.js'
import type { BindConfig } from './bind.js'
import type { LogTarget } from './log.js'

/** What becomes of the host name in a message. */
export type LogForwardHost = 'replace' | 'fill' | 'keep' | 'append'

/** A section `log-forward`: received log messages are passed on to log targets. */
export interface LogForwardConfig {
  readonly name: string
  readonly place: Place
  /** listeners for streams (`bind`) and datagrams (`dgram-bind`) */
  readonly binds: readonly BindConfig[]
  readonly logs: readonly LogTarget[]
  /** default 10 */
  readonly maxconn: number
  readonly timeoutClient: Micros | undefined
  /** default `fill` */
  readonly host: LogForwardHost
  readonly dontParse: boolean
  readonly assumesLineFeeds: boolean
}
