/** A `mailers` section while it is parsed. */
import type { MailersConfig } from '../model/mailers.js'
import { SectionKey } from '../section-drafts.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A mutable {@link MailersConfig}. */
export interface MailersDraft extends Omit<Mutable<MailersConfig>, 'mailers'> {
  mailers: MailersConfig['mailers'][number][]
}

/** The `mailers` sections of a configuration. */
export const MAILERS = new SectionKey<MailersDraft>('mailers')
