/** Loads the patterns of the configuration, in its order, and those of HAProxy's internal proxies. */
import { UNRESOLVED } from '../../config/http-client.js'
import type { Diagnostic } from '../../config/syntax/diagnostics.js'
import type { ProcessContext } from '../context.js'
import type { PatternReferences } from './references.js'

/** A process whose patterns are loaded. */
export interface PatternOwner extends Pick<ProcessContext, 'configuration'> {
  readonly patterns: PatternReferences
}

const OCSP_ACLS = 2

/**
 * Loads what the first `proxies` proxies use and is not loaded yet. Returns the errors that the configuration did not show, as scripts use the
 * same files in another way.
 */
export const loadPatterns = (process: PatternOwner, proxies: number): readonly Diagnostic[] => {
  const diagnostics: Diagnostic[] = []
  const { patterns } = process.configuration
  let { loaded } = process.patterns
  for (; loaded < patterns.length && patterns[loaded]!.proxiesBefore <= proxies; loaded++) {
    const use = patterns[loaded]!
    const result = process.patterns.load(use)
    if (!('error' in result)) continue
    const text = `config : parsing [${use.place.file}:${use.place.line}] : ${result.error}.`
    diagnostics.push({ severity: 'alert', place: use.place, text })
  }
  process.patterns.loaded = loaded
  return diagnostics
}

/**
 * Adds the ACLs of HAProxy's internal proxy for OCSP, which follow all others. As in that of the HTTP client, two rules look for an address that
 * was not resolved (`httpclient_resolve_init`, src/http_client.c).
 */
export const addInternalPatterns = (process: PatternOwner): void => {
  if (process.configuration.httpClient?.resolves) for (let i = 0; i < OCSP_ACLS; i++) process.patterns.load(UNRESOLVED)
}
