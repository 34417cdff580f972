/** A section `log-profile` while it is parsed. */
import type { LogProfileConfig, LogProfileStep } from '../model/log-profiles.js'
import { FURTHER_STEPS, STEPS } from '../known/log-steps.js'
import { SectionKey } from '../section-drafts.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A mutable {@link LogProfileConfig}. */
export interface LogProfileDraft extends Omit<Mutable<LogProfileConfig>, 'steps'> {
  readonly steps: Map<string, Mutable<LogProfileStep>>
}

/** Steps of a transaction, errors, and anything for which there is no other setting. */
export const PROFILE_STEPS: readonly string[] = [...STEPS, 'error', 'any']

/** The steps that a profile sets, in the order in which HAProxy checks them. */
export const stepsInOrder = ({ steps }: LogProfileDraft): readonly LogProfileStep[] =>
  [...PROFILE_STEPS, ...FURTHER_STEPS].flatMap((name) => steps.get(name) ?? [])

/** The sections `log-profile` of a configuration. */
export const LOG_PROFILES = new SectionKey<LogProfileDraft>('log-profile')
