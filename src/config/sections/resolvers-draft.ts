/** A section `resolvers` while it is read, with HAProxy's defaults (`resolvers_new` in src/resolvers.c). */
import { SECOND } from '../../engine/clock.js'
import type { ResolversConfig, ResolversHold } from '../model/resolvers.js'
import type { Place } from '../syntax/place.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface ResolversDraft extends Omit<Mutable<ResolversConfig>, 'nameservers' | 'hold'> {
  nameservers: ResolversConfig['nameservers'][number][]
  hold: Mutable<ResolversHold>
}

export const makeResolversDraft = (name: string, place: Place): ResolversDraft => ({
  name,
  place,
  nameservers: [],
  hold: {
    valid: 10 * SECOND,
    nx: 30 * SECOND,
    refused: 30 * SECOND,
    timeout: 30 * SECOND,
    other: 30 * SECOND,
    obsolete: 0,
  },
  resolveRetries: 3,
  timeoutResolve: SECOND,
  timeoutRetry: SECOND,
  payloadSize: 512,
})
