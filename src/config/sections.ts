/** Which sections there are and who reads them. */
import { readGlobalLine } from './global-section.js'
import { readMailersLine } from './mailers-section.js'
import { readProxyLine } from './proxy-section.js'
import { readResolversLine } from './resolvers-section.js'
import type { SectionReader } from './reading.js'

/** Sections that HAProxy has and hapsim passes over, with one warning for each. */
const PASSED_OVER: readonly string[] = [
  'acme',
  'cache',
  'crt-store',
  'fcgi-app',
  'http-errors',
  'log-forward',
  'log-profile',
  'namespace_list',
  'peers',
  'program',
  'ring',
  'traces',
  'userlist',
]

const passOver: SectionReader = (reading, line) => {
  if (line.at(0) === reading.sectionKeyword) reading.notEmulated(line, `section '${line.from(0).join(' ')}'`)
  return 'ok'
}

const READERS: ReadonlyMap<string, SectionReader> = new Map([
  ['global', readGlobalLine],
  ['mailers', readMailersLine],
  ['resolvers', readResolversLine],
  ...['defaults', 'frontend', 'backend', 'listen'].map((name) => [name, readProxyLine] as const),
  ...PASSED_OVER.map((name) => [name, passOver] as const),
])

/** The reader of the section that `keyword` begins; undefined when it begins none. */
export const sectionReader = (keyword: string): SectionReader | undefined => READERS.get(keyword)
