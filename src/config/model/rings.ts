/** Sections `ring` in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { Place } from '../syntax/place.js'
import type { ServerConfig } from './server.js'

/** A section `ring`: a buffer of events that are forwarded to servers. */
export interface RingConfig {
  readonly name: string
  readonly place: Place
  readonly description: string
  /** in bytes (default 16384) */
  readonly size: number
  /** one of `LOG_FORMATS` (default `raw`) */
  readonly format: string
  /** longer events are truncated; bytes. undefined: they are not */
  readonly maxLength: number | undefined
  readonly backingFile: string | undefined
  readonly servers: readonly ServerConfig[]
  readonly timeoutConnect: Micros | undefined
  readonly timeoutServer: Micros | undefined
}
