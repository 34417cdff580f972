/** A `resolvers` section while it is parsed, with HAProxy's defaults (`resolvers_new` in src/resolvers.c). */
import { SECOND } from '../../engine/clock.js'
import type { ResolversConfig, ResolversHold } from '../model/resolvers.js'
import { SectionKey } from '../section-drafts.js'
import type { Place } from '../syntax/place.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A mutable {@link ResolversConfig}. */
export interface ResolversDraft extends Omit<Mutable<ResolversConfig>, 'nameservers' | 'hold'> {
  nameservers: ResolversConfig['nameservers'][number][]
  hold: Mutable<ResolversHold>
}

/** The `resolvers` sections of a configuration. */
export const RESOLVERS = new SectionKey<ResolversDraft>('resolvers')

/** Creates a section with HAProxy's defaults. */
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
