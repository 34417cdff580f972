/** Loads the maps and ACLs of the configuration, in its order, and those of HAProxy's internal proxies. */
import type { Diagnostic } from '../../config/syntax/diagnostics.js'
import type { PatternLine } from '../../config/model/patterns.js'
import type { ProcessContext } from '../context.js'
import type { PatternReferences, PatternUse } from './references.js'

/** A process whose patterns are loaded. */
export interface PatternOwner extends Pick<ProcessContext, 'configuration'> {
  readonly patterns: PatternReferences
}

/** The ACLs of the internal HTTP client, whose numbers follow those of the configuration. */
const HTTP_CLIENT_ACLS = 4

/**
 * Loads what the first `proxies` proxies use and is not loaded yet. Returns the errors.
 */
export const loadPatterns = (process: PatternOwner, proxies: number): readonly Diagnostic[] => {
  const diagnostics: Diagnostic[] = []
  const { patterns } = process.configuration
  let { loaded } = process.patterns
  for (; loaded < patterns.length && patterns[loaded]!.proxiesBefore <= proxies; loaded++) {
    const line = patterns[loaded]!
    const error = load(process, line)
    if (error === undefined) continue
    const text = `config : parsing [${line.place.file}:${line.place.line}] : ${line.problem}${error}.`
    diagnostics.push({ severity: 'alert', place: line.place, text })
  }
  process.patterns.loaded = loaded
  return diagnostics
}

/** Adds HAProxy's internal ACLs, which follow all others. */
export const addOwnPatterns = (process: PatternOwner): void => {
  const place = { file: 'httpclient', line: 0 }
  const use: PatternUse = { kind: 'acl', method: 'str', output: undefined, ignoreCase: false, withValues: false, place }
  for (let i = 0; i < HTTP_CLIENT_ACLS; i++) process.patterns.addInline('var', use, [String(i)])
}

const load = ({ patterns }: PatternOwner, line: PatternLine): string | undefined => {
  if (line.inline) return patterns.addInline(line.inline.criterion, line, line.inline.patterns)
  const result = patterns.load(line.file!, line)
  return 'error' in result ? result.error : undefined
}
