/** Sections `peers` in the model of a configuration. */
import type { Address } from '../../net/address.js'
import type { Place } from '../syntax/place.js'
import type { BindConfig } from './bind.js'
import type { LogTarget } from './log.js'
import type { StickTableConfig } from './tables.js'

/** A process that shares tables. */
export interface PeerConfig {
  readonly name: string
  readonly place: Place
  /** this process */
  readonly isLocal: boolean
  /** undefined for the local peer of a section without a listener */
  readonly address: Address | undefined
  /** the part of the keys that are sent to it; 0: all of them */
  readonly shard: number
}

/** A section `peers`. */
export interface PeersConfig {
  readonly name: string
  readonly place: Place
  /** it has a local peer and is not disabled */
  readonly isActive: boolean
  readonly peers: readonly PeerConfig[]
  readonly binds: readonly BindConfig[]
  /** number of parts into which keys are divided; 0: none */
  readonly shards: number
  readonly logs: readonly LogTarget[]
  readonly tables: readonly StickTableConfig[]
}
