/** Which sections there are and who reads them. */
import type { GapArea } from './syntax/gaps.js'
import { readGlobalLine } from './global/section.js'
import { IGNORED_SECTIONS } from './known/areas.js'
import { readCrtStoreLine } from './sections/crt-store.js'
import { readMailersLine } from './sections/mailers.js'
import { readProxyLine } from './proxy/section.js'
import { readResolversLine } from './sections/resolvers.js'
import type { SectionReader } from './reading.js'

/** A section that HAProxy has and hapsim has not: one warning for all of it. */
const passOver =
  (area: GapArea): SectionReader =>
  (reading, line) => {
    reading.markUnparsed(line)
    if (line.at(0) === reading.sectionKeyword) reading.notEmulated(line, `section '${line.from(0).join(' ')}'`, area)
    return 'ok'
  }

const READERS: ReadonlyMap<string, SectionReader> = new Map([
  ['global', readGlobalLine],
  ['crt-store', readCrtStoreLine],
  ['mailers', readMailersLine],
  ['resolvers', readResolversLine],
  ...['defaults', 'frontend', 'backend', 'listen'].map((name) => [name, readProxyLine] as const),
  ...[...IGNORED_SECTIONS].map(([name, area]) => [name, passOver(area)] as const),
])

/** The reader of the section that `keyword` begins; undefined when it begins none. */
export const sectionReader = (keyword: string): SectionReader | undefined => READERS.get(keyword)
