/** The section parsers by section keyword. */
import type { GapArea } from './syntax/gaps.js'
import { readGlobalLine } from './global/section.js'
import { IGNORED_SECTIONS } from './known/areas.js'
import { readCrtStoreLine } from './sections/crt-store.js'
import { readMailersLine } from './sections/mailers.js'
import { readProxyLine } from './proxy/section.js'
import { readResolversLine } from './sections/resolvers.js'
import type { SectionParser } from './parse-context.js'

/** Ignores a section that hapsim does not emulate, with one warning. */
const ignoreSection =
  (area: GapArea): SectionParser =>
  (context, line) => {
    context.markUnparsed(line)
    if (line.at(0) === context.sectionKeyword) context.notEmulated(line, `section '${line.from(0).join(' ')}'`, area)
    return 'ok'
  }

const PARSERS: ReadonlyMap<string, SectionParser> = new Map([
  ['global', readGlobalLine],
  ['crt-store', readCrtStoreLine],
  ['mailers', readMailersLine],
  ['resolvers', readResolversLine],
  ...['defaults', 'frontend', 'backend', 'listen'].map((name) => [name, readProxyLine] as const),
  ...[...IGNORED_SECTIONS].map(([name, area]) => [name, ignoreSection(area)] as const),
])

/** The parser of the section that `keyword` starts; undefined if it is not a section keyword. */
export const sectionParser = (keyword: string): SectionParser | undefined => PARSERS.get(keyword)
