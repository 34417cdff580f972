/** Sections `cache` in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { Place } from '../syntax/place.js'

/** A section `cache`. */
export interface CacheConfig {
  /** at most 32 bytes */
  readonly name: string
  readonly place: Place
  /** size in bytes, a multiple of a megabyte */
  readonly totalSize: number
  /** maximum size of an object in bytes (default: a 256th of the cache) */
  readonly maxObjectSize: number
  /** maximum time that an object is kept (default 60 s) */
  readonly maxAge: Micros
  /** whether responses with `Vary` are cached (default false) */
  readonly processVary: boolean
  /** maximum number of variants of an object (default 10) */
  readonly maxSecondaryEntries: number
}
