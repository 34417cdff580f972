/** A section `cache` while it is parsed. */
import type { CacheConfig } from '../model/caches.js'
import { SectionKey } from '../section-drafts.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A mutable {@link CacheConfig}. */
export type CacheDraft = Mutable<CacheConfig>

/** The valid sections `cache` of a configuration. */
export const CACHES = new SectionKey<CacheDraft>('cache')
