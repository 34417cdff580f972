/** A kind of section of the configuration, and the messages that section parsers share. */
import type { ParseContext, LineResult, SectionParser } from './parse-context.js'
import type { ProxyDraft } from './proxy/draft.js'
import type { Diagnostics } from './syntax/diagnostics.js'
import type { Line } from './syntax/line.js'

/** Validates the sections of one kind when all files are parsed. */
export type SectionCheck = (context: ParseContext, diagnostics: Diagnostics) => void

/** What a file in sections/ declares (`REGISTER_CONFIG_SECTION`). */
export interface Section {
  readonly keyword: string
  /** parses a line, the first one included */
  readonly read: SectionParser
  /** parses a line in the discovery pass; without it the section is ignored there */
  readonly discover?: SectionParser
  /** called after the last line (`post_section_parser`) */
  readonly end?: (context: ParseContext) => LineResult
  /** called first; if it reports errors, the rest of the configuration is not validated */
  readonly checkFirst?: SectionCheck
  /** called after proxies have been validated, in the order of the registry (check_config_validity) */
  readonly check?: SectionCheck
  /** the proxies of these sections, which are validated after those of the text, the latest first */
  readonly proxies?: (context: ParseContext) => readonly ProxyDraft[]
  /** called last, in the order of the registry (`REGISTER_CONFIG_POSTPARSER`) */
  readonly checkLast?: SectionCheck
}

/** Reports an error that stops parsing of the file. */
export const abort = (context: ParseContext, line: Line, message: string): 'abort' => {
  context.alert(line, message)
  return 'abort'
}
