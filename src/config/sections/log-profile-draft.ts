/** A section `log-profile` while it is parsed. */
import type { LogProfileConfig, LogProfileStep } from '../model/log-profiles.js'
import { SectionKey } from '../section-drafts.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A mutable {@link LogProfileConfig}. */
export interface LogProfileDraft extends Omit<Mutable<LogProfileConfig>, 'steps'> {
  readonly steps: Map<string, Mutable<LogProfileStep>>
}

/** The sections `log-profile` of a configuration. */
export const LOG_PROFILES = new SectionKey<LogProfileDraft>('log-profile')
