/** A `mailers` section in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { Address } from '../../net/address.js'
import type { Place } from '../syntax/place.js'

/** A `mailers` section. */
export interface MailersConfig {
  readonly name: string
  readonly place: Place
  readonly mailers: readonly { readonly name: string; readonly address: Address; readonly place: Place }[]
  /** `timeout mail`; default 10 s */
  readonly timeoutMail: Micros
}
