/** Loads the maps and ACLs that the configuration names, in the order of its text, and what HAProxy's own parts add to them. */
import type { Diagnostic } from '../../config/syntax/diagnostics.js'
import type { PatternLine } from '../../config/model/patterns.js'
import type { ProcessContext } from '../context.js'
import type { PatternReferences, PatternUse } from './references.js'

/** A process whose patterns are loaded. */
export interface PatternOwner extends Pick<ProcessContext, 'configuration'> {
  readonly patterns: PatternReferences
}

/** Conditions of the HTTP client, which every HAProxy has: they use up numbers after those of the configuration. */
const HTTP_CLIENT_ACLS = 4

/**
 * Loads what stands in the first `proxies` proxies and was not loaded yet. Returns what is wrong with it.
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

/** Adds the ACLs of HAProxy's own, which come after all others. */
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
