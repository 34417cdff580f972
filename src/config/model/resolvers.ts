/** A `resolvers` section in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { Address } from '../../net/address.js'
import type { Place } from '../syntax/place.js'

/** `hold`: how long the last address is kept, by kind of response; `obsolete`: if it is missing in responses. */
export interface ResolversHold {
  readonly valid: Micros
  readonly nx: Micros
  readonly refused: Micros
  readonly timeout: Micros
  readonly other: Micros
  readonly obsolete: Micros
}

/** A `resolvers` section. */
export interface ResolversConfig {
  readonly name: string
  readonly place: Place
  readonly nameservers: readonly {
    readonly name: string
    readonly address: Address
    /** queries use TCP */
    readonly stream: boolean
    readonly place: Place
  }[]
  readonly hold: ResolversHold
  readonly resolveRetries: number
  readonly timeoutResolve: Micros
  readonly timeoutRetry: Micros
  /** maximum size of a response in bytes */
  readonly payloadSize: number
}
