/** A `resolvers` section in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { Address } from '../../net/address.js'
import type { Place } from '../syntax/place.js'

/** How long a server keeps its address after each kind of answer, and without the name in one (`obsolete`). */
export interface ResolversHold {
  readonly valid: Micros
  readonly nx: Micros
  readonly refused: Micros
  readonly timeout: Micros
  readonly other: Micros
  readonly obsolete: Micros
}

export interface ResolversConfig {
  readonly name: string
  readonly place: Place
  readonly nameservers: readonly {
    readonly name: string
    readonly address: Address
    /** it is asked over TCP */
    readonly stream: boolean
    readonly place: Place
  }[]
  readonly hold: ResolversHold
  readonly resolveRetries: number
  readonly timeoutResolve: Micros
  readonly timeoutRetry: Micros
  /** bytes that an answer may have */
  readonly payloadSize: number
}
