/** The state of a section `crt-store` while it is parsed (cfg_parse_crtstore in src/ssl_ckch.c). */
import { SectionKey } from '../section-drafts.js'

/** The defaults that its lines have set so far. */
export interface CrtStoreDraft {
  readonly name: string
  crtBase: string | undefined
  keyBase: string | undefined
  /** a `load` line has been read */
  hasLoaded: boolean
}

/** The `crt-store` sections of a configuration. */
export const CRT_STORES = new SectionKey<CrtStoreDraft>('crt-store')
