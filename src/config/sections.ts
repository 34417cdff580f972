/** The sections of a configuration. */
import { GLOBAL_SECTION } from './global/section.js'
import { PROXY_SECTIONS } from './proxy/section.js'
import type { ParseContext } from './parse-context.js'
import type { ProxyDraft } from './proxy/draft.js'
import type { Section } from './section.js'
import { ACME_SECTION } from './sections/acme.js'
import { CACHE_SECTION } from './sections/cache.js'
import { CRT_STORE_SECTION } from './sections/crt-store.js'
import { FCGI_APP_SECTION } from './sections/fcgi-app.js'
import { HTTP_ERRORS_SECTION } from './sections/http-errors.js'
import { LOG_FORWARD_SECTION } from './sections/log-forward.js'
import { LOG_PROFILE_SECTION } from './sections/log-profile.js'
import { NAMESPACE_LIST_SECTION } from './sections/namespace-list.js'
import { PEERS_SECTION } from './sections/peers.js'
import { PROGRAM_SECTION } from './sections/program.js'
import { RING_SECTION } from './sections/ring.js'
import { MAILERS_SECTION } from './sections/mailers.js'
import { RESOLVERS_SECTION } from './sections/resolvers.js'
import { TRACES_SECTION } from './sections/traces.js'
import { USERLIST_SECTION } from './sections/userlist.js'

/** All kinds of sections, in the order in which they are validated. */
export const SECTIONS: readonly Section[] = [
  GLOBAL_SECTION,
  ...PROXY_SECTIONS,
  USERLIST_SECTION,
  PROGRAM_SECTION,
  NAMESPACE_LIST_SECTION,
  LOG_PROFILE_SECTION,
  LOG_FORWARD_SECTION,
  RING_SECTION,
  ACME_SECTION,
  CACHE_SECTION,
  FCGI_APP_SECTION,
  HTTP_ERRORS_SECTION,
  CRT_STORE_SECTION,
  PEERS_SECTION,
  MAILERS_SECTION,
  RESOLVERS_SECTION,
  TRACES_SECTION,
]

/** The proxies of sections, in the order in which they are validated: after those of the text, the latest first. */
export const sectionProxies = (context: ParseContext): readonly ProxyDraft[] =>
  SECTIONS.flatMap(({ proxies }) => [...(proxies?.(context) ?? [])].reverse())

/** Sections by keyword. */
export type SectionTable = ReadonlyMap<string, Section>

/** Indexes sections by keyword. */
export const sectionTable = (sections: readonly Section[]): SectionTable =>
  new Map(sections.map((each) => [each.keyword, each]))

/** The sections of configuration files. */
export const SECTION_TABLE: SectionTable = sectionTable(SECTIONS)
